import { sql, type RawBuilder } from 'kysely'
import { accountId, firstIdAt } from '#kernel/id.ts'
import { ownActs } from '#domain/audit/shown.ts'
import type { AuditTrail, Recorded, Search } from '#domain/audit/trail.ts'
import type { Db } from './db.ts'

type Row = { id: string; at: Date; type: string; client_id: string | null; account_id: string | null; actor: string | null; data: Recorded['data'] }

const columns = sql`id, at, type, client_id, account_id, actor, data`

export const auditTrail = (db: Db): AuditTrail => ({
  async search(search, most) {
    return (await db.rows(searchStatement(search, most))).map(toRecorded)
  },

  async lookUp(id, { by, since }) {
    const row = await db.first(sql<Row>`
      select ${columns} from audit_event
      where actor = ${by} and id >= ${firstIdAt(since)} and type = 'audit.looked-up' and data->>'lookup' = ${id}`)
    if (row === undefined) return undefined
    const { account, at, data: { case: number } } = toRecorded(row)
    return { account, at, case: typeof number === 'string' ? number : '' }
  },

  async looksAt(who, most, older) {
    return (await db.rows(looksStatement(who, most, older))).map(toRecorded)
  },

  async count({ by, type, reason, since }) {
    const row = await db.first(sql<{ count: number }>`
      select count(*) as count from audit_event
      where actor = ${by} and id >= ${firstIdAt(since)} and type = ${type}${reason === undefined ? sql`` : sql` and data->>'reason' = ${reason}`}`)
    return row?.count ?? 0
  },
})

export function searchStatement({ from, to, by, account, client, type, reference, older, oldestFirst = false }: Search, most: number): RawBuilder<Row> {
  const wanted = [
    sql`id >= ${firstIdAt(from)}`,
    sql`id < ${firstIdAt(to)}`,
    ...(by === undefined ? [] : [sql`actor = ${by}`, sql`type <> all(${[...ownActs]})`]),
    ...(account === undefined ? [] : [sql`account_id = ${account}`]),
    ...(client === undefined ? [] : [sql`client_id = ${client}`]),
    ...(type === undefined ? [] : [sql`type = ${type}`]),
    ...(reference === undefined ? [] : [sql`id = ${reference}`]),
    ...(older === undefined ? [] : [oldestFirst ? sql`id > ${older}` : sql`id < ${older}`]),
  ]
  return sql<Row>`select ${columns} from audit_event where ${sql.join(wanted, sql` and `)} order by id ${oldestFirst ? sql`asc` : sql`desc`} limit ${most}`
}

/** Two walks down two indexes: operators look at a record of the registry, which may have no account. */
export function looksStatement({ account, person }: Parameters<AuditTrail['looksAt']>[0], most: number, older?: string): RawBuilder<Row> {
  const rest = older === undefined ? sql`` : sql` and id < ${older}`
  return sql<Row>`
    (select ${columns} from audit_event where account_id = ${account} and type in ('audit.looked-up', 'account.shown')${rest} order by id desc limit ${most})
    union all
    (select ${columns} from audit_event where type = 'registry.shown' and data->>'person' = ${person}${rest} order by id desc limit ${most})
    order by id desc limit ${most}`
}

function toRecorded({ id, at, type, client_id: client, account_id: account, actor, data }: Row): Recorded {
  return {
    id, at, type, data,
    client: client ?? undefined,
    account: account === null ? undefined : accountId.parse(account),
    actor: actor === null ? undefined : accountId.parse(actor),
  }
}
