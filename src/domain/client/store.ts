import type { ClientId, ProposalId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Actor } from '#domain/transparency/entry.ts'
import type { Client } from './client.ts'

export type ClientStore = {
  find: (id: ClientId) => Promise<Client | undefined>
  /** The client that is this resource server (RFC 8707 §2); an identifier belongs to one. */
  findServer: (identifier: string) => Promise<Client | undefined>
  list: () => Promise<readonly Client[]>
  /**
   * Writes the client under its id, the change into the public log before it and the event with it, all or nothing; `same` when nothing
   * differed, and then none of them. `by` is who did it, an operator where nothing is said.
   */
  put: (client: Client, how?: { by?: Actor; event?: AuditEvent }) => Promise<'inserted' | 'changed' | 'same'>
  /**
   * Gives a client that proves itself by a secret its first, or another that two people approved, which uses up that approval; what it had is good
   * until `formerUntil`. With the event and its entry in the public log, all or nothing; `false` for a client that is not there, has ended or
   * has no use for it, for one that has a secret where nothing was approved, and for an approval that was used.
   */
  issueSecret: (id: ClientId, how: { secret: string; by: Actor; at: Date; event: AuditEvent; approved?: { proposal: ProposalId; formerUntil: Date } }) => Promise<boolean>
  /** The approvals that were used for secrets of this client. */
  secretsIssued: (id: ClientId) => Promise<readonly ProposalId[]>
  /** Ends the secret before the one it has, with the event and its entry in the public log, all or nothing; `false` where there is none. */
  endFormerSecret: (id: ClientId, how: { by: Actor; at: Date; event: AuditEvent }) => Promise<boolean>
  /** Stops a live client, with the event and its entry in the public log, all or nothing; `false` when it was not live. */
  suspend: (id: ClientId, how: { by: Actor; at: Date; event: AuditEvent }) => Promise<boolean>
}
