import { lookUpGrounds } from '#domain/audit/case.ts'
import type { Recorded } from '#domain/audit/trail.ts'
import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { errorSummary, field, radioList, type FieldFault } from '#web/views/field.ts'
import { button, linkButton } from '#web/views/parts.ts'
import { eventTable, type Named } from './audit.ts'
import { adminPage, backTo, type AdminView } from './frame.ts'

type Form = { typed: { whom?: string; case?: string; ground?: string }; faults: readonly FieldFault[] }

export function lookUpPage(view: AdminView, { typed, faults }: Form): Html {
  const t = textsOf(view.language).audit.lookUp
  const { language } = view
  const error = (name: string) => faults.find((fault) => fault.field === name)?.message
  return adminPage(view, {
    title: t.title,
    failed: faults.length > 0,
    script: faults.length > 0,
    body: html`<p class="lead">${t.lead}</p>
${errorSummary(faults, language)}
<form method="post" action="${consolePlaces.auditLookUp}">${csrfField(view)}
${field({ name: 'whom', label: t.whom, language, value: typed.whom, error: error('whom'), maxlength: 64, spellcheck: false, autocomplete: 'off' })}
${field({ name: 'case', label: t.case, hint: t.caseHint, language, value: typed.case, error: error('case'), maxlength: 128, spellcheck: false, autocomplete: 'off' })}
${radioList('ground', t.ground, lookUpGrounds.map((value) => ({ value, label: t.grounds[value], checked: typed.ground === value })))}
${button(t.button)}</form>
${backTo(view, consolePlaces.audit)}`,
  })
}

type Results = { case: string; until: Date; rows: readonly Recorded[]; named: readonly Named[]; older: string | undefined }

export function lookUpResultsPage(view: AdminView, { case: number, until, rows, named, older }: Results): Html {
  const t = textsOf(view.language).audit
  return adminPage(view, {
    title: t.lookUp.results(number),
    body: html`<p class="lead">${t.lookUp.until(formatTime(until))}</p>
${eventTable(view, rows, named)}
${older !== undefined && linkButton(t.older, older, 'secondary')}
${backTo(view, consolePlaces.auditLookUp)}`,
  })
}
