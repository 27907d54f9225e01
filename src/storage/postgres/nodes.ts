import { sql } from 'kysely'
import { goneSeconds, type KeyNodeStore } from '#domain/signing-key/store.ts'
import type { Db } from './db.ts'

/** Nodes that have not said anything for a day are forgotten. */
const forgottenMilliseconds = 86_400_000

export const keyNodes = (db: Db): KeyNodeStore => ({
  async say({ id, name, kids }, at) {
    await db.change(sql`
      insert into node (id, name, kids, seen_at) values (${id}, ${name}, ${JSON.stringify(kids)}::jsonb, ${at})
      on conflict (id) do update set kids = excluded.kids, seen_at = excluded.seen_at`)
    await db.change(sql`delete from node where seen_at < ${new Date(at.getTime() - forgottenMilliseconds)}`)
  },

  async leave(id) {
    await db.change(sql`delete from node where id = ${id}`)
  },

  async lacking(kid, now) {
    const since = new Date(now.getTime() - goneSeconds * 1000)
    const rows = await db.rows(sql<{ name: string }>`select name from node where seen_at >= ${since} and not kids @> ${JSON.stringify([kid])}::jsonb order by name`)
    return rows.map(({ name }) => name)
  },
})
