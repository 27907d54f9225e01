import { sql } from 'kysely'
import { newId } from '#kernel/id.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

type Row = { granted: Record<string, string>; declined: Record<string, string>; given_at: Date }

export const consents = (db: Db): ConsentStore => ({
  async find(account, client) {
    const row = await db.first(sql<Row>`
      select granted, declined, given_at from consent where account_id = ${account} and client_id = ${client} order by given_at desc, id desc limit 1`)
    return row && { granted: row.granted, declined: row.declined, givenAt: row.given_at }
  },

  record: ({ account, client, consent: { granted, declined, givenAt }, event }) => db.transaction(async (tx) => {
    await tx.change(sql`
      insert into consent (account_id, client_id, id, granted, declined, given_at)
      values (${account}, ${client}, ${newId()}, ${JSON.stringify(granted)}::jsonb, ${JSON.stringify(declined)}::jsonb, ${givenAt})`)
    await insertEvents(tx, [event], givenAt)
  }),
})
