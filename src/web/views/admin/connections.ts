import { inReadingOrder } from '#domain/client/member.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { Checklist } from '#domain/connection/checklist.ts'
import type { Connection } from '#domain/connection/connection.ts'
import type { ReviewState } from '#domain/connection/search.ts'
import type { Deadline } from '#domain/connection/deadline.ts'
import { html, type Html, type Part } from '#web/html.ts'
import { formatBirthDate, formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, type View } from '#web/page.ts'
import { consolePlaces, proposalPlaces, reviewPlaces } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { field } from '#web/views/field.ts'
import { checklistTable, serviceOf } from '#web/views/developer/connections.ts'
import { button, notice, summaryList, table } from '#web/views/parts.ts'
import { adminPage, backTo, momentCell, reasonField, type AdminView } from './frame.ts'
import { listing, type Asked } from './listing.ts'
import { memberName, memberValue } from './member.ts'

export type Waiting = { connection: Connection; deadline: Deadline }

type AskedReviews = Asked & { tim?: string | undefined; tinhtrang: ReviewState; to?: string | undefined }
type Listed = { rows: readonly Waiting[]; all: number; asked: AskedReviews; perPage: number }

export function reviewsPage(view: AdminView, { rows, all, asked, perPage }: Listed): Html {
  const { language } = view
  const { goingLive: { review: t, request }, listing: { connections: words, noneSuch } } = textsOf(language)
  const plain = asked.tinhtrang === 'waiting' && (asked.tim ?? asked.to) === undefined
  return adminPage(view, {
    title: t.title,
    body: listing(view, {
      place: consolePlaces.reviews, asked, orders: words.orders, caption: words.states[asked.tinhtrang], all, perPage, none: plain ? t.none : noneSuch, filtered: !plain,
      fields: html`${field({ name: 'tim', label: words.text, language, value: asked.tim, maxlength: 100, spellcheck: false })}
${select({ name: 'tinhtrang', label: request.state, language, value: asked.tinhtrang, choices: Object.entries(words.states).map(([value, label]) => ({ value, label })) })}
${field({ name: 'to', label: words.sector, language, value: asked.to, maxlength: 63, spellcheck: false })}`,
      head: [request.service, t.organisation, request.state, t.submitted, t.age, t.due],
      rows: rows.map((one) => [
        linkTo(one), one.connection.sector, request.states[one.connection.state], one.connection.submittedAt && momentCell(one.connection.submittedAt),
        ...(isUnanswered(one) ? [t.days(formatCount(one.deadline.age, language)), due(view, one.deadline)] : ['', '']),
      ]),
    }),
  })
}

const isUnanswered = ({ connection: { state } }: Waiting): boolean => state === 'submitted' || state === 'proposed'

export function reviewsInFile(view: AdminView, rows: readonly Waiting[]) {
  const { goingLive: { review: t, request }, listing: { connections: words } } = textsOf(view.language)
  return {
    head: [words.id, request.service, t.organisation, t.tried, request.state, t.submitted, t.due, t.overdue],
    rows: rows.map((one) => {
      const { connection: { id, sector, tried, state, submittedAt }, deadline: { dueOn, overdue } } = one
      return [id, serviceOf(one.connection), sector, tried, request.states[state], submittedAt?.toISOString(), ...(isUnanswered(one) ? [dueOn, overdue ? words.yes : words.no] : ['', ''])]
    }),
  }
}

const linkTo = ({ connection }: Waiting): Html => html`<a href="${reviewPlaces(connection.id).start}">${serviceOf(connection)}</a>`

/** Requests to connect, each with its clock and the way to it. */
export function reviewsTable(view: AdminView, waiting: readonly Waiting[], caption: string): Html {
  const t = textsOf(view.language).goingLive
  return table(caption, [t.request.service, t.review.organisation, t.review.age, t.review.due], waiting.map(({ connection, deadline }) => [
    linkTo({ connection, deadline }), connection.sector,
    t.review.days(formatCount(deadline.age, view.language)), due(view, deadline)]))
}

/** `late`: at most so many as are read at once. */
export type Overdue = { days: number; late: readonly Waiting[] }

