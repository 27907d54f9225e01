import { sql } from 'kysely'
import { accountId, clientId, newId } from '#kernel/id.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

type Row = { granted: Record<string, string>; declined: Record<string, string>; given_at: Date }

export const consents = (db: Db): ConsentStore => ({
  async find(account, client, by) {
    const row = await db.first(sql<Row>`
      select granted, declined, given_at from consent
      where account_id = ${account} and client_id = ${client} and given_by is not distinct from ${by ?? null}::uuid order by given_at desc, id desc limit 1`)
    return row && { granted: row.granted, declined: row.declined, givenAt: row.given_at }
  },

  async byOthers(account, most) {
    const rows = await db.rows(sql<{ client_id: string; given_by: string; given_at: Date }>`
      select client_id, given_by, given_at from consent where account_id = ${account} and given_by is not null order by given_at desc, id desc limit ${most}`)
    return rows.map((row) => ({ client: clientId.parse(row.client_id), by: accountId.parse(row.given_by), givenAt: row.given_at }))
  },

  record: ({ account, client, by, consent: { granted, declined, givenAt }, event }) => db.transaction(async (tx) => {
    await tx.change(sql`
      insert into consent (account_id, client_id, id, granted, declined, given_at, given_by)
      values (${account}, ${client}, ${newId()}, ${JSON.stringify(granted)}::jsonb, ${JSON.stringify(declined)}::jsonb, ${givenAt}, ${by ?? null})`)
    await insertEvents(tx, [event], givenAt)
  }),
})
