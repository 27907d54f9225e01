import type { Reader } from '#web/i18n/vi/in-person.ts'

/** What somebody takes with them, and where to: after "take". */
export const bring: Record<Reader, string> = {
  commune: 'your identity card to any commune or ward police office',
  immigration: 'your passport to the immigration authority',
  either: 'your identity card to any commune or ward police office (foreigners: your passport to the immigration authority)',
}

/** Where they are heard. */
export const place: Record<Reader, string> = {
  commune: 'the nearest commune or ward police office',
  immigration: 'the immigration authority',
  either: 'the nearest commune or ward police office (foreigners: the immigration authority)',
}