/** What the law wants answered by now, with the way to where it waits; nothing where there is none. */
export function overdueTable({ language }: View, { days, late }: Overdue): Html {
  if (late.length === 0) return html``
  const { overdue: t, goingLive: { request, review } } = textsOf(language)
  const title = t.title(formatCount(late.length, language), formatCount(days, language))
  return html`<section>${notice('warning', title, language)}${table(title, [request.service, review.organisation, t.waitsFor, t.due], late.map(({ connection, deadline: { dueOn } }) => {
    const proposed = connection.state === 'proposed' ? connection.proposal : undefined
    const to = proposed === undefined ? reviewPlaces(connection.id).start : proposalPlaces(proposed).start
    return [html`<a href="${to}">${serviceOf(connection)}</a>`, connection.sector, t.waits[proposed === undefined ? 'submitted' : 'proposed'], formatBirthDate(dueOn)]
  }))}</section>`
}

function due(view: View, { dueOn, overdue }: Deadline): Part {
  return html`${formatBirthDate(dueOn)}${overdue && html` <strong>${textsOf(view.language).goingLive.review.overdue}</strong>`}`
}

export type ReviewPage = {
  connection: Connection
  /** The digest of the entry as it is shown. */
  seen: string
  deadline: Deadline | undefined
  fault: string | undefined
  checklist: Checklist | undefined
  /** The reader may act now. */
  acts: boolean
  own: boolean
  /** By which claims are said in words. */
  catalogue: Catalogue
  reasonMissing?: 'return' | 'propose' | undefined
  unready?: boolean | undefined
  /** What was said was about an entry that was another. */
  changed?: boolean | undefined
}

export function connectionReviewPage(view: AdminView, { connection, seen, deadline, fault, checklist, acts, own, catalogue, reasonMissing, unready = false, changed = false }: ReviewPage): Html {
  const { request: t, review } = textsOf(view.language).goingLive
  return adminPage(view, {
    title: serviceOf(connection),
    failed: reasonMissing !== undefined || unready || changed,
    body: html`${summaryList([
      { label: t.state, value: t.states[connection.state] },
      ...(connection.submittedAt ? [{ label: review.submitted, value: formatTime(connection.submittedAt) }] : []),
      ...(deadline && connection.state === 'submitted' ? [{ label: review.due, value: due(view, deadline) }] : []),
      { label: review.tried, value: html`<span class="mono">${connection.tried}</span>` },
      ...(connection.review ? [{ label: textsOf(view.language).console.reason, value: connection.review.reason }] : []),
    ])}
${own && notice('info', review.own, view.language)}
${inTheWay(view, { fault, unready, changed })}
${checklist && checklistTable(view, checklist)}
<section><h2>${review.content}</h2>
${summaryList(inReadingOrder(Object.entries(connection.entry).flatMap(([member, value]) => (value === undefined ? [] : [{ member, value }]))).map((one) => (
      { label: memberName(view, one.member), value: memberValue(view, catalogue, one) })))}</section>
${acts && forms(view, { id: connection.id, seen, missing: reasonMissing })}
${connection.proposal && backTo(view, proposalPlaces(connection.proposal).start, textsOf(view.language).console.approvals.title)}
${backTo(view, consolePlaces.reviews)}`,
  })
}

/** Why what was said is not done. */
function inTheWay(view: AdminView, { fault, unready, changed }: Pick<ReviewPage, 'fault' | 'unready' | 'changed'>): Html {
  const { request, review } = textsOf(view.language).goingLive
  return html`${changed === true && notice('error', review.changed, view.language)}
${unready === true && notice('error', review.unready, view.language)}
${fault !== undefined && notice('error', request.faulty(fault), view.language)}`
}

function forms(view: AdminView, { id, seen, missing }: Pick<ReviewPage, 'seen'> & { id: string; missing: ReviewPage['reasonMissing'] }): Html {
  const { review } = textsOf(view.language).goingLive
  const { reasonMissing } = textsOf(view.language).console
  const at = reviewPlaces(id)
  const read = html`<input type="hidden" name="seen" value="${seen}">`
  return html`<section><h2>${review.proposeTitle}</h2><form method="post" action="${at.propose}">${csrfField(view)}${read}
${reasonField(view, { name: 'why', error: missing === 'propose' ? reasonMissing : undefined })}${button(review.propose)}</form></section>
<section><h2>${review.returnTitle}</h2><form method="post" action="${at.return}">${csrfField(view)}${read}
${reasonField(view, { label: review.returnReason, error: missing === 'return' ? reasonMissing : undefined })}${button(review.return, { look: 'secondary' })}</form></section>`
}

/** On the page of a proposal: what was looked at before it was made. */
export function checkedBefore(view: View, { id, checklist }: Pick<Connection, 'id' | 'checklist'>): Part {
  const { review } = textsOf(view.language).goingLive
  return html`${checklist && checklistTable(view, checklist, review.atProposal)}<p><a href="${reviewPlaces(id).start}">${review.toRequest}</a></p>`
}
