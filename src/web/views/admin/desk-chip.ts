import { reasons } from '#domain/chip/reason.ts'
import type { Application } from '#domain/desk/application.ts'
import type { ChipStanding } from '#domain/desk/chip-standing.ts'
import type { Heard, Pairing } from '#domain/desk/reader.ts'
import { html, type Html } from '#web/html.ts'
import { formatClock, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { deskPlaces } from '#web/places.ts'
import { button, notice } from '#web/views/parts.ts'
import { qrCode } from '#web/views/qr.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'

type Shown = {
  application: Application
  /** A reader that is let in and was not heard yet. */
  pairing: Pairing | undefined
  /** Where it reads to. */
  readAt: URL
  newest: Heard | undefined
  standing: ChipStanding
}

/** The chip of one card: a code for the reader, and what came of it. */
export function chipPage(view: AdminView, shown: Shown): Html {
  const { application: { id, reference, state }, pairing, standing, newest } = shown
  const { desk: { chip: t } } = textsOf(view.language)
  return adminPage(view, {
    title: t.title(reference),
    between: [],
    ...(pairing !== undefined && { again: 3 }),
    body: html`${pairing === undefined && newest !== undefined && chipNotice(view, standing, newest)}
${pairing === undefined ? state === 'open' && pairForm(view, shown) : pairingBlock(view, shown, pairing)}
${backTo(view, deskPlaces(id).start)}`,
  })
}

function pairForm(view: AdminView, { application: { id }, newest }: Shown): Html {
  const { desk: { chip: t } } = textsOf(view.language)
  return html`<p class="lead">${t.lead}</p>
<form method="post" action="${deskPlaces(id).chip}">${csrfField(view)}${button(newest === undefined ? t.pair : t.pairAgain)}</form>`
}

function pairingBlock({ language }: AdminView, { readAt }: Shown, { code, expiresAt, is }: Pairing): Html {
  const { desk: { chip: t } } = textsOf(language)
  if (is === 'asked') return html`<p class="lead" role="status">${t.asked}</p>`
  return html`<p class="lead">${t.give(readAt.href)}</p>
<p class="match" translate="no">${code}</p>
<p>${qrCode(`${readAt.href}#${code}`, t.scanLabel)}</p>
<p role="status">${t.until(formatClock(expiresAt))}</p>`
}

/** What is to be done about the newest reading, and whether anything stands against the card. */
function chipNotice({ language }: AdminView, standing: ChipStanding, newest: Heard): Html {
  const { desk: { chip: t } } = textsOf(language)
  const last = newest.is === 'refused' && html`${notice(standing.is === 'doubtful' ? 'error' : 'warning', t.troubles[reasons[newest.reason].trouble], language)}
<p class="hint">${t.reason(formatTime(newest.at), newest.reason)}</p>`
  return html`${last}${standing.is === 'verified' && notice('info', t.verified(formatTime(standing.at)), language)}${
    standing.is === 'doubtful' && newest.is === 'refused' && newest.reason !== standing.reason && notice('error', t.doubtful(formatTime(standing.at)), language)}`
}

/** One line on the page of the application, and the way there. */
export function chipLine({ language }: AdminView, application: Pick<Application, 'id'>, standing: ChipStanding): Html {
  const { desk: { chip: t } } = textsOf(language)
  const said = standing.is === 'unread' ? t.unread : standing.is === 'verified' ? t.verified(formatTime(standing.at)) : t.doubtful(formatTime(standing.at))
  return html`<section><h2>${t.heading}</h2>
${standing.is === 'doubtful' ? notice('error', said, language) : html`<p>${said}</p>`}
<p><a href="${deskPlaces(application.id).chip}">${t.open}</a></p></section>`
}
