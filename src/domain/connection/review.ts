import { Problem } from '#kernel/problem.ts'
import { entryOf } from '#domain/client/entry.ts'
import { mustMay, type Officer } from '#domain/officer/officer.ts'
import type { Owned } from '#domain/officer/permission.ts'
import { propose } from '#domain/proposal/propose.ts'
import type { Proposal } from '#domain/proposal/proposal.ts'
import { isReady } from './checklist.ts'
import type { Connection } from './connection.ts'
import { lookAt, mustBeOpenTo } from './request.ts'

type Tools = Parameters<typeof lookAt>[0] & Omit<Parameters<typeof propose>[0], 'proposals'>

/** Whose clients it would be among; before the entry says so it is nobody's, and only for roles that reach everything. */
export const ownedOf = ({ sector }: Connection): Owned => ({ ...(sector !== undefined && { sector }) })

/** Back to its owner, with what to do better. */
export async function sendBack(tools: Tools, officer: Officer, connection: Connection, reason: string): Promise<void> {
  await mustReview(tools, officer, connection)
  mustBeOpenTo('return', connection)
  const { id, owner } = connection
  const event = { type: 'connection.returned', connection: id, owner, by: officer.account } as const
  if (!(await tools.connections.sendBack(id, { by: officer.account, at: tools.clock.now(), reason }, event))) throw new Problem('connection.over')
}

/**
 * Puts it before a second person, as it stands, where nothing stands in the way. Answers what does. The proposal is the reviewer's: they
 * have looked at it, and somebody else signs.
 */
export async function proposeConnection(tools: Tools, officer: Officer, connection: Connection, reason: string): Promise<{ proposal: Proposal } | { fault: string } | { unready: true }> {
  await mustReview(tools, officer, connection)
  mustBeOpenTo('propose', connection)
  const looked = await lookAt(tools, connection)
  if ('fault' in looked) return looked
  const { client, checklist } = looked
  if (!isReady(checklist)) return { unready: true }
  const { id, owner } = connection
  const proposals = {
    async add(proposal: Proposal, made: Parameters<Parameters<typeof propose>[0]['proposals']['add']>[1]) {
      const event = { type: 'connection.proposed', connection: id, owner, by: officer.account, proposal: proposal.id } as const
      if (!(await tools.connections.propose(id, { proposal, checklist, events: [made, event] }))) throw new Problem('connection.over')
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
