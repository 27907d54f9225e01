import type { Language, Words } from './words.ts'
import { words } from './words.ts'

export type Line = { label: string; value: string; note?: string }
type Claims = Readonly<Record<string, unknown>>

/** Protocol claims (RFC 7519 §4.1, OpenID Connect Core §2) that say nothing about the person, or are shown elsewhere. */
const protocol = new Set([
  'iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'at_hash', 'c_hash', 's_hash', 'azp', 'sid', 'acr', 'amr', 'auth_time', 'verified_claims',
])

/** What was received about the person, as lines to read. Unknown claims are shown under their own name, never left out. */
export function personLines(claims: Claims, language: Language): Line[] {
  const shown = Object.entries(claims).filter(([name]) => !protocol.has(name))
  // The code for this one site means nothing to people: last.
  const own = shown.toSorted(([one], [other]) => Number(one === 'sub') - Number(other === 'sub'))
  return own.map(([name, value]) => ({ label: labelOf(name, language), value: readable(value, name, language) }))
}

/** How and when the person signed in (`acr`, `amr`, `auth_time` of OpenID Connect Core §2), in words. */
export function signInLines(token: Claims, language: Language): Line[] {
  const { level, means, when, by, notSaid, levels, methods } = words[language]
  const acr = text(token['acr'])
  const amr = Array.isArray(token['amr']) ? token['amr'].map(text) : []
  const at = Number(token['auth_time'])
  return [
    { label: level, value: acr === '' ? notSaid : pick(levels, acr), note: acr },
    ...(amr.length ? [{ label: means, value: amr.map((one) => pick(methods, one)).join(', '), note: amr.join(' ') }] : []),
    ...(at > 0 ? [{ label: when, value: timeText(at) }] : []),
    { label: by, value: text(token['iss']) },
  ]
}

/** `verified_claims` of OpenID Connect for Identity Assurance 1.0 §5: what was proven, how well, by which record. */
export function verifiedLines(claims: Claims, language: Language): Line[] {
  const all = [claims['verified_claims']].flat().filter(isRecord)
  return all.flatMap(({ verification, claims: proven }) => [
    ...(isRecord(verification) ? personLines(verification, language) : []),
    ...(isRecord(proven) ? personLines(proven, language) : []),
  ])
}

function labelOf(name: string, language: Language): string {
  return pick(words[language].claims, name)
}

function readable(value: unknown, name: string, language: Language): string {
  if (name === 'vn_personal_id') return text(value).replaceAll(/(\d{3})(?=\d)/g, '$1 ')
  if (name === 'birthdate') return text(value).split('-').toReversed().join('/')
  if (name === 'evidence') return sourcesOf(value).join(', ')
  if (name === 'updated_at') return timeText(Number(value))
  if (name === 'time') return timeText(Date.parse(text(value)) / 1000)
  if (Array.isArray(value)) return value.map((one) => readable(one, '', language)).join(', ')
  if (isRecord(value)) return text(value['formatted']) || partsOf(value, language).join(', ')
  return pick(words[language].values, text(value))
}

/** The members of a claim that is an object. Codes of offices and provinces say nothing to people. */
function partsOf(value: Claims, language: Language): string[] {
  const parts = Object.entries(value).map(([inner, one]) => readable(one, inner, language))
  return parts.filter((part) => !/^\d*$/.test(part))
}

/** Who keeps the records that were relied on (Identity Assurance 1.0 §5.4.4.2); the rest stands in the raw answer. */
function sourcesOf(evidence: unknown): string[] {
  return [evidence].flat().flatMap((one) => {
    const record = isRecord(one) && isRecord(one['record']) ? one['record'] : {}
    return isRecord(record['source']) ? [text(record['source']['name'])] : []
  })
}

/** `22/11/2026 20:41`, the time of Viet Nam. */
function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return ''
  const at = new Date(seconds * 1000)
  const shape = { timeZone: 'Asia/Ho_Chi_Minh' } as const
  return `${at.toLocaleDateString('en-GB', shape)} ${at.toLocaleTimeString('en-GB', { ...shape, timeStyle: 'short' })}`
}

function pick(table: Words['levels' | 'methods' | 'claims' | 'values'], key: string): string {
  return Object.entries(table).find(([name]) => name === key)?.[1] ?? key
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
