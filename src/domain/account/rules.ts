import { z } from 'zod'
import file from '#config/account.json' with { type: 'json' }
import { person } from '#domain/registry/person.ts'
import { lockGrounds } from './ground.ts'

/**
 * Who moves an account: its holder, an officer at a desk, the hotline, an operator for a body that may decide it, or the registry by itself
 * (Decree 69/2024 Art 14-16).
 */
export const movers = ['holder', 'officer', 'hotline', 'operator', 'registry'] as const
export type Mover = (typeof movers)[number]

/** Whether somebody is named by what they are, and not as an account. */
export const isMover = (who: string): who is Mover => movers.some((mover) => mover === who)

/** Whether the law grants a level: to everybody who asks, where there is a need for it, or not at all. */
export const grants = ['yes', 'on-demand', 'no'] as const

const who = z.array(z.enum(movers)).readonly()
const ground = z.strictObject({ source: z.string(), lockedBy: who, clearedBy: who, /** Whether the holder is told at once (Law 26/2023 Art 34.3). */ tellsHolder: z.boolean() })
const papers = z.array(person.shape.card.unwrap().shape.kind).readonly()
const age = z.strictObject({ from: z.int().nonnegative(), level1: z.enum(grants), level2: z.enum(grants), /** Where the law wants one of these at this age. */ papers: papers.optional() })
/** Papers beside the card that end an account too, where the register knows of them. */
const besides = z.strictObject({ source: z.string(), papers: z.array(z.enum(['passport'])).readonly() })
const kind = z.strictObject({ source: z.string().optional(), papers, besides: besides.optional(), /** The youngest first. */ ages: z.array(age).min(1).readonly() })

/** `config/account.json`. */
export const accountRulesSchema = z.strictObject({
  activation: z.strictObject({ source: z.string(), days: z.int().positive(), within: who, afterwards: who }),
  reminder: z.strictObject({ about: z.string(), days: z.int().positive() }),
  grounds: z.record(z.enum(lockGrounds), ground),
  entitlement: z.strictObject({
    source: z.string(),
    actsAloneFrom: z.strictObject({ source: z.string(), age: z.int().positive() }),
    kinds: z.record(person.shape.kind, kind),
  }),
})
export type AccountRules = z.output<typeof accountRulesSchema>

/** The law of accounts. It is the same in every house, so it is read where it is obeyed. */
export const accountRules: AccountRules = accountRulesSchema.parse(file)
