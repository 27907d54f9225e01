import { newId, connectionId, sector, type AccountId, type ConnectionId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Client } from '#domain/client/client.ts'
import type { ClientEntry, ReadEntry } from '#domain/client/entry.ts'
import { secretIn } from '#domain/client/private-parts.ts'
import type { DeveloperClient } from '#domain/sandbox/developer-client.ts'
import type { SelfTests } from '#domain/self-test/report.ts'
import { checkAll, isReady, type Checklist } from './checklist.ts'
import { isOpenTo, type Connection, type Move } from './connection.ts'
import type { ConnectionRules } from './rules.ts'
import type { ConnectionStore } from './store.ts'

type Tools = {
  connections: ConnectionStore
  readEntry: ReadEntry
  clock: Clock
  connectionRules: ConnectionRules
  /** `undefined` where the server has no sandbox. */
  sandbox?: (() => { selfTests: Pick<SelfTests, 'latest'> }) | undefined
}

/** Begins a request from a client of the sandbox; answers the one that is open already. */
export async function begin({ connections, clock }: Pick<Tools, 'connections' | 'clock'>, owner: AccountId, tried: DeveloperClient): Promise<ConnectionId> {
  const createdAt = clock.now()
  const id = connectionId.parse(newId(createdAt.getTime()))
  if (await connections.add({ id, owner, tried: tried.id, entry: skeleton(tried), state: 'draft', createdAt })) return id
  const open = (await connections.ofOwner(owner)).find((one) => one.tried === tried.id && isUnfinished(one))
  if (open === undefined) throw new Problem('connection.over')
  return open.id
}

const isUnfinished = ({ state }: Connection): boolean => state !== 'live' && state !== 'withdrawn'

/** What there is to fill in. Empty texts are refused until they are. */
function skeleton({ id, name }: DeveloperClient): ClientEntry {
  return {
    client_id: id.replace(/^thu-/, ''), client_name: name, legal_name: { vi: '', en: '' }, sector: '', relying_party_class: 'B', profile: 'fapi2',
    agreement: { number: '', signed_on: '', ends_on: '' }, security_level: 3, minimum_account_level: 1, minimum_authentication_level: 2, contacts: [], redirect_uris: [], post_logout_redirect_uris: [], jwks_uri: '',
    purposes: [{ claims: ['name'], basis: 'consent', purpose: { vi: '', en: '' }, optional: false }],
  }
}

/** A request of somebody else is as good as none. */
export async function ownConnection({ connections }: Pick<Tools, 'connections'>, owner: AccountId, id: ConnectionId): Promise<Connection> {
  const found = await connections.find(id)
  if (found?.owner !== owner) throw new Problem('request.not-found')
  return found
}

export type Looked = { fault: string } | { client: Client; checklist: Checklist }

/** What stands in the way of a request as it stands now. */
export async function lookAt(tools: Tools, connection: Connection): Promise<Looked> {
  const { readEntry, clock, connectionRules: { selfTestDays }, sandbox } = tools
  const secret = secretIn(connection.entry)
  if (secret !== undefined) return { fault: `${secret}: a request holds no secret` }
  if ('acts_for' in connection.entry) return { fault: 'acts_for: is for programs of officers' }
  const read = await readEntry(connection.entry)
  if ('fault' in read) return read
  const submitted = connection.submittedAt !== undefined && connection.state !== 'returned'
  const selfTest = submitted ? connection.selfTest : await sandbox?.().selfTests.latest(connection.owner, connection.tried)
  const at = submitted ? connection.submittedAt ?? clock.now() : clock.now()
  return { client: read.client, checklist: checkAll({ client: read.client, selfTest, at, selfTestDays }) }
}

/**
 * Keeps what was typed, whole or not; nothing else is done with it before it is submitted. Answers where in it a secret stands, and keeps
 * nothing of it then: others read what is kept.
 */
export async function save({ connections }: Pick<Tools, 'connections'>, connection: Connection, entry: ClientEntry): Promise<{ secret: string } | undefined> {
  mustBeOpenTo('save', connection)
  const secret = secretIn(entry)
  if (secret !== undefined) return { secret }
  if (!(await connections.save(connection.id, { entry, sector: sector.safeParse(entry['sector']).data }))) throw new Problem('connection.over')
  return undefined
}

/** Answers what stands in the way, or `undefined` where it is on its way now. */
export async function submit(tools: Tools, connection: Connection): Promise<Looked | undefined> {
  mustBeOpenTo('submit', connection)
  const looked = await lookAt(tools, connection)
  if ('fault' in looked || !isReady(looked.checklist)) return looked
  const report = await tools.sandbox?.().selfTests.latest(connection.owner, connection.tried)
  if (report === undefined) return looked
  const { id, owner, tried } = connection
  const { finishedAt, results } = report
  const event = { type: 'connection.submitted', connection: id, tried, by: owner } as const
  if (!(await tools.connections.submit(id, { at: tools.clock.now(), selfTest: { finishedAt, results }, event }))) throw new Problem('connection.over')
  return undefined
}

export async function withdraw({ connections, clock }: Pick<Tools, 'connections' | 'clock'>, connection: Connection): Promise<void> {
  mustBeOpenTo('withdraw', connection)
  const { id, owner, tried } = connection
  if (!(await connections.withdraw(id, { type: 'connection.withdrawn', connection: id, tried, by: owner }, clock.now()))) throw new Problem('connection.over')
}

export function mustBeOpenTo(move: Move, { state }: Connection): void {
  if (!isOpenTo(move, state)) throw new Problem('connection.over')
}
