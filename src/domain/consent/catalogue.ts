import { z } from 'zod'

const label = z.strictObject({ vi: z.string(), en: z.string() })

/** One thing that a person understands and may share or not; several claims may carry it. */
const attribute = z.strictObject({
  id: z.string(),
  claims: z.array(z.string()).min(1),
  label,
  /** Shown on pages with the middle hidden. */
  masked: z.boolean().default(false),
  /** Sensitive personal data (Decree 356/2025 Art 4): pages say so. */
  sensitive: z.boolean().default(false),
})
/** `shownAs` stands beside the label where there is no value to show. */
export type Attribute = z.infer<typeof attribute> & { shownAs?: z.infer<typeof label> }

/** `config/scopes.json`: which claims a scope stands for, how they are named to people, which can be verified claims. */
export const catalogueSchema = z
  .strictObject({ scopes: z.record(z.string(), z.array(z.string())), attributes: z.array(attribute), verified: z.array(z.string()) })
  .superRefine(({ scopes, attributes, verified }, context) => {
    const named = new Set(attributes.flatMap(({ claims }) => claims))
    for (const claim of [...Object.values(scopes).flat(), ...verified]) {
      if (!named.has(claim)) context.addIssue({ code: 'custom', message: `claim ${claim} belongs to no attribute` })
    }
  })
export type Catalogue = z.infer<typeof catalogueSchema>

/** What an authorization request asks to know: claim names, and whether the service says it cannot do without. */
export type ClaimRequest = ReadonlyMap<string, { essential: boolean }>
