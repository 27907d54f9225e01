import { isChipReason, reasons } from '#domain/chip/reason.ts'
import type { Application } from '#domain/desk/application.ts'
import type { ChipStanding } from '#domain/desk/chip-standing.ts'
import type { Heard, Pairing } from '#domain/desk/reader.ts'
import { deskRules } from '#domain/desk/rules.ts'
import { html, type Html } from '#web/html.ts'
import { formatClock, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { deskPlaces } from '#web/place/console.ts'
import { bullets, button, notice, table } from '#web/views/parts.ts'
import { qrCode } from '#web/views/qr.ts'
import { adminPage, backTo, reasonField, whole, type AdminView } from './frame.ts'

type Shown = {
  application: Application
  /** A reader that is let in and was not heard yet. */
  pairing: Pairing | undefined
  /** Until when the reader of another officer may be heard, which is reading the card. */
  elsewhere: Date | undefined
  /** Where it reads to; nowhere where no chip is read any more. */
  readAt: URL | undefined
  newest: Heard | undefined
  standing: ChipStanding
  /** Somebody has asked that what stands against the card is ended. */
  asked: boolean
  reasonMissing: boolean
}

/** The chip of one card: a code for the reader, what came of it, and what stands against the card. */
export function chipPage(view: AdminView, shown: Shown): Html {
  const { application: { id, reference, state }, pairing, readAt, standing, newest } = shown
  const { desk: { chip: t } } = textsOf(view.language)
  const reads = state === 'open' && readAt !== undefined
  return adminPage(view, {
    title: t.title(reference),
    failed: shown.reasonMissing,
    between: [],
    ...((pairing ?? shown.elsewhere) !== undefined && { again: 3 }),
    body: html`${pairing === undefined && newest !== undefined && chipNotice(view, standing, newest)}
${pairing !== undefined && readAt !== undefined ? pairingBlock(view, readAt, pairing) : reads && pairForm(view, shown)}
${pairing === undefined && standing.is === 'doubtful' && doubtBlock(view, shown, standing)}
${backTo(view, deskPlaces(id).start)}`,
  })
}

/** What stands against the card, of whichever application, and how it ends. */
function doubtBlock(view: AdminView, { application: { id }, asked, reasonMissing }: Shown, { doubts }: Extract<ChipStanding, { is: 'doubtful' }>): Html {
  const { desk: { chip: t }, console: { reasonMissing: missing } } = textsOf(view.language)
  return html`<section><h2>${t.doubts}</h2>
${bullets(doubts.map(({ at, reason, reference, commune }) => t.doubtAt({ at: formatTime(at), reference, commune, reason })))}
<p>${t.doubtEnds(deskRules.doubts['other-card'].hours)}</p>
${asked ? notice('info', t.endAsked, view.language) : html`<form method="post" action="${deskPlaces(id).doubt}">${csrfField(view)}${reasonField(view, { label: t.endReason, error: reasonMissing ? missing : undefined })}
${button(t.askEnd, { look: 'secondary' })}</form>`}</section>`
}

/** A reading that is to speak against a card no more, as the second person reads of it. */
export type ListedDoubt = { at: Date; chip: string; reference: string; commune: string; name: string }

export function listedDoubts({ language }: AdminView, all: readonly ListedDoubt[]): Html {
  const { desk: { reference, place, chip: t } } = textsOf(language)
  const what = (chip: string) => (isChipReason(chip) ? html`${t.troubles[reasons[chip].trouble]} <span class="mono">${chip}</span>` : chip)
  return table(t.doubts, [t.readOn, t.found, reference, place, t.readBy], all.map(({ at, chip, reference: of, commune, name }) => [formatTime(at), what(chip), whole(of), commune, name]))
}

function pairForm(view: AdminView, { application: { id }, newest, elsewhere }: Shown): Html {
  const { desk: { chip: t } } = textsOf(view.language)
  if (elsewhere !== undefined) return html`<p class="lead" role="status">${t.elsewhere(formatClock(elsewhere))}</p>`
  return html`<p class="lead">${t.lead}</p>
<form method="post" action="${deskPlaces(id).chip}">${csrfField(view)}${button(newest === undefined ? t.pair : t.pairAgain)}</form>`
}

function pairingBlock({ language }: AdminView, readAt: URL, { code, expiresAt, is }: Pairing): Html {
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
    standing.is === 'doubtful' && (newest.is === 'verified' || newest.reason !== standing.reason) && notice('error', t.doubtful(formatTime(standing.at)), language)}`
}

/** One line on the page of the application, and the way there. */
export function chipLine({ language }: AdminView, application: Pick<Application, 'id'>, standing: ChipStanding): Html {
  const { desk: { chip: t } } = textsOf(language)
  const said = standing.is === 'unread' ? t.unread : standing.is === 'verified' ? t.verified(formatTime(standing.at)) : t.doubtful(formatTime(standing.at))
  return html`<section><h2>${t.heading}</h2>
${standing.is === 'doubtful' ? notice('error', said, language) : html`<p>${said}</p>`}
<p><a href="${deskPlaces(application.id).chip}">${standing.is === 'doubtful' ? t.openDoubt : t.open}</a></p></section>`
}
