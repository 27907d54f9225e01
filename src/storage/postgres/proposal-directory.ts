import { sql, type RawBuilder } from 'kysely'
import type { ProposalDirectory, ProposalReader, ProposalSearch } from '#domain/proposal/search.ts'
import type { Db } from './db.ts'
import { columns, toProposal, type Row } from './proposal-row.ts'
import { every, holds } from './sought.ts'

export const proposalDirectory = (db: Db): ProposalDirectory => ({
  async search({ order, offset, most, ...wish }) {
    const from = sql`proposal left join client on client.id = proposal.subject and act like 'client.%' where ${conditionOf(wish)}`
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from ${from}`)
    const rows = await db.rows(sql<Row>`select ${columns} from ${from} order by ${orders[order]}, proposal.id desc limit ${most} offset ${offset}`)
    return { rows: rows.map(toProposal), all: counted?.all ?? 0 }
  },
})

const orders = {
  newest: sql`proposal.id desc`, oldest: sql`proposal.id`, act: sql`act`, subject: sql`subject`, decided: sql`decided_at desc nulls last`,
} satisfies Record<ProposalSearch['order'], RawBuilder<unknown>>

function conditionOf({ reader, state, act, subject }: Pick<ProposalSearch, 'reader' | 'state' | 'act' | 'subject'>): RawBuilder<unknown> {
  return every([
    sql`(proposer = ${reader.account} or ${readBy(reader)})`,
    state === 'decided' ? sql`proposal.state <> 'waiting'` : sql`proposal.state = ${state}`,
    act && sql`act = ${act}`,
    subject && holds(sql`subject`, subject),
  ])
}

/** What `ownersOf` and `readerOf` say of each of them: a client belongs to its sector as it is and as it would be. */
function readBy({ clients, roles, keys, breakGlass, doubts }: ProposalReader): RawBuilder<unknown> {
  const [now, wanted] = [sql`(client.own->>'sector')`, sql`(change->'entry'->>'sector')`]
  const within = (sector: RawBuilder<unknown>, all: readonly string[]) => sql`(${sector} is null or ${sector} in (${sql.join(all)}))`
  const ofClient = clients === 'all' ? sql`true`
    : clients.length === 0 ? sql`false` : sql`(coalesce(${now}, ${wanted}) is not null and ${within(now, clients)} and ${within(wanted, clients)})`
  return sql`case when act like 'client.%' then ${ofClient} when act like 'role.%' then ${roles}::boolean
    when act = 'break-glass.seal' then ${breakGlass}::boolean when act like 'key.%' then ${keys}::boolean when act = 'doubt.end' then ${doubts}::boolean else false end`
}
