import type { Json } from '#kernel/canonical.ts'
import { inReadingOrder } from '#domain/client/member.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { Connection } from '#domain/connection/connection.ts'
import type { Act } from '#domain/proposal/change.ts'
import type { Difference } from '#domain/proposal/difference.ts'
import type { Decision } from '#domain/proposal/proposal.ts'
import type { ProposalState } from '#domain/proposal/search.ts'
import { html, jsonBlock, type Html, type Part } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField, type View } from '#web/page.ts'
import { consolePlaces, proposalPlaces } from '#web/place/console.ts'
import { select } from '#web/views/area.ts'
import { field } from '#web/views/field.ts'
import { button, linkButton, notice, summaryList, table } from '#web/views/parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from '#web/views/passkey-form.ts'
import { checkedBefore } from './connections.ts'
import { listedDoubts, type ListedDoubt } from './desk-chip.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'
import { addressOf, filterBy, listing, type Asked } from './listing.ts'
import { listedRoles, type ListedRole } from './many-roles.ts'
import { memberName, memberValue, roleValue } from './member.ts'

/** A proposal in words. */
export type Proposed = {
  id: string
  act: Act
  subject: string
  /** Of many roles, how many are given and ended. */
  count?: { grants: number; ends: number }
  proposer: string
  through?: string | undefined
  at: Date
  reason: string
  decision?: { is: Decision['is']; by: string; at: Date; reason?: string | undefined } | undefined
}

type AskedProposals = Asked & { tinhtrang: ProposalState; viec?: Act | undefined; doituong?: string | undefined }
type Listed = { proposed: readonly Proposed[]; all: number; asked: AskedProposals; perPage: number }

export function approvalsPage(view: AdminView, { proposed, all, asked, perPage }: Listed): Html {
  const { language } = view
  const { console: { approvals: t, acts }, listing: { proposals: words, whatever, noneSuch } } = textsOf(language)
  const { tinhtrang: state, viec, doituong } = asked
  const narrowed = (viec ?? doituong) !== undefined
  const none = narrowed ? noneSuch : state === 'waiting' ? t.noneWaiting : t.noneDecided
  const tab = (to: 'waiting' | 'decided', label: string) => {
    const at = addressOf(consolePlaces.approvals, { tinhtrang: to })
    return (state === 'waiting') === (to === 'waiting') ? html`<a href="${at}" aria-current="true"><strong>${label}</strong></a> ` : html`<a href="${at}">${label}</a> `
  }
  return adminPage(view, {
    title: t.title,
    body: html`<p class="ends">${tab('waiting', t.waiting)}${tab('decided', t.decided)}</p>
${listing(view, {
      place: consolePlaces.approvals, asked, orders: words.orders, caption: words.states[state], all, perPage, none,
      filtered: narrowed || (state !== 'waiting' && state !== 'decided'),
      fields: html`${select({ name: 'tinhtrang', label: words.state, language, value: state, choices: Object.entries(words.states).map(([value, label]) => ({ value, label })) })}
${filterBy({ name: 'viec', label: t.act, unset: whatever, value: viec, words: acts, language })}
${field({ name: 'doituong', label: words.subject, language, value: doituong, maxlength: 128, spellcheck: false })}`,
      head: state === 'waiting' ? [t.act, t.subject, t.proposer, t.at] : [t.act, t.subject, t.outcome, t.decider, t.at],
      rows: proposed.map((one) => (state === 'waiting' ? waitingRow(view, one) : [linkTo(view, one), subjectOf(view, one), one.decision && t.outcomes[one.decision.is], one.decision?.by, one.decision && formatTime(one.decision.at)])),
    })}`,
  })
}

export function approvalsInFile(view: AdminView, proposed: readonly Proposed[]) {
  const { console: { approvals: t, acts, reason }, listing: { proposals: words } } = textsOf(view.language)
  return {
    head: [words.id, t.act, t.subject, t.proposer, t.at, reason, t.outcome, t.decider, t.at],
    rows: proposed.map(({ id, act, proposer, at, reason: why, decision, ...one }) => [
      id, acts[act], subjectOf(view, one), proposer, at.toISOString(), why, decision && t.outcomes[decision.is], decision?.by, decision?.at.toISOString()]),
  }
}

const linkTo = (view: View, { id, act }: Proposed): Html => html`<a href="${proposalPlaces(id).start}">${textsOf(view.language).console.acts[act]}</a>`

/** What it is about: a name, an id, or how many. */
function subjectOf({ language }: View, { subject, count }: Pick<Proposed, 'subject' | 'count'>): string {
  return count === undefined ? subject : textsOf(language).manyRoles.subject(formatCount(count.grants, language), formatCount(count.ends, language))
}

/** What waits for a second person, each with the way to it. */
export function waitingTable(view: AdminView, waiting: readonly Proposed[]): Html {
  const { approvals: t } = textsOf(view.language).console
  return table(t.waiting, [t.act, t.subject, t.proposer, t.at], waiting.map((one) => waitingRow(view, one)))
}

const waitingRow = (view: View, one: Proposed): readonly Part[] => [linkTo(view, one), subjectOf(view, one), one.proposer, formatTime(one.at)]

