import { z } from 'zod'
import { connectionId } from '#kernel/id.ts'
import { posted } from '#web/account/citizen.ts'

const line = (longest: number) => z.string().trim().max(longest).default('')
/** Browsers end lines with CR LF (HTML §4.10.21.4). */
const lines = (longest: number) => z.string().max(longest).default('').transform((text) => text.replaceAll('\r\n', '\n').trim())
const several = z.union([z.string().max(64), z.array(z.string().max(64)).max(60)]).default([]).transform((one) => [one].flat().filter((name) => name !== ''))

const typedPurpose = z.strictObject({
  claims: several, more: line(500), basis: line(16), refVi: line(500), refEn: line(500), vi: line(500), en: line(500), optional: line(3), places: lines(5000),
})
export type TypedPurpose = z.output<typeof typedPurpose>
export const emptyPurpose: TypedPurpose = typedPurpose.parse({})

/** What somebody typed into the form of a client; how it is meant is for `client-wish.ts` to say. */
const typed = z.strictObject({
  clientId: line(128), name: line(200), legalVi: line(500), legalEn: line(500), sector: line(63), class: line(1), profile: line(16), endsOn: line(10), auth: line(64),
  jwksUri: line(2000), jwks: lines(16_000), redirectUris: lines(16_000), postLogoutUris: lines(16_000), backchannelUri: line(2000), account: line(1), authentication: line(1),
  agreementNumber: line(100), agreementFrom: line(10), agreementUntil: line(10), security: line(1),
  contacts: lines(4000), logo: line(2000), advanced: lines(16_000), reason: line(500), purposes: z.array(typedPurpose).max(20).default([]),
})
export type TypedClient = z.output<typeof typed>
export const emptyClient: TypedClient = typed.parse({ profile: 'fapi2', class: 'B', account: '1', authentication: '2', purposes: [{}] })

/** A field of a purpose is called `p0_claims` in the form; a client has as many purposes as stand there. */
export const purposeField = (at: number, name: keyof TypedPurpose): string => `p${at}_${name}`
const ofPurpose = /^p(\d{1,2})_(\w+)$/

function gathered(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const purposes: Record<string, unknown>[] = []
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const [, at, member = ''] = ofPurpose.exec(name) ?? []
    if (at === undefined) rest[name] = value
    else (purposes[Number(at)] ??= {})[member] = value
  }
  return { ...rest, purposes: purposes.filter((one) => typeof one === 'object') }
}

const doing = { do: z.enum(['send', 'add']).default('send') }
const fields = z.record(z.string().max(64), z.union([z.string(), z.array(z.string())]))

export const registerForm = fields.transform(gathered).pipe(typed.extend({ ...posted.shape, ...doing }))
/** `from` is the state that the form was opened on. */
export const changeForm = fields.transform(gathered).pipe(typed.extend({ ...posted.shape, ...doing, client: z.string().max(128), from: z.string().max(64).default('') }))
/** A request to connect is written bit by bit. */
export const draftForm = fields.transform(gathered).pipe(typed.extend({ ...posted.shape, ...doing, id: connectionId }))
