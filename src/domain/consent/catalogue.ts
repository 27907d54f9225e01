import { z } from 'zod'
import type { Profile } from '#domain/client/profile.ts'
import { knownClaims } from './disclosure.ts'

const label = z.strictObject({ vi: z.string(), en: z.string() })

/** One thing that a person understands and may share or not; several claims may carry it. */
const attribute = z.strictObject({
  id: z.string(),
  claims: z.array(z.string()).min(1),
  label,
  /** What of the population register it is: an item of Article 9 of the Law on Identification (26/2023/QH15). */
  register: z.string().optional(),
  /** Shown on pages with the middle hidden. */
  masked: z.boolean().default(false),
  /** Sensitive personal data (Decree 356/2025 Art 4): pages say so. */
  sensitive: z.boolean().default(false),
  /** Whether a client of the `baseline` profile may receive it: its tokens are good for whoever holds them. */
  baseline: z.boolean().default(true),
})
/** `shownAs` stands beside the label where there is no value to show. */
export type Attribute = z.infer<typeof attribute> & { shownAs?: z.infer<typeof label> }

/** `config/scopes.json`: which claims a scope stands for, how they are named to people, which can be verified claims; each is drawn from a source. */
export const catalogueSchema = z
  .strictObject({ scopes: z.record(z.string(), z.array(z.string())), attributes: z.array(attribute), verified: z.array(z.string()) })
  .superRefine(({ scopes, attributes, verified }, context) => {
    const named = new Set(attributes.flatMap(({ claims }) => claims))
    for (const claim of named) {
      if (!knownClaims.includes(claim)) context.addIssue({ code: 'custom', message: `claim ${claim} has no source` })
    }
    for (const claim of [...Object.values(scopes).flat(), ...verified]) {
      if (!named.has(claim)) context.addIssue({ code: 'custom', message: `claim ${claim} belongs to no attribute` })
    }
  })
export type Catalogue = z.infer<typeof catalogueSchema>

/**
 * What a client of this profile can ever be given. `baseline` reaches no fact that stays with a person for life and opens other
 * doors: once such a token has been stolen, nobody can be given another number or another birthplace.
 */
export function reachable(catalogue: Catalogue, profile: Profile): Catalogue {
  return profile === 'baseline' ? { ...catalogue, attributes: catalogue.attributes.filter(({ baseline }) => baseline) } : catalogue
}

/**
 * What an authorization request asks to know: claim names, and whether the service says it cannot do without. `places` are
 * those that `resident_of` asks about.
 */
export type ClaimRequest = ReadonlyMap<string, { essential: boolean; places?: readonly string[] }>
