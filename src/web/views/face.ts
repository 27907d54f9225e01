import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { useAnother, whoPlate, type Who } from './account.ts'
import { bullets, button, notice, withService, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

export type FaceNote = 'no-match' | 'inconclusive' | 'abandoned' | 'none'
type Face = { service: Service; uid: string; who: Who; note?: FaceNote }

/** Before the person is sent to the authority's page: why, for how long, and what happens to the picture. */
export function facePage(view: View, { service, uid, who, note }: Face): Html {
  const t = textsOf(view.language).face
  return page(view, {
    title: t.title(service.name),
    ...(note && { failed: true }),
    body: html`<h1>${withService(t.title, service)}</h1>
${note && notice('warning', t.notes[note], view.language)}
<p class="lead">${t.lead}</p>
${whoPlate(who)}
${bullets(t.list)}
<form method="post" action="${interactionPlaces(uid).face}">${csrfField(view)}${button(t.button)}</form>
${useAnother(view, { uid })}
${backToService(view, service, uid)}`,
  })
}

/** The authority has not decided yet. */
export function facePendingPage(view: View, { service, uid }: Pick<Face, 'service' | 'uid'>): Html {
  const t = textsOf(view.language).face.pending
  return page(view, {
    title: t.title,
    again: 3,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${backToService(view, service, uid)}`,
  })
}
