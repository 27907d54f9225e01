import { z } from 'zod'
import file from '#config/desk.json' with { type: 'json' }
import calendarFile from '#config/working-days.json' with { type: 'json' }
import type { ChipTrouble } from '#domain/chip/reason.ts'

/** What somebody comes to a desk for: level 2, or their account back after every passkey was lost. */
export const purposes = ['level-2', 'recovery'] as const
export type Purpose = (typeof purposes)[number]

/** What shows who somebody is, or that who acts for them was there. The officer says what they saw; the chip and the passkeys show themselves. */
export const evidenceKinds = ['card-seen', 'passport-seen', 'biometrics-taken', 'face-compared', 'representative-seen', 'chip-verified', 'passkey', 'representative-passkey'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

/** What an officer says they saw or did. */
export const seenKinds = ['card-seen', 'passport-seen', 'biometrics-taken', 'face-compared', 'representative-seen'] as const satisfies readonly EvidenceKind[]
export type SeenKind = (typeof seenKinds)[number]

/** Why a desk says no; a closed list, for the person reads it. */
export const deskRefusals = ['not-the-person', 'card-doubtful', 'data-differ', 'withdrawn'] as const
export type DeskRefusal = (typeof deskRefusals)[number]

/** How an application ended without what was wanted: refused, or by itself. */
export const deskEndings = [...deskRefusals, 'lapsed'] as const
export type DeskEnding = (typeof deskEndings)[number]

/** Why a desk goes on with what is open in another commune. */
export const takeOvers = ['came-here', 'left-open', 'desk-closed'] as const
export type TakeOver = (typeof takeOvers)[number]

/** What is found out about a chip that speaks against the card. */
export const doubtKinds = ['forged', 'copied', 'out-of-force', 'other-card'] as const satisfies readonly ChipTrouble[]
export const isDoubtKind = (trouble: ChipTrouble): trouble is (typeof doubtKinds)[number] => doubtKinds.some((kind) => kind === trouble)

/** How each ends beside what two officers decide: not at all, once the register has a card that was issued after it, or after so many hours. */
const doubts = z.strictObject({
  forged: z.strictObject({ source: z.string() }),
  copied: z.strictObject({ source: z.string() }),
  'out-of-force': z.strictObject({ source: z.string(), newerCard: z.literal(true) }),
  'other-card': z.strictObject({ source: z.string(), hours: z.int().positive() }),
} satisfies Record<(typeof doubtKinds)[number], z.ZodType>)

/** Whether the immigration authority has face and fingerprints of a foreigner. */
export const biometrics = ['on-record', 'missing'] as const
export type Biometrics = (typeof biometrics)[number]

/** Which clock of the law runs. */
export const clockKinds = [...purposes, 'biometrics-missing'] as const
export type ClockKind = (typeof clockKinds)[number]

const time = z.string().regex(/^\d\d:\d\d$/)

const level2 = z.array(z.enum(evidenceKinds)).min(1).readonly()

/** `config/desk.json`. */
export const deskRulesSchema = z.strictObject({
  code: z.strictObject({ about: z.string(), lifeMinutes: z.int().positive(), answerMinutes: z.int().positive() }),
  reader: z.strictObject({ about: z.string(), lifeMinutes: z.int().positive() }),
  doubts,
  proofing: z.strictObject({ source: z.string(), level2, foreigner: z.strictObject({ source: z.string(), level2 }), represented: z.strictObject({ source: z.string(), insteadOfPasskey: level2 }) }),
  immigration: z.strictObject({ source: z.string(), offices: z.array(z.string().min(1)).min(1).readonly() }),
  clocks: z.record(z.enum(clockKinds), z.strictObject({ source: z.string(), workingDays: z.int().positive() })),
  lapse: z.strictObject({ about: z.string(), workingDays: z.int().positive() }),
  night: z.strictObject({ about: z.string(), from: time, until: time }),
})
export type DeskRules = z.output<typeof deskRulesSchema>

/** `config/working-days.json`. */
export const calendarSchema = z.strictObject({
  about: z.string(), source: z.string(),
  weekdays: z.array(z.int().min(1).max(7)).min(1).readonly(),
  holidays: z.array(z.iso.date()).readonly(),
})
export type Calendar = z.output<typeof calendarSchema>

/** The law of the desk. It is the same in every house, so it is read where it is obeyed. */
export const deskRules: DeskRules = deskRulesSchema.parse(file)
export const calendar: Calendar = calendarSchema.parse(calendarFile)
