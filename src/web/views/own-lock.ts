import { html, type Html } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { Reader } from '#web/i18n/vi/in-person.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { places } from '#web/place/citizen.ts'
import { interactionPlaces } from '#web/place/interaction.ts'
import { bullets, button, linkButton, servicePlate, type Service } from './parts.ts'
import { backToService } from './sign-in.ts'

type AtDoor = { service: Service; uid: string; reader: Reader }

/** Asked before it is done: what it ends, and how it is undone. */
export function lockAccountPage(view: View, reader: Reader): Html {
  const t = textsOf(view.language).ownLock
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list(reader))}
<form method="post" action="${places.lockAccount}">${csrfField(view)}${button(t.button)}</form>
${linkButton(textsOf(view.language).myEid.back, places.account, 'link')}`,
  })
}

export function accountLockedPage(view: View): Html {
  const t = textsOf(view.language).ownLock.done
  return page(view, { title: t.title, body: html`<h1>${t.title}</h1>\n<p class="lead">${t.text}</p>\n<p>${t.back}</p>` })
}

/** Somebody has asked that an account be opened that was closed as lost: from when on it does, and what is faster. */
export function opensLaterPage(view: View, { service, uid, reader, opensAt }: AtDoor & { opensAt: string }): Html {
  const { later: t } = textsOf(view.language).ownLock
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead(opensAt)}</p>
${bullets(t.list(reader))}
${backToService(view, service, uid)}`,
  })
}

/** A good passkey for an account that its holder has locked: they open it here, or leave it. */
export function unlockPage(view: View, { service, uid, reader, since, lost, opensAt }: AtDoor & { since: string; /** Closed as lost, and not to be opened yet. */ lost?: 'ask' | 'waits' | undefined; /** When, where somebody has asked. */ opensAt?: string | undefined }): Html {
  const { unlock: t } = textsOf(view.language).ownLock
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${lost === undefined ? t.lead(since) : opensAt === undefined ? t.lost(since) : t.lostUntil(since, opensAt)}</p>
<p>${lost === undefined ? t.caution(reader) : t.lostCaution(reader)}</p>
<form method="post" action="${interactionPlaces(uid).unlock}">${csrfField(view)}${button(lost === undefined ? t.button : t.buttons[lost])}</form>
${backToService(view, service, uid)}`,
  })
}

/** Somebody came back with a printed code, and here is a passkey of before: whoever holds it may say that it was not them. */
export function objectPage(view: View, { service, uid, reader }: AtDoor): Html {
  const { object: t } = textsOf(view.language).ownLock
  return page(view, {
    title: t.title,
    body: html`${servicePlate(service)}
<h1>${t.title}</h1>
<p class="lead">${t.lead}</p>
${bullets(t.list(reader))}
<form method="post" action="${interactionPlaces(uid).object}">${csrfField(view)}${button(t.button, { look: 'danger' })}</form>
${backToService(view, service, uid)}`,
  })
}
