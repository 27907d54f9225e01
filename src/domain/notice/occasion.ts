import { z } from 'zod'
import { lockGrounds, papers } from '#domain/account/ground.ts'
import type { Move } from '#domain/account/move.ts'
import { accountRules, type AccountRules } from '#domain/account/rules.ts'

/** What concerns an organisation that its holder represents or acts for; which one stands in "my e-ID". */
export const ofOrganisations = [
  'organisation-asks', 'organisation-issued', 'organisation-refused', 'organisation-declined', 'organisation-locked', 'organisation-unlocked',
  'mandate-offered', 'mandate-accepted', 'mandate-declined', 'mandate-ended',
] as const

/** What concerns the account as such, and needs no more to be said. */
const plain = [
  'account-opened', 'account-activated', 'account-raised', 'passkey-added', 'passkey-removed', 'codes-printed', 'code-used', 'recovery-cancelled', 'contact-changed', 'contact-removed', 'contact-restored', 'ward-raised',
  ...ofOrganisations,
] as const

/** Of what the holder of an account is told, by identifiers and decisions alone: the words are found when it is sent. */
export const occasion = z.discriminatedUnion('of', [
  z.strictObject({ of: z.enum(plain) }),
  /** `byCode`: as lost, by a printed code, which is used up by it: whoever has the sheet has more of them. */
  z.strictObject({ of: z.literal('account-locked'), ground: z.enum(lockGrounds), byCode: z.literal(true).optional() }),
  z.strictObject({ of: z.literal('account-unlocked'), ground: z.enum(lockGrounds) }),
  /** By a printed code; until then the account counts as level 1, or stays closed (`waits`), and its holder can object. `alone`: passkeys of before were set aside. */
  z.strictObject({ of: z.literal('recovered'), heldUntil: z.iso.datetime(), waits: z.literal(true).optional(), alone: z.literal(true).optional() }),
  /** The paper that the account follows ends on this day, and the account with it. */
  z.strictObject({ of: z.literal('paper-ending'), paper: z.enum(papers), on: z.iso.date() }),
  /** Somebody with a passkey wants an account opened that was closed as lost; until then its holder can say no. */
  z.strictObject({ of: z.literal('opening-asked'), opensAt: z.iso.datetime() }),
])
export type Occasion = z.infer<typeof occasion>

/** What the holder is told of a move (Law 26/2023 Art 34.3; `config/account.json`): of every one but an end, of which nobody is left to be told. */
export function occasionOf(move: Move, { grounds }: AccountRules = accountRules): Occasion | undefined {
  switch (move.to) {
    case 'activate': return { of: 'account-activated' }
    case 'raise': return { of: 'account-raised' }
    case 'lock': return grounds[move.ground].tellsHolder ? { of: 'account-locked', ground: move.ground, ...(move.byCode && { byCode: true as const }) } : undefined
    case 'unlock': return grounds[move.ground].tellsHolder ? { of: 'account-unlocked', ground: move.ground } : undefined
    case 'end': return undefined
  }
}
