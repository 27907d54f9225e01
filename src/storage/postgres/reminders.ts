import { sql } from 'kysely'
import { accountId, clientId, connectionId } from '#kernel/id.ts'
import type { ReminderStore } from '#domain/connection/reminder.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterOf } from '#storage/jobs/letter.ts'
import type { Db } from './db.ts'

type Row = { connection: string; owner: string; client: string }

export const reminders = (db: Db): ReminderStore => ({
  async connected() {
    const rows = await db.rows(sql<Row>`
      select c.id as connection, c.owner, p.subject as client from connection c join proposal p on p.id = c.proposal
      where c.state = 'proposed' and p.state = 'approved' order by c.id`)
    return rows.map(({ connection, owner, client }) => ({ connection: connectionId.parse(connection), owner: accountId.parse(owner), client: clientId.parse(client) }))
  },

  remind: ({ client, what, at: endsAt, days }, letters, at) => db.transaction(async (tx) => {
    const first = await tx.change(sql`
      insert into expiry_letter (client_id, what, ends_at, days, at) values (${client}, ${what}, ${endsAt}, ${days}, ${at}) on conflict do nothing`)
    if (first === 1) await enqueue(tx, letters.map(letterOf))
    return first === 1
  }),

  warn: ({ client, kid }, letters, at) => db.transaction(async (tx) => {
    const first = await tx.change(sql`insert into key_set_letter (client_id, kid, at) values (${client}, ${kid}, ${at}) on conflict do nothing`)
    if (first === 1) await enqueue(tx, letters.map(letterOf))
    return first === 1
  }),
})
