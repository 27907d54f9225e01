import type { Fetches, KeyToKnow } from '#domain/signing-key/fetched.ts'
import { daysWatched, type KeySetStanding } from '#domain/signing-key/watch.ts'
import { html, type Html } from '#web/html.ts'
import { formatCount, formatTime } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'
import { notice } from './parts.ts'

/** Whether the servers of a service have the key that it has to know, and what to do where they do not. */
export function keySetPart(standing: KeySetStanding, language: Language): Html {
  const { keySet: t } = textsOf(language)
  return html`<section><h2>${t.title}</h2>${standing.is === 'judged' ? judgedPart(standing, language) : html`<p>${t.states[standing.is]}</p>`}</section>`
}

function judgedPart({ key, fetches }: Extract<KeySetStanding, { is: 'judged' }>, language: Language): Html {
  const { keySet: t } = textsOf(language)
  const hint = html`<p class="hint">${t.unseen}</p>`
  if (fetches.is === 'unknown') return html`<p>${about(key, language)} ${fetches.why === 'no-calls' ? t.states['no-calls'](formatCount(daysWatched, language)) : t.states['not-watched']}</p>`
  if (fetches.is === 'fetched') return html`${notice('success', `${about(key, language)} ${t.fetched(formatTime(fetches.at))}`, language)}
${fetches.from < fetches.of && html`<p>${t.partly(formatCount(fetches.from, language), formatCount(fetches.of, language))}</p>`}${hint}`
  return html`${notice('warning', `${about(key, language)} ${missing(fetches, language)} ${outcome(key, language)}`, language)}<p>${t.todo}</p>${hint}`
}

function about({ signs, signsFrom, publishedAt }: KeyToKnow, language: Language): string {
  const { keySet: { key: t } } = textsOf(language)
  const published = formatTime(publishedAt)
  if (signs) return t.signs(published)
  return signsFrom === undefined ? t.staged(published) : t.planned(formatTime(signsFrom), published)
}

function missing(fetches: Extract<Fetches, { is: 'not-since' | 'never' }>, language: Language): string {
  const { keySet: t } = textsOf(language)
  return fetches.is === 'never' ? t.missingAlways : t.missing(formatTime(fetches.at))
}

function outcome({ signs, signsFrom }: KeyToKnow, language: Language): string {
  const { keySet: t } = textsOf(language)
  if (signs) return t.works
  return signsFrom === undefined ? '' : t.breaks(formatTime(signsFrom))
}
