import { documentCheck, immigration, type Told, type Verification } from '#domain/consent/verification.ts'
import { countryName } from '#web/i18n/country.ts'
import { formatBirthDate } from '#web/i18n/format.ts'
import { textsOf, type Language } from '#web/i18n/language.ts'

type Telling = { verification: Verification; extent: readonly Told[]; language: Language }

/** How identity was proven, as far as a service is told: one line a fact, the days as they are sent. */
export function verificationInWords({ verification, extent, language }: Telling): readonly string[] {
  const t = textsOf(language).consent.verified
  const tells = (path: Told) => extent.includes(path)
  const line = (path: Told, text: string) => (tells(path) ? [text] : [])
  const { assurance_level: level, time, evidence } = verification
  return [
    ...line('trust_framework', t.framework),
    ...line('assurance_level', t.level(level.replace('level_', ''))),
    ...line('time', t.time(time === undefined ? '–' : dayOf(time))),
    ...evidence.flatMap((one) => (one.type === 'document' ? documentLines(one, { extent, language }) : recordLines(one, { extent, language }))),
  ]
}

type How = Omit<Telling, 'verification'>
type Evidence<Type extends string> = Extract<Verification['evidence'][number], { type: Type }>

function recordLines({ time, check_details: checks }: Evidence<'electronic_record'>, { extent, language }: How): readonly string[] {
  const t = textsOf(language).consent.verified
  return [
    ...(extent.includes('evidence.type') ? [t.source(sourceIn(extent, language))] : []),
    ...(extent.includes('evidence.time') ? [t.recordTime(dayOf(time))] : []),
    ...checkLines(checks, 'evidence', { extent, language }),
  ]
}

/** The number is said by its name alone: it is shown, and may be refused, where the passport itself is asked for. */
function documentLines({ check_details: checks, document_details: { issuer, date_of_expiry: expiresOn } }: Evidence<'document'>, { extent, language }: How): readonly string[] {
  const t = textsOf(language).consent.verified
  const part = (path: Told, ...text: readonly string[]) => (extent.includes(path) ? text : [])
  const parts = [
    ...part('document.document_details.type', t.passport),
    ...part('document.document_details.issuer.country_code', t.issuedBy(countryName(issuer.country_code, language))),
    ...part('document.document_details.date_of_expiry', ...(expiresOn === undefined ? [] : [t.expires(formatBirthDate(expiresOn))])),
    ...part('document.document_details.document_number', t.withNumber),
  ]
  return [...part('document.type', t.document([t.paper, ...parts].join(', '))), ...checkLines(checks, 'document', { extent, language })]
}

function checkLines(checks: readonly Check[], of: 'evidence' | 'document', { extent, language }: How): readonly string[] {
  const t = textsOf(language).consent.verified
  return extent.includes(`${of}.check_details.check_method`) ? checks.map((check) => t.check(checkIn(check, of, { extent, language }))) : []
}

function sourceIn(extent: readonly Told[], language: Language): string {
  const t = textsOf(language).consent.verified
  const parts: Partial<Record<Told, string>> = {
    'evidence.type': t.record, 'evidence.record.type': t.register, 'evidence.record.source.name': t.registerName, 'evidence.record.source.country_code': t.country,
  }
  return extent.flatMap((path) => parts[path] ?? []).join(', ')
}

type Check = Verification['evidence'][number]['check_details'][number]

function checkIn({ check_method: method, organization, time }: Check, of: 'evidence' | 'document', { extent, language }: How): string {
  const t = textsOf(language).consent.verified
  const by = extent.includes(`${of}.check_details.organization`) ? [t.by(organization)] : []
  const on = extent.includes(`${of}.check_details.time`) ? [t.on(dayOf(time))] : []
  // The immigration authority sees passports, all others see cards.
  const how = method === documentCheck && organization === immigration ? t.passportSeen : t.methods[method]
  return [how, ...by, ...on].join(', ')
}

/** As it is sent, to the day (D01). */
const dayOf = (time: string): string => formatBirthDate(time.slice(0, 10))
