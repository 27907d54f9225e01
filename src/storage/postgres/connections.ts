import { sql } from 'kysely'
import { connectionId } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import { moves, type Move } from '#domain/connection/connection.ts'
import type { ConnectionDirectory } from '#domain/connection/search.ts'
import type { ConnectionStore } from '#domain/connection/store.ts'
import { writeToApplicant } from './applicant.ts'
import { insertEvents } from './audit.ts'
import { connectionDirectory } from './connection-directory.ts'
import { late, rowsFrom, standing, toConnection, type Row } from './connection-row.ts'
import type { Db } from './db.ts'
import { insertProposal } from './proposals.ts'

const most = 500
/** Of what is late: the rest comes when these are answered, or an hour later. */
const mostLate = 100

/** Sets columns of one that stands where the move begins; the row is locked by its update, so of racing ones one finds it so. */
async function moved(db: Db, id: string, { move, set, as }: { move: Move; set: ReturnType<typeof sql>; /** Only where this is its entry still. */ as?: ClientEntry }): Promise<boolean> {
  const unchanged = as === undefined ? sql`` : sql`and c.entry = ${JSON.stringify(as)}::jsonb`
  const changed = await db.change(sql`
    update connection as c set ${set} from connection o left join proposal p on p.id = o.proposal
    where c.id = ${id} and o.id = c.id and o.state = c.state and o.proposal is not distinct from c.proposal
      and ${standing} = any(${[...moves[move]]}) ${unchanged}`)
  return changed === 1
}

const unproposed = sql`proposal = null, checklist = null`

export const connections = (db: Db, rules: Parameters<typeof insertProposal>[1]): ConnectionStore & ConnectionDirectory => ({ ...reading(db), ...moving(db, rules), ...connectionDirectory(db) })

type Reading = 'find' | 'ofOwner' | 'unanswered' | 'behind'

const reading = (db: Db): Pick<ConnectionStore, Reading> => ({
  async find(id) {
    const row = await db.first(sql<Row>`${rowsFrom} where c.id = ${id}`)
    return row && toConnection(row)
  },
  ofOwner: async (owner) => (await db.rows(sql<Row>`${rowsFrom} where c.owner = ${owner} order by c.created_at desc, c.id desc limit ${most}`)).map(toConnection),
  async unanswered(within, before) {
    const reached = within === 'all' ? sql`true` : sql`c.sector = any(${[...within]})`
    return (await db.rows(sql<Row>`${rowsFrom} where ${late(before)} and ${reached} order by c.submitted_at, c.id limit ${mostLate}`)).map(toConnection)
  },
  async behind(proposal) {
    const row = await db.first(sql<Row>`${rowsFrom} where c.proposal = ${proposal}`)
    return row && toConnection(row)
  },
})

const moving = (db: Db, rules: Parameters<typeof insertProposal>[1]): Omit<ConnectionStore, Reading> => ({
  async add({ id, owner, tried, entry, createdAt }) {
    // One before a second person may come back; nothing comes back from where it is live.
    const added = await db.change(sql`
      insert into connection (id, owner, tried, entry, created_at)
      select ${id}::uuid, ${owner}::uuid, ${tried}::text, ${JSON.stringify(entry)}::jsonb, ${createdAt}::timestamptz
      where not exists (
        select from connection c left join proposal p on p.id = c.proposal where c.tried = ${tried} and ${standing} in ('draft', 'submitted', 'returned', 'proposed'))
      on conflict do nothing`)
    return added === 1
  },
  markOverdue: (before, at) => db.transaction(async (tx) => {
    const marked = await tx.rows(sql<{ connection: string }>`
      insert into connection_overdue (connection, submitted_at, at)
      select c.id, c.submitted_at, ${at}::timestamptz from connection c left join proposal p on p.id = c.proposal
      where ${late(before)} and not exists (select from connection_overdue o where o.connection = c.id and o.submitted_at = c.submitted_at)
      order by c.id limit ${mostLate} on conflict do nothing returning connection`)
    if (marked.length > 0) await insertEvents(tx, marked.map(({ connection }) => ({ type: 'connection.overdue', connection: connectionId.parse(connection), by: 'clock' })), at)
    return marked.length
  }),
  save: (id, { entry, sector: of }) => moved(db, id, { move: 'save', set: sql`entry = ${JSON.stringify(entry)}::jsonb, sector = ${of ?? null}` }),
  submit: (id, { at, selfTest, event }) => db.transaction(async (tx) => {
    const set = sql`state = 'submitted', submitted_at = ${at}, self_test = ${JSON.stringify(selfTest)}::jsonb, ${unproposed}`
    if (!(await moved(tx, id, { move: 'submit', set }))) return false
    await insertEvents(tx, [event], at)
    return true
  }),
  withdraw: (id, event, at) => db.transaction(async (tx) => {
    if (!(await moved(tx, id, { move: 'withdraw', set: sql`state = 'withdrawn', ${unproposed}` }))) return false
    await insertEvents(tx, [event], at)
    return true
  }),
  sendBack: ({ id, entry }, { by, at, reason }, event) => db.transaction(async (tx) => {
    const set = sql`state = 'returned', reviewed_by = ${by}, reviewed_at = ${at}, review_reason = ${reason}, ${unproposed}`
    if (!(await moved(tx, id, { move: 'return', set, as: entry }))) return false
    await insertEvents(tx, [event], at)
    await writeToApplicant(tx, { connection: id }, 'returned')
    return true
  }).catch((error: unknown) => {
    // Another of the same client was begun meanwhile, which is from before that was ruled out: this one stays where it is.
    if (error instanceof Error && 'code' in error && error.code === '23505') return false
    throw error
  }),
  propose: ({ id, entry }, { proposal, checklist: list, events }) => db.transaction(async (tx) => {
    await insertProposal(tx, rules, proposal)
    const set = sql`
      state = 'proposed', proposal = ${proposal.id}, checklist = ${JSON.stringify(list)}::jsonb,
      reviewed_by = ${proposal.proposer}, reviewed_at = ${proposal.proposedAt}, review_reason = ${proposal.reason}`
    if (!(await moved(tx, id, { move: 'propose', set, as: entry }))) throw new Lost()
    await insertEvents(tx, events, proposal.proposedAt)
    return true
  }).catch((error: unknown) => {
    if (error instanceof Lost) return false
    throw error
  }),
})

/** Undoes a proposal whose request somebody else has taken. */
class Lost extends Error {}
