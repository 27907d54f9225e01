import type { AccountId, ClientId } from '#kernel/id.ts'

/** What the sealed key is good for, and nothing else: it stops harm, and grants nobody anything. */
export type EmergencyAct =
  | { act: 'client.suspend'; client: ClientId }
  /** All roles of an officer end; with a role goes everything that a program does for them. */
  | { act: 'officer.lock'; account: AccountId }
  /** At once: a key that is known to others can go only when another one signs. */
  | { act: 'key.activate' | 'key.revoke'; kid: string }

export function aimOf(act: EmergencyAct): string {
  if (act.act === 'client.suspend') return act.client
  return act.act === 'officer.lock' ? act.account : act.kid
}
