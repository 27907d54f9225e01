import { createHash } from 'node:crypto'
import { z } from 'zod'
import table from '#config/authorization-details.json' with { type: 'json' }
import type { Bilingual } from '#domain/client/client.ts'

/** Text that a page can show as it is: composed, and without what turns, hides or breaks a line (P16). */
const shown = (longest: number) => z.string().min(1).max(longest)
  .refine((text) => text === text.normalize('NFC') && text.trim() === text && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), 'plain text in NFC without control characters')

const locations = z.array(z.url().max(500)).min(1).max(5).optional()
const documentKinds = z.enum(namesOf(table.documents))

/** `vn_payment_confirmation`: one payment, confirmed with its amount and payee (RFC 9396 §2.2). The amount is a decimal text. */
const payment = z.strictObject({
  type: z.literal('vn_payment_confirmation'),
  locations,
  instructedAmount: z.strictObject({ currency: z.enum(table.currencies), amount: z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,2})?$/) })
    .refine(({ amount }) => Number(amount) > 0, 'more than nothing'),
  creditorName: shown(140),
  creditorAccount: z.strictObject({ number: z.string().regex(/^[A-Z0-9]{4,34}$/), bank: shown(80).optional() }),
  remittanceInformation: shown(140).optional(),
})

/** `vn_document_access`: reading some of one's own papers, once or until a day. */
const documents = z.strictObject({
  type: z.literal('vn_document_access'),
  locations,
  actions: z.tuple([z.literal('read')]),
  documents: z.array(documentKinds).min(1).max(10).refine((kinds) => new Set(kinds).size === kinds.length, 'each once'),
  until: z.iso.date().optional(),
  purpose: shown(200).optional(),
})

/** What may be asked to be authorised in detail: the registered types (RFC 9396 §5), each with all the fields it may have. */
const types = { vn_payment_confirmation: payment, vn_document_access: documents } as const

const detail = z.discriminatedUnion('type', [payment, documents])
export type Detail = z.infer<typeof detail>
const details = z.array(detail)

/** More than a person can read is not confirmed, it is clicked away. */
export const mostDetails = 10

export const detailTypes: readonly Detail['type'][] = namesOf(types)

/** Why one authorization detail is refused, in English for the service, or `undefined`. An unknown field is a fault (P16). */
export function detailFault(value: unknown): string | undefined {
  const parsed = detail.safeParse(value)
  const [issue] = parsed.error?.issues ?? []
  return issue && `${issue.path.join('.') || 'it'}: ${issue.message}`
}

/** The details of a request that was checked; none where there is no parameter. */
export function readDetails(text: unknown): readonly Detail[] {
  return typeof text === 'string' ? details.parse(JSON.parse(text)) : []
}

/**
 * Whether what was confirmed still stands. Once is once: what says no day is good for the tokens of its own sign-in, and for none that a
 * refresh brings (RFC 9396 §7). What says a day ends with it.
 */
export function stillStands(one: object, { today, refreshed }: { today: string; refreshed: boolean }): boolean {
  const until: unknown = Reflect.get(one, 'until')
  return typeof until === 'string' ? until >= today : !refreshed
}

/** A fingerprint of what was confirmed, for the record: it shows nothing, and whoever has the details can check it. */
export function digestOf(one: Detail): string {
  return createHash('sha256').update(JSON.stringify(one)).digest('base64url')
}

/** What a kind of paper is called. */
export function documentName(kind: keyof typeof table.documents): Bilingual {
  return table.documents[kind]
}

function namesOf<Table extends object>(from: Table): [keyof Table & string, ...(keyof Table & string)[]] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a table that is written here and not empty
  return Object.keys(from) as [keyof Table & string, ...(keyof Table & string)[]]
}
