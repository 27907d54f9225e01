import { z } from 'zod'
import file from '#config/organisation.json' with { type: 'json' }

/** Why the account of an organisation is closed for a while; `suspended` and `dissolved` are the business registration's word and are not kept here. */
export const organisationGrounds = ['representative-request', 'terms-breach', 'competent-body'] as const
export type OrganisationGround = (typeof organisationGrounds)[number]

/** Who moves the account of an organisation: one of its legal representatives, an operator for a body that may decide it, or the registration. */
export const organisationMovers = ['representative', 'operator', 'registry'] as const
export type OrganisationMover = (typeof organisationMovers)[number]

const who = z.array(z.enum(organisationMovers)).readonly()
const level = z.union([z.literal(1), z.literal(2)])
const bilingual = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) })

/** The role of those whom the law itself makes the representatives; nobody is given it. */
export const byLaw = 'legal-representative'

/** `config/organisation.json`. */
export const organisationRulesSchema = z.strictObject({
  applicant: z.strictObject({ source: z.string(), level }),
  clock: z.strictObject({ source: z.string(), workingDays: z.int().positive(), toVerify: z.strictObject({ source: z.string(), days: z.int().positive() }) }),
  activation: z.strictObject({ source: z.string(), days: z.int().positive() }),
  grounds: z.record(z.enum(organisationGrounds), z.strictObject({ source: z.string(), lockedBy: who, clearedBy: who })),
  mandate: z.strictObject({ source: z.string(), level, longestDays: z.int().positive() }),
  roles: z.array(z.strictObject({ id: z.string().regex(/^[a-z][a-z-]{1,30}$/), label: bilingual })).min(1).readonly(),
}).refine(({ roles }) => !roles.some(({ id }) => id === byLaw), { path: ['roles'], message: `${byLaw} is nobody's to give` })
export type OrganisationRules = z.output<typeof organisationRulesSchema>

/** The law of organisations. It is the same in every house, so it is read where it is obeyed. */
export const organisationRules: OrganisationRules = organisationRulesSchema.parse(file)
