import { newId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import { clientDigest, type ReadEntry } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import type { Proposal } from './proposal.ts'
import { roleFault, type RoleGrant } from '#domain/officer/role.ts'

/** What an approved proposal does to the tables, and what it must find there. */
export type Effect =
  /** `from` is the digest of what stands there, or nothing may stand there yet. */
  | { is: 'client'; client: Client; from: string | undefined }
  | { is: 'client-state'; client: ClientId; from: readonly ClientState[]; to: ClientState }
  | { is: 'role'; grant: RoleGrant; proposal: Proposal['id'] }

type Tools = { clientStore: Pick<ClientStore, 'find'>; readEntry: ReadEntry }

/**
 * Reads a change as of now: rules may have moved since it was proposed, and what they no longer take is as good as stale. A client that
 * has a secret keeps it, for proposals never hold one. Throws `proposal.stale`.
 */
export async function effectOf({ clientStore, readEntry }: Tools, { id, change }: Proposal, at: Date): Promise<Effect> {
  switch (change.act) {
    case 'client.register':
    case 'client.change': {
      const live = await clientStore.find(change.client)
      const from = change.act === 'client.change' ? change.from : undefined
      if ((live && clientDigest(live)) !== from) throw new Problem('proposal.stale')
      const secret = live?.registered.client_secret
      const read = await readEntry({ ...change.entry, ...(secret !== undefined && { client_secret: secret }) })
      if ('fault' in read) throw new Problem('proposal.stale', { cause: read.fault })
      return { is: 'client', client: read.client, from }
    }
    case 'client.resume': return { is: 'client-state', client: change.client, from: ['suspended'], to: 'live' }
    case 'client.end': return { is: 'client-state', client: change.client, from: ['live', 'suspended'], to: 'ended' }
    case 'role.grant': {
      const { account, role, sector, ends_on: endsOn } = change.role
      if (roleFault(change.role, at) !== undefined) throw new Problem('proposal.stale')
      return { is: 'role', grant: { id: newId(at.getTime()), account, role, sector, since: at, endsOn }, proposal: id }
    }
  }
}
