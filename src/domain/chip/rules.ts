import { z } from 'zod'

/** Digests by the names that Node knows (`crypto.getHashes`). */
export const digestNames = ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const
export type DigestName = (typeof digestNames)[number]

const bits = z.strictObject({ rsa: z.int().min(1024), ec: z.int().min(160) })
export type SmallestKey = z.infer<typeof bits>

/** `config/chip.json`: what a chip has to show before it is believed. */
export const chipRulesSchema = z.strictObject({
  about: z.string(),
  source: z.string(),
  /** Bytes of one file; a larger one is not read. */
  largest: z.strictObject({ sod: z.int().positive(), dataGroup: z.int().positive(), revocationList: z.int().positive() }),
  /** What certificates, revocation lists and EF.SOD may be signed and hashed with. */
  digests: z.array(z.enum(digestNames)).min(1),
  /** What the chip itself may hash our challenge with. */
  answerDigests: z.array(z.enum(digestNames)).min(1),
  smallestKeys: z.strictObject({ authority: bits, signer: bits, chip: bits }),
  requiredGroups: z.array(z.int().min(1).max(16)),
  /** Whether a chip has to prove that it is no copy. */
  copyCheck: z.enum(['required', 'where-possible']),
  revocation: z.strictObject({ missing: z.enum(['refuse', 'accept']), outdated: z.enum(['refuse', 'accept']) }),
  /** The issuing state of the MRZ, and the country in the certificate of who may sign for it. */
  states: z.array(z.strictObject({ mrz: z.string().regex(/^[A-Z]{1,3}$/), certificate: z.string().regex(/^[A-Z]{2}$/) })).min(1),
  challengeSeconds: z.int().positive(),
})
export type ChipRules = z.infer<typeof chipRulesSchema>
