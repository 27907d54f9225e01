import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { interactionPlaces, places } from '#web/places.ts'
import { bullets, button, linkButton, servicePlate, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

/** Asked before it is done: what it ends, and how it is undone. */
export function lockAccountPage(view: View): Html {
  const t = textsOf(view.language).ownLock
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list)}
<form method="post" action="${places.lockAccount}">${csrfField(view)}${button(t.button)}</form>
${linkButton(textsOf(view.language).myEid.back, places.account, 'link')}`,
  })
}

export function accountLockedPage(view: View): Html {
  const t = textsOf(view.language).ownLock.done
  return page(view, { title: t.title, body: html`<h1>${t.title}</h1>\n<p class="lead">${t.text}</p>\n<p>${t.back}</p>` })
}

/** A good passkey for an account that its holder has locked: they open it here, or leave it. */
export function unlockPage(view: View, { service, uid, since }: { service: Service; uid: string; since: string }): Html {
  const t = textsOf(view.language).ownLock.unlock
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead(since)}</p>
<p>${t.caution}</p>
<form method="post" action="${interactionPlaces(uid).unlock}">${csrfField(view)}${button(t.button)}</form>
${backToService(view, service, uid)}`,
  })
}
