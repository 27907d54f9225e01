import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Permission } from '#domain/officer/permission.ts'
import { roleWanted } from '#domain/officer/role.ts'

const entry: z.ZodType<ClientEntry> = z.record(z.string(), z.json())
/** SHA-256 in base64url. */
const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/**
 * What takes two people (A01), each with all that it will do: nothing is looked up later that the second person has not seen. `from` is
 * the state that a change was written against (`clientDigest`); one that has moved on since is refused. Entries are those of a client
 * file (`domain/client/client.ts`), and never hold a secret.
 */
export const change = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('client.register'), client: clientId, entry }),
  z.strictObject({ act: z.literal('client.change'), client: clientId, from: digest, entry }),
  z.strictObject({ act: z.literal('client.resume'), client: clientId }),
  z.strictObject({ act: z.literal('client.end'), client: clientId }),
  z.strictObject({ act: z.literal('role.grant'), role: roleWanted }),
])
export type Change = z.infer<typeof change>
export type Act = Change['act']

/** Who proposes, and who decides. */
export const takes = {
  'client.register': { proposer: 'client.propose', approver: 'client.approve' },
  'client.change': { proposer: 'client.propose', approver: 'client.approve' },
  'client.resume': { proposer: 'client.propose', approver: 'client.approve' },
  'client.end': { proposer: 'client.propose', approver: 'client.approve' },
  'role.grant': { proposer: 'role.propose', approver: 'role.approve' },
} as const satisfies Record<Act, { proposer: Permission; approver: Permission }>

/** The row that it is about. */
export function subjectOf(of: Change): string {
  return of.act === 'role.grant' ? of.role.account : of.client
}
