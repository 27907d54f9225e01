import { newId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import { clientDigest, type ReadEntry } from '#domain/client/entry.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { agencyFault } from './agency.ts'
import type { Proposal } from './proposal.ts'
import type { RoleToEnd } from '#domain/officer/many.ts'
import { roleFault, type RoleGrant, type RoleWanted } from '#domain/officer/role.ts'
import { keyFault } from '#domain/signing-key/change-fault.ts'
import type { HeldKey, KeyChange } from '#domain/signing-key/key.ts'
import type { SigningKeys } from '#domain/signing-key/store.ts'
import type { KeyRules } from '#domain/signing-key/rules.ts'
import type { Change, KeyAct } from './change.ts'

/** What an approved proposal does to the tables, and what it must find there. */
export type Effect =
  /** What it allows is done elsewhere, once. */
  | { is: 'nothing' }
  /** `from` is the digest of what stands there, or nothing may stand there yet. The client has no secret: it keeps the one it has, if it still needs one. */
  | { is: 'client'; client: Client; from: string | undefined }
  | { is: 'client-state'; client: ClientId; from: readonly ClientState[]; to: ClientState }
  /** It lets its proposer have another secret made, once; there is one to be replaced. */
  | { is: 'secret'; client: ClientId }
  | { is: 'role'; grant: RoleGrant; proposal: Proposal['id'] }
  /** Every one that is to end is in force. */
  | { is: 'roles'; grants: readonly RoleGrant[]; ends: readonly RoleToEnd[]; proposal: Proposal['id']; reason: string }
  /** One of them stands still, and each is what was shown. */
  | { is: 'doubts'; readings: Extract<Change, { act: 'doubt.end' }>['readings']; proposal: Proposal['id'] }
  /** Nothing else may have been decided about keys meanwhile. */
  | { is: 'key'; change: KeyChange; key: HeldKey }

type Tools = { clientStore: Pick<ClientStore, 'find'>; readEntry: ReadEntry; signingKeys: SigningKeys; keyRules: KeyRules }

/**
 * Reads a change as of now: rules may have moved since it was proposed, and what they no longer take is as good as stale. Throws
 * `proposal.stale`.
 */
export async function effectOf(tools: Tools, { id, change, proposer, reason }: Proposal, at: Date): Promise<Effect> {
  switch (change.act) {
    case 'client.register':
    case 'client.change': return clientEffect(tools, { change, proposer }, at)
    case 'client.secret': return { is: 'secret', client: change.client }
    case 'client.resume': return { is: 'client-state', client: change.client, from: ['suspended'], to: 'live' }
    case 'client.end': return { is: 'client-state', client: change.client, from: ['live', 'suspended'], to: 'ended' }
    case 'role.grant': return { is: 'role', grant: grantOf(change.role, at), proposal: id }
    case 'role.many': return { is: 'roles', grants: change.grants.map((wanted) => grantOf(wanted, at)), ends: change.ends, proposal: id, reason }
    case 'break-glass.seal': return { is: 'nothing' }
    case 'doubt.end': return { is: 'doubts', readings: change.readings, proposal: id }
    case 'key.activate':
    case 'key.retire':
    case 'key.revoke': return keyEffect(tools, { id, change }, at)
  }
}

function grantOf(wanted: RoleWanted, at: Date): RoleGrant {
  const { account, role, sector, post, ends_on: endsOn } = wanted
  if (roleFault(wanted, at) !== undefined) throw new Problem('proposal.stale')
  return { id: newId(at.getTime()), account, role, sector, post, since: at, endsOn }
}

type OfEntry = Extract<Change, { entry: unknown }>

async function clientEffect({ clientStore, readEntry }: Tools, { change, proposer }: { change: OfEntry; proposer: Proposal['proposer'] }, at: Date): Promise<Effect> {
  const live = await clientStore.find(change.client)
  const from = change.act === 'client.change' ? change.from : undefined
  if ((live && clientDigest(live)) !== from) throw new Problem('proposal.stale')
  const read = await readEntry(change.entry)
  if ('fault' in read) throw new Problem('proposal.stale', { cause: read.fault })
  if (agencyFault(read.client.own.acts_for, proposer, at) !== undefined) throw new Problem('proposal.stale')
  return { is: 'client', client: read.client, from }
}

const keyActs = { 'key.activate': 'activate', 'key.retire': 'retire', 'key.revoke': 'revoke' } as const satisfies Record<KeyAct['act'], KeyChange['act']>

async function keyEffect({ signingKeys, keyRules }: Tools, { id, change }: { id: Proposal['id']; change: KeyAct }, now: Date): Promise<Effect> {
  const { kid, alg } = change
  const act = keyActs[change.act]
  const at = change.act === 'key.activate' && change.at !== 'approval' ? new Date(change.at) : undefined
  const [changes, lacking] = await Promise.all([signingKeys.list(), signingKeys.lacking(kid, now)])
  const key = signingKeys.held.find((one) => one.kid === kid)
  const fault = keyFault({ act, kid, alg, at }, { held: signingKeys.held, changes, publishedAt: await signingKeys.saidAt(kid, 'staged'), lacking, rules: keyRules, now })
  if (key === undefined || fault !== undefined) throw new Problem('proposal.stale', { cause: fault })
  return { is: 'key', change: { seq: (changes.at(-1)?.seq ?? 0) + 1, act, kid, alg, at: at ?? now, decidedAt: now, by: { role: 'approver', proposal: id } }, key }
}
