import { z } from 'zod'
import { accountId, clientId, type AccountId } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Permission } from '#domain/officer/permission.ts'
import { manyRoles } from '#domain/officer/many.ts'
import { roleWanted } from '#domain/officer/role.ts'
import { isChipReason } from '#domain/chip/reason.ts'
import { keyName } from '#domain/signing-key/key.ts'

const entry: z.ZodType<ClientEntry> = z.record(z.string(), z.json())
/** SHA-256 in base64url. */
const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const key = { kid: keyName, alg: z.string() }

const doubt = z.strictObject({ id: z.uuid(), chip: z.string().refine(isChipReason), at: z.iso.datetime(), by: accountId, commune: z.string(), reference: z.string() })

/**
 * What takes two people (A01), each with all that it will do: nothing is looked up later that the second person has not seen. `from` is
 * the state that a change was written against (`clientDigest`); one that has moved on since is refused. Entries are those of a client
 * file (`domain/client/client.ts`), and never hold a secret.
 */
export const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('client.register'), client: clientId, entry }),
  z.strictObject({ act: z.literal('client.change'), client: clientId, from: digest, entry }),
  /** Another secret in place of the one it has, which stays good for so many days. What it is nobody knows before it is collected. */
  z.strictObject({ act: z.literal('client.secret'), client: clientId, keeps_days: z.int().min(0).max(90) }),
  z.strictObject({ act: z.literal('client.resume'), client: clientId }),
  z.strictObject({ act: z.literal('client.end'), client: clientId }),
  z.strictObject({ act: z.literal('role.grant'), role: roleWanted }),
  /** Many roles, given and ended together or not at all. */
  z.strictObject({ act: z.literal('role.many'), ...manyRoles }),
  /** `approval`: in an emergency, as soon as the second person has signed. */
  z.strictObject({ act: z.literal('key.activate'), ...key, at: z.union([z.iso.datetime(), z.literal('approval')]) }),
  z.strictObject({ act: z.literal('key.retire'), ...key }),
  /** Published nowhere as soon as it is approved: whatever it has signed stops verifying. */
  z.strictObject({ act: z.literal('key.revoke'), ...key }),
  /** A key is made at the server and sealed, for when nobody can sign in (A07). */
  z.strictObject({ act: z.literal('break-glass.seal') }),
  /** What was read speaks against somebody's card no more: each reading with why it was not believed, when, where and by whom. */
  z.strictObject({ act: z.literal('doubt.end'), readings: z.array(doubt).min(1).max(20) }),
])
export type Change = z.infer<typeof change>
export type Act = Change['act']
export const acts: readonly Act[] = change.options.map(({ shape }) => shape.act.value)

/** Who proposes, and who decides. */
export const takes = {
  'client.register': { proposer: 'client.propose', approver: 'client.approve' },
  'client.change': { proposer: 'client.propose', approver: 'client.approve' },
  'client.secret': { proposer: 'client.propose', approver: 'client.approve' },
  'client.resume': { proposer: 'client.propose', approver: 'client.approve' },
  'client.end': { proposer: 'client.propose', approver: 'client.approve' },
  'role.grant': { proposer: 'role.propose', approver: 'role.approve' },
  'role.many': { proposer: 'role.propose', approver: 'role.approve' },
  'key.activate': { proposer: 'key.propose', approver: 'key.approve' },
  'key.retire': { proposer: 'key.propose', approver: 'key.approve' },
  'break-glass.seal': { proposer: 'break-glass.propose', approver: 'break-glass.approve' },
  'key.revoke': { proposer: 'key.propose', approver: 'key.approve' },
  'doubt.end': { proposer: 'doubt.propose', approver: 'doubt.decide' },
} as const satisfies Record<Act, { proposer: Permission; approver: Permission }>

/** The row that it is about. */
export function subjectOf(of: Change): string {
  if ('client' in of) return of.client
  if (of.act === 'role.grant') return of.role.account
  if (of.act === 'role.many') return 'roles'
  if (of.act === 'doubt.end') return of.readings[0]?.id ?? ''
  return of.act === 'break-glass.seal' ? 'break-glass' : of.kid
}

/** Who would have more than before. */
export function gainersOf(of: Change): readonly AccountId[] {
  if (of.act === 'role.many') return of.grants.map(({ account }) => account)
  return of.act === 'role.grant' ? [of.role.account] : []
}

/** Who does not decide, whoever has proposed it: whoever gains by it, and whoever has read what it is about. */
export function barredFrom(of: Change): readonly AccountId[] {
  return of.act === 'doubt.end' ? of.readings.map(({ by }) => by) : gainersOf(of)
}

/** A change that is about a signing key. */
export type KeyAct = Extract<Change, { kid: string }>
