import type { AccountLevel } from '#domain/assurance/level.ts'
import { html, type Html } from '#web/html.ts'
import { formatCount } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, page, type View } from '#web/page.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { places } from '#web/place/citizen.ts'
import { button, levelBadge, linkButton, summaryList } from './parts.ts'
import { heldNotice } from './cancel-recovery.ts'
import { keyList, type Accepted, type KeyShown } from './own-passkey.ts'

export type AccountHome = {
  name: string
  /** With the middle hidden: there may be somebody behind. */
  number: string
  level: AccountLevel
  lastSignIn: string
  /** How many requests wait for an answer. */
  waiting: number
  /** Until when the account is held after a recovery. */
  held?: string | undefined
  keys: readonly KeyShown[]
  accepted: Accepted
}

/** "My e-ID". What waits for an answer comes first, for that is what most people are here for. */
export function accountPage(view: View, { name, number, level, lastSignIn, waiting, held, keys, accepted }: AccountHome): Html {
  const t = textsOf(view.language).myEid
  return page(view, {
    title: t.title,
    script: true,
    body: html`<h1>${t.title}</h1>
${held !== undefined && heldNotice(view, held)}
${
  waiting === 0
    ? html`<p class="lead">${t.noneWaiting}</p>`
    : html`<p class="lead"><strong>${t.waiting(formatCount(waiting, view.language))}</strong></p>`
}
${waiting === 0 ? linkButton(t.lookForRequests, places.requests, 'secondary') : linkButton(t.toRequests, places.requests)}
${summaryList([
      { label: t.name, value: html`<span lang="vi">${name}</span> ${levelBadge(level, view.language)}` },
      { label: t.number, value: number },
      { label: t.lastSignIn, value: lastSignIn },
    ])}
${keyList(view, keys, accepted)}
<p class="ends">${linkButton(textsOf(view.language).audit.history.link, places.history, 'link')}
${linkButton(textsOf(view.language).notices.link, places.notices, 'link')}
${linkButton(textsOf(view.language).ownContact.link, places.contacts, 'link')}
${linkButton(textsOf(view.language).acting.wards.link, places.wards, 'link')}
${linkButton(textsOf(view.language).organisation.link, places.organisations, 'link')}
${linkButton(textsOf(view.language).recoveryCodes.link, places.recoveryCodes, 'link')}
${linkButton(textsOf(view.language).ownLock.link, places.lockAccount, 'link')}
${linkButton(t.signOut, protocolRoutes.end_session, 'link')}
${linkButton(t.everywhere.link, places.signOutEverywhere, 'link')}</p>`,
  })
}

/** Where a sign-in to our own pages ends that was not finished. */
export function notSignedInPage(view: View): Html {
  const t = textsOf(view.language).myEid.notSignedIn
  return page(view, {
    title: t.title,
    body: html`<h1>${t.title}</h1>
<p class="lead">${t.text}</p>
${linkButton(t.again, places.account)}`,
  })
}

/** Asked before it is done: it ends what the person is doing elsewhere too. */
export function signOutEverywherePage(view: View): Html {
  const t = textsOf(view.language).myEid
  return page(view, {
    title: t.everywhere.title,
    body: html`<h1>${t.everywhere.title}</h1>
<p class="lead">${t.everywhere.text}</p>
<form method="post" action="${places.signOutEverywhere}">${csrfField(view)}${button(t.everywhere.button)}</form>
${linkButton(t.back, places.account, 'link')}`,
  })
}

export function signedOutEverywherePage(view: View): Html {
  const t = textsOf(view.language).myEid.everywhere
  return page(view, { title: t.done, body: html`<h1>${t.done}</h1>\n<p class="lead">${t.doneText}</p>` })
}
