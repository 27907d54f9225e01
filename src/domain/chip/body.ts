import { z } from 'zod'
import { readingId, type ChipAnswer, type ChipFiles, type ChipQuestion, type Reading, type ReadingId } from './reading.ts'
import type { ChipRules } from './rules.ts'

/** Bytes in Base64 (RFC 4648 §4), so long at most. */
const bytes = (most: number) =>
  z.base64().min(4).max(4 * Math.ceil(most / 3)).transform((text) => Buffer.from(text, 'base64')).refine(({ length }) => length <= most, 'is too long')

/** An answer of INTERNAL AUTHENTICATE is as long as the key (RSA-4096: 512 bytes); one under agreed keys is a short response APDU. */
const longestAnswer = 512

/** What a reader posts to begin a reading: EF.DG14, where the chip has it (docs/chip.md). */
export const questionBody = (rules: Pick<ChipRules, 'largest'>) => z.strictObject({ dg14: bytes(rules.largest.dataGroup).optional() })

/** What a reader posts when it has read a chip (docs/chip.md). */
export const readingBody = (rules: Pick<ChipRules, 'largest'>) => {
  const group = bytes(rules.largest.dataGroup).optional()
  return z
    .strictObject({
      reading: readingId,
      sod: bytes(rules.largest.sod),
      dg1: group, dg2: group, dg13: group, dg14: group, dg15: group,
      answer: z.strictObject({ active: bytes(longestAnswer).optional(), agreed: bytes(longestAnswer).optional() }).default({}),
    })
    .transform(({ reading, sod, answer, ...named }): Reading => ({
      reading,
      files: { sod, groups: new Map(groupsOf(named)) },
      answer,
    }))
}

function groupsOf(named: Readonly<Record<string, Buffer | undefined>>): readonly (readonly [number, Buffer])[] {
  return Object.entries(named).flatMap(([name, file]) => (file === undefined ? [] : [[Number(name.slice(2)), file] as const]))
}

const base64 = (file: Buffer): string => file.toString('base64')

/** What a reader hears when it asked to begin. */
export const askedBody = (reading: ReadingId, { nonce, agreement }: ChipQuestion) => ({
  reading,
  nonce: base64(nonce),
  ...(agreement && { agreement: { ...agreement, publicKey: base64(agreement.publicKey), command: base64(agreement.command) } }),
})

/** The same on the reader's side. */
export const askedSchema = z.object({
  reading: readingId,
  nonce: bytes(8),
  agreement: z.object({ publicKey: bytes(longestAnswer), keyId: z.int().optional(), oid: z.string(), command: bytes(longestAnswer) }).optional(),
})

/** What a reader posts, from what it has read. */
export const filesBody = ({ sod, groups }: ChipFiles) => ({
  sod: base64(sod), ...Object.fromEntries([...groups].map(([group, file]) => [`dg${group}`, base64(file)])),
})
export const answerBody = ({ active, agreed }: ChipAnswer) => ({ ...(active && { active: base64(active) }), ...(agreed && { agreed: base64(agreed) }) })
