import { sql } from 'kysely'
import { z } from 'zod'
import { accountId, clientId, connectionId, proposalId, sector } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import { checklist } from '#domain/connection/checklist.ts'
import { connectionStates, type Connection, type ConnectionState } from '#domain/connection/connection.ts'
import { result } from '#domain/self-test/report.ts'

export type Row = {
  id: string; owner: string; tried: string; entry: unknown; sector: string | null; state: string; created_at: Date; submitted_at: Date | null; self_test: unknown
  reviewed_by: string | null; reviewed_at: Date | null; review_reason: string | null; proposal: string | null; checklist: unknown
}

const entryShape: z.ZodType<ClientEntry> = z.record(z.string(), z.json())
const tested = z.object({ finishedAt: z.coerce.date().optional(), results: z.array(result) })
const shape = z.object({ id: connectionId, owner: accountId, tried: clientId, entry: entryShape, sector: sector.nullable(), state: z.enum(connectionStates), self_test: tested.nullable() })

/** Where it stands: what became of its proposal is for the proposal to say. */
export const standing = sql<ConnectionState>`
  case when c.state <> 'proposed' or p.state = 'waiting' then c.state when p.state = 'approved' then 'live' else 'submitted' end`
export const from = sql`connection c left join proposal p on p.id = c.proposal`
export const rowsFrom = sql`
  select c.id, c.owner, c.tried, c.entry, c.sector, ${standing} as state, c.created_at, c.submitted_at, c.self_test, c.reviewed_by, c.reviewed_at, c.review_reason,
    c.proposal, c.checklist
  from ${from}`

/** What was sent before this moment and has no answer yet. */
export const late = (before: Date) => sql`c.submitted_at < ${before} and ${standing} in ('submitted', 'proposed')`

export function toConnection(row: Row): Connection {
  const { id, owner, tried, entry, sector: of, state, self_test: selfTest } = shape.parse(row)
  return {
    id, owner, tried, entry, state, createdAt: row.created_at,
    sector: of ?? undefined,
    submittedAt: row.submitted_at ?? undefined,
    selfTest: selfTest ?? undefined,
    review: reviewOf(row),
    proposal: row.proposal === null ? undefined : proposalId.parse(row.proposal),
    checklist: row.checklist === null ? undefined : checklist.parse(row.checklist),
  }
}

function reviewOf({ reviewed_by: by, reviewed_at: at, review_reason: reason }: Row): Connection['review'] {
  return by === null || at === null || reason === null ? undefined : { by: accountId.parse(by), at, reason }
}
