import { readiness, type SealedKey } from '#domain/break-glass/key.ts'
import { html, type Html } from '#web/html.ts'
import { formatTime } from '#web/i18n/format.ts'
import { textsOf } from '#web/i18n/language.ts'
import { csrfField } from '#web/page.ts'
import { consolePlaces } from '#web/place/console.ts'
import { errorSummary } from '#web/views/field.ts'
import { button, notice, summaryList } from '#web/views/parts.ts'
import { adminPage, reasonField, type AdminView } from './frame.ts'

export type Readiness = ReturnType<typeof readiness>

/** On the first page, where the emergency could not be met now. */
export function emergencyNotice({ language }: AdminView, state: Readiness): Html | false {
  const t = textsOf(language).breakGlass
  return state !== 'ready' && html`${notice('warning', t.states[state], language)}<p><a href="${consolePlaces.breakGlass}">${t.toPage}</a></p>`
}

type Emergency = { key: SealedKey | undefined; proposes: boolean; reasonMissing?: boolean }

export function breakGlassPage(view: AdminView, { key, proposes, reasonMissing = false }: Emergency): Html {
  const { breakGlass: t, console: { reasonMissing: missing } } = textsOf(view.language)
  const state = readiness(key, view.at)
  const faults = reasonMissing ? [{ field: 'reason', message: missing }] : []
  return adminPage(view, {
    title: t.title,
    failed: reasonMissing,
    script: reasonMissing,
    body: html`<p class="lead">${t.lead}</p>
${notice(state === 'ready' ? 'info' : 'warning', t.states[state], view.language)}
${key && summaryList([
  { label: t.sealedAt, value: formatTime(key.sealedAt) },
  { label: t.drilledAt, value: key.drilledAt === undefined ? t.never : formatTime(key.drilledAt) },
  { label: t.spentAt, value: key.spentAt === undefined ? t.none : formatTime(key.spentAt) },
])}
${proposes && html`<section><h2>${t.proposeTitle}</h2><p>${t.proposeText}</p><p class="mono">${t.command}</p>
${errorSummary(faults, view.language)}
<form method="post" action="${consolePlaces.breakGlass}">${csrfField(view)}${reasonField(view, { error: faults[0]?.message })}${button(t.submit)}</form></section>`}`,
  })
}
