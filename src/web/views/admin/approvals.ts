import type { Json } from '#kernel/canonical.ts'
import type { Act } from '#domain/proposal/change.ts'
import type { Difference } from '#domain/proposal/difference.ts'
import type { Decision } from '#domain/proposal/proposal.ts'
import { html, jsonBlock, type Html, type Part } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { places, proposalPlaces } from '#web/places.ts'
import { button, summaryList, table } from '#web/views/parts.ts'
import { passkeyForm, passkeyNotes, type PasskeyNote } from '#web/views/passkey-form.ts'
import { adminPage, backTo, reasonField, type AdminView } from './frame.ts'

/** A proposal in words. */
export type Proposed = {
  id: string
  act: Act
  subject: string
  proposer: string
  at: Date
  reason: string
  decision?: { is: Decision['is']; by: string; at: Date; reason?: string | undefined } | undefined
}

type Lists = { waiting: readonly Proposed[]; decided: readonly Proposed[] }

export function approvalsPage(view: AdminView, { waiting, decided }: Lists): Html {
  const t = textsOf(view.language).console
  const { approvals } = t
  const link = ({ id, act }: Proposed) => html`<a href="${proposalPlaces(id).start}">${t.acts[act]}</a>`
  return adminPage(view, {
    title: approvals.title,
    body: html`${
      waiting.length === 0
        ? html`<p class="lead">${approvals.noneWaiting}</p>`
        : table(approvals.waiting, [approvals.act, approvals.subject, approvals.proposer, approvals.at], waiting.map((one) => [link(one), one.subject, one.proposer, formatTime(one.at)]))
    }
${
      decided.length === 0
        ? html`<p>${approvals.noneDecided}</p>`
        : table(approvals.decided, [approvals.act, approvals.subject, approvals.outcome, approvals.decider, approvals.at], decided.map((one) => [
          link(one), one.subject, one.decision && approvals.outcomes[one.decision.is], one.decision?.by, one.decision && formatTime(one.decision.at)]))
    }`,
  })
}

export type Review = {
  proposed: Proposed
  /** What changes, member by member. */
  differences: readonly Difference[]
  /** The reader made it. */
  own: boolean
  /** What the reader's key is asked to sign, where they may decide. */
  options?: PublicKeyCredentialRequestOptionsJSON | undefined
  note?: PasskeyNote | undefined
  /** What is wrong with the form that was sent. */
  reasonMissing?: boolean | undefined
}

export function reviewPage(view: AdminView, { proposed, differences, own, options, note, reasonMissing = false }: Review): Html {
  const t = textsOf(view.language).console
  const { approvals } = t
  return adminPage(view, {
    title: `${t.acts[proposed.act]}: ${proposed.subject}`,
    script: options !== undefined,
    body: html`${summaryList([
      { label: approvals.proposer, value: proposed.proposer },
      { label: approvals.at, value: formatTime(proposed.at) },
      { label: t.reason, value: proposed.reason },
      ...decidedRows(view, proposed),
    ])}
${differences.length > 0 && table(approvals.difference, [approvals.member, approvals.before, approvals.after], differences.map(({ member, before, after }) =>
      [html`<span class="mono">${member}</span>`, shown(before, approvals.nothing), shown(after, approvals.nothing)]))}
${own && proposed.decision === undefined && html`<p>${approvals.own}</p>
<form method="post" action="${proposalPlaces(proposed.id).withdraw}">${csrfField(view)}${button(approvals.withdraw, { look: 'secondary' })}</form>`}
${options && decisionForms(view, { proposed, options, note, reasonMissing })}
${backTo(view, places.approvals)}`,
  })
}

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
${passkeyNotes(view, {}, note)}
<section><h2>${approvals.returnTitle}</h2>
<form method="post" action="${at.return}">${csrfField(view)}${reasonField(view, { label: approvals.returnReason, error: reasonMissing ? missing : undefined })}
${button(approvals.return, { look: 'secondary' })}</form></section>
${jsonBlock('passkey-options', options)}`
}

/** Text as it is, lists line by line, everything else as JSON: nothing is left out, for this is what is signed. */
function shown(value: Json | undefined, nothing: string): Part {
  if (value === undefined) return html`<span class="quiet">${nothing}</span>`
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return html`<ul class="list plain">${value.map((item) => html`<li>${item}</li>`)}</ul>`
  return html`<pre class="mono">${JSON.stringify(value, null, 1)}</pre>`
}