export type Review = {
  proposed: Proposed
  /** What changes, member by member. */
  differences: readonly Difference[]
  /** By which claims are said in words. */
  catalogue: Catalogue
  /** The reader made it. */
  own: boolean
  /** What the reader's key is asked to sign, where they may decide. */
  options?: PublicKeyCredentialRequestOptionsJSON | undefined
  note?: PasskeyNote | undefined
  /** The request to connect that it comes from. */
  connection?: Pick<Connection, 'id' | 'checklist'> | undefined
  /** Where the reader has the secret made that this allows them. */
  collect?: string | undefined
  /** Running servers that do not have the key that is to sign. */
  lacking?: readonly string[]
  /** The roles of a list, each as it is signed. */
  listed?: readonly ListedRole[]
  /** What was read of a card that is to be doubted no more, each reading as it is signed. */
  doubts?: readonly ListedDoubt[]
  /** What is wrong with the form that was sent. */
  reasonMissing?: boolean | undefined
}

export function reviewPage(view: AdminView, { proposed, differences, catalogue, own, options, note, connection, collect, lacking = [], listed = [], doubts = [], reasonMissing = false }: Review): Html {
  const t = textsOf(view.language).console
  const { approvals } = t
  return adminPage(view, {
    title: `${t.acts[proposed.act]}: ${subjectOf(view, proposed)}`,
    script: options !== undefined,
    body: html`${summaryList([
      { label: approvals.proposer, value: proposed.proposer },
      ...(proposed.through === undefined ? [] : [{ label: approvals.through, value: html`<span class="mono">${proposed.through}</span>` }]),
      { label: approvals.at, value: formatTime(proposed.at) },
      { label: t.reason, value: proposed.reason },
      ...decidedRows(view, proposed),
    ])}
${connection && checkedBefore(view, connection)}
${differences.length > 0 && differenceTable(view, { proposed, differences, catalogue })}
${each(view, { listed, doubts })}
${lacking.length > 0 && notice('warning', textsOf(view.language).signingKeys.lackingAt(lacking.join(', ')), view.language)}
${collect !== undefined && linkButton(textsOf(view.language).clientSecrets.collectButton, collect)}
${own && proposed.decision === undefined && html`<p>${approvals.own}</p>
<form method="post" action="${proposalPlaces(proposed.id).withdraw}">${csrfField(view)}${reasonField(view, { label: approvals.withdrawReason, error: reasonMissing ? t.reasonMissing : undefined })}
${button(approvals.withdraw, { look: 'secondary' })}</form>`}
${options && decisionForms(view, { proposed, options, note, reasonMissing })}
${backTo(view, consolePlaces.approvals)}`,
  })
}

/** What stands in a list, each as it is signed. */
const each = (view: AdminView, { listed, doubts }: Required<Pick<Review, 'listed' | 'doubts'>>): Html =>
  html`${listed.length > 0 && listedRoles(view, listed)}${doubts.length > 0 && listedDoubts(view, doubts)}`

function decidedRows(view: AdminView, { id, decision }: Proposed): readonly { label: Part; value: Part }[] {
  if (decision === undefined) return []
  const { approvals, reason } = textsOf(view.language).console
  return [
    { label: approvals.outcome, value: approvals.decidedAs(approvals.outcomes[decision.is], decision.by, formatTime(decision.at)) },
    ...(decision.reason === undefined ? [] : [{ label: reason, value: decision.reason }]),
    ...(decision.is === 'approved' ? [{ label: approvals.evidence, value: html`<span class="mono">${approvals.evidenceText(id)}</span>` }] : []),
  ]
}

type Forms = { proposed: Proposed; options: PublicKeyCredentialRequestOptionsJSON; note: PasskeyNote | undefined; reasonMissing: boolean }

function decisionForms(view: AdminView, { proposed: { id }, options, note, reasonMissing }: Forms): Html {
  const { approvals, reasonMissing: missing } = textsOf(view.language).console
  const at = proposalPlaces(id)
  return html`<p>${approvals.signText}</p>
${passkeyForm(view, { action: at.approve, act: 'confirm', label: approvals.sign })}
${passkeyNotes(view, {}, note, true)}
<section><h2>${approvals.returnTitle}</h2>
<form method="post" action="${at.return}">${csrfField(view)}${reasonField(view, { label: approvals.returnReason, error: reasonMissing ? missing : undefined })}
${button(approvals.return, { look: 'secondary' })}</form></section>
${jsonBlock('passkey-options', options)}`
}

/** Member by member; of what was decided only what was proposed, for what stood there then is not kept beside it. */
function differenceTable(view: AdminView, { proposed, differences, catalogue }: Pick<Review, 'proposed' | 'differences' | 'catalogue'>): Html {
  const { console: { approvals: t }, clients } = textsOf(view.language)
  const isRole = proposed.act === 'role.grant'
  // A key is compared with what stands there; a client only while the proposal waits.
  const compares = proposed.act.startsWith('key.') || proposed.act === 'client.secret' || (proposed.act === 'client.change' && proposed.decision === undefined)
  const cell = (member: string, value: Json | undefined, beside: { other?: Json | undefined; mark?: string }) => {
    if (value === undefined) return html`<span class="quiet">${t.nothing}</span>`
    return isRole ? roleValue(view, { member, value }, proposed.subject) : memberValue(view, catalogue, { member, value, ...beside })
  }
  const rows = inReadingOrder(differences).map(({ member, before, after }) => [
    memberName(view, member, isRole ? 'role' : 'client'),
    ...(compares ? [cell(member, before, { other: after, mark: clients.removed })] : []),
    cell(member, after, compares ? { other: before, mark: clients.added } : {}),
  ])
  return table(t.difference, [t.member, ...(compares ? [t.before] : []), t.after], rows)
}
