import { z } from 'zod'
import file from '#config/acting.json' with { type: 'json' }
import { person } from '#domain/registry/person.ts'

/** Why somebody does not act alone; what is told first comes first. */
export const actingGrounds = ['guardianship', 'under-age'] as const
export type ActingGround = (typeof actingGrounds)[number]

const relation = person.shape.relations.element.shape.kind

/** `config/acting.json`. */
export const actingRulesSchema = z.strictObject({
  representative: z.strictObject({ source: z.string(), age: z.int().positive(), level: z.union([z.literal(1), z.literal(2)]) }),
  grounds: z.record(z.enum(actingGrounds), z.strictObject({
    source: z.string(),
    /** Who acts: all of the first kind that the register names; those after it only where there is none. */
    by: z.array(z.array(relation).min(1).readonly()).min(1).readonly(),
  })),
})
export type ActingRules = z.output<typeof actingRulesSchema>

/** The law of acting for somebody. It is the same in every house, so it is read where it is obeyed. */
export const actingRules: ActingRules = actingRulesSchema.parse(file)
