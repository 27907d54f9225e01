import { createHash } from 'node:crypto'
import { canonical } from '#kernel/canonical.ts'
import { Problem } from '#kernel/problem.ts'
import { entryOf, type ClientEntry } from '#domain/client/entry.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import { takes } from '#domain/proposal/change.ts'
import { propose } from '#domain/proposal/propose.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import { isReady } from './checklist.ts'
import type { Connection } from './connection.ts'
import { lookAt, mustBeOpenTo } from './request.ts'

type Tools = Parameters<typeof lookAt>[0] & Omit<Parameters<typeof propose>[0], 'proposals'>

/** Whose clients it would be among; before the entry says so it is nobody's, and only for roles that reach everything. */
export const ownedOf = ({ sector }: Connection): Owned => ({ ...(sector !== undefined && { sector }) })

/** Tells two states of an entry apart: SHA-256 over its one text. */
export function entryDigest(entry: ClientEntry): string {
  return createHash('sha256').update(canonical(entry)).digest('base64url')
}

/** What the reviewer says, about the entry that they read. */
export type Said = { reason: string; /** Its digest. */ seen: string }

/** Back to its owner, with what to do better. Answers that it is not what was read any more. */
export async function sendBack(tools: Tools, officer: Officer, connection: Connection, { reason, seen }: Said): Promise<'changed' | undefined> {
  await mustReview(tools, officer, connection)
  mustBeOpenTo('return', connection)
  const { id, owner, entry } = connection
  if (entryDigest(entry) !== seen) return 'changed'
  const event = { type: 'connection.returned', connection: id, owner, by: officer.account } as const
  if (!(await tools.connections.sendBack({ id, entry }, { by: officer.account, at: tools.clock.now(), reason }, event))) throw new Problem('connection.over')
  return undefined
}

/**
 * Puts it before a second person, as it stands, where nothing stands in the way. Answers what does. The proposal is the reviewer's: they
 * have looked at it, and somebody else signs.
 */
export async function proposeConnection(tools: Tools, officer: Officer, connection: Connection, { reason, seen }: Said): Promise<{ proposal: Proposal } | { fault: string } | { unready: true } | 'changed'> {
  await mustReview(tools, officer, connection)
  mustBeOpenTo('propose', connection)
  if (entryDigest(connection.entry) !== seen) return 'changed'
  const looked = await lookAt(tools, connection)
  if ('fault' in looked) return looked
  const { client, checklist } = looked
  if (!isReady(checklist)) return { unready: true }
  const { id, owner, entry } = connection
  const proposals = {
    async add(proposal: Proposal, made: Parameters<Parameters<typeof propose>[0]['proposals']['add']>[1]) {
      const event = { type: 'connection.proposed', connection: id, owner, by: officer.account, proposal: proposal.id } as const
      if (!(await tools.connections.propose({ id, entry }, { proposal, checklist, events: [made, event] }))) throw new Problem('connection.over')
    },
  }
  return propose({ ...tools, proposals }, officer, { change: { act: 'client.register', client: client.id, entry: entryOf(client) }, reason })
}

/** Nobody looks at their own. */
async function mustReview(tools: Tools, officer: Officer, connection: Connection): Promise<void> {
  await mustMay(tools, officer, 'connection.review', ownedOf(connection))
  if (connection.owner !== officer.account) return
  await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: 'connection.review', reason: 'own-proposal' })
  throw new Problem('proposal.own')
}

/** Whoever asked for the client is not the second person either. */
export async function mustBeOfAnother(tools: Pick<Tools, 'audit'> & { connections: Pick<Tools['connections'], 'behind'> }, { account }: Officer, { id, change }: Pick<Proposal, 'id' | 'change'>): Promise<void> {
  if ((await tools.connections.behind(id))?.owner !== account) return
  await tools.audit.append({ type: 'officer.refused', by: account, permission: takes[change.act].approver, reason: 'own-proposal', proposal: id })
  throw new Problem('proposal.own')
}
