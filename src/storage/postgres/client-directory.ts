import { sql, type RawBuilder } from 'kysely'
import { clientId } from '#kernel/id.ts'
import type { Client, ClientState } from '#domain/client/client.ts'
import type { ClientDirectory, ClientSearch } from '#domain/client/directory.ts'
import type { Db } from './db.ts'
import { every, holds, plain } from './sought.ts'

type Row = { id: string; own: Client['own']; name: string; state: ClientState }

export const clientDirectory = (db: Db): ClientDirectory => ({
  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from client where ${where}`)
    const rows = await db.rows(sql<Row>`
      select id, own, registered->>'client_name' as name, state from client where ${where} order by ${orders[order]}, id limit ${most} offset ${offset}`)
    return { all: counted?.all ?? 0, lines: rows.map(toLine) }
  },

  async usedBy(client, since) {
    const found = await db.first(sql<{ people: number }>`
      select count(distinct account_id) as people from service_session where client_id = ${client} and since >= ${since}`)
    return found?.people ?? 0
  },
})

const orders = {
  name: plain(sql`own->'legal_name'->>'vi'`),
  id: sql`id`,
  sector: sql`own->>'sector'`,
  ends: sql`own->>'ends_on' nulls last`,
  changed: sql`changed_at desc`,
} satisfies Record<ClientSearch['order'], RawBuilder<unknown>>

function conditionOf({ within, state, sector, text }: Pick<ClientSearch, 'within' | 'state' | 'sector' | 'text'>): RawBuilder<unknown> {
  if (within !== 'all' && within.length === 0) return sql`false`
  return every([
    within !== 'all' && sql`own->>'sector' in (${sql.join(within)})`,
    state && sql`state = ${state}`,
    sector && sql`own->>'sector' = ${sector}`,
    text && holds(sql`concat_ws(' ', id, registered->>'client_name', own->'legal_name'->>'vi', own->'legal_name'->>'en')`, text),
  ])
}

function toLine({ id, own, name, state }: Row) {
  const { sector, legal_name: legalName, profile, relying_party_class, minimum_account_level, minimum_authentication_level, ends_on } = own
  return {
    id: clientId.parse(id), name, legalName, sector, state, profile, relying_party_class, minimum_account_level, minimum_authentication_level,
    ...(ends_on !== undefined && { ends_on }),
  }
}
