import type { Told, Verification } from '#domain/consent/verification.ts'
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
    ...evidence.flatMap((one) => [
      ...line('evidence.type', t.source(sourceIn(extent, language))),
      ...line('evidence.time', t.recordTime(dayOf(one.time))),
      ...one.check_details.flatMap((check) => line('evidence.check_details.check_method', t.check(checkIn(check, extent, language)))),
    ]),
  ]
}

function sourceIn(extent: readonly Told[], language: Language): string {
  const t = textsOf(language).consent.verified
  const parts: Partial<Record<Told, string>> = {
    'evidence.type': t.record, 'evidence.record.type': t.register, 'evidence.record.source.name': t.registerName, 'evidence.record.source.country_code': t.country,
  }
  return extent.flatMap((path) => parts[path] ?? []).join(', ')
}

type Check = Verification['evidence'][number]['check_details'][number]

function checkIn({ check_method: method, organization, time }: Check, extent: readonly Told[], language: Language): string {
  const t = textsOf(language).consent.verified
  const by = extent.includes('evidence.check_details.organization') ? [t.by(organization)] : []
  const on = extent.includes('evidence.check_details.time') ? [t.on(dayOf(time))] : []
  return [t.methods[method], ...by, ...on].join(', ')
}

/** As it is sent, to the day (D01). */
const dayOf = (time: string): string => formatBirthDate(time.slice(0, 10))
