import { sql } from 'kysely'
import { aimOf } from '#domain/break-glass/act.ts'
import type { SealedKey } from '#domain/break-glass/key.ts'
import type { BreakGlassStore } from '#domain/break-glass/store.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

type Row = { id: string; hash: Uint8Array; sealed_at: Date; drilled_at: Date | null; spent_at: Date | null }

const newest = sql<Row>`select id, hash, sealed_at, drilled_at, spent_at from break_glass_key order by sealed_at desc, id desc limit 1`

export const breakGlassKeys = (db: Db): BreakGlassStore => ({
  async newest() {
    const row = await db.first(newest)
    return row && toKey(row)
  },

  async opened(hash) {
    const row = await db.first(sql<Row>`select * from (${newest}) as last where spent_at is null and hash = ${hash}`)
    return row && toKey(row)
  },

  seal: ({ id, hash, proposal }, at, event) => db.transaction(async (tx) => {
    const sealed = await tx.change(sql`insert into break_glass_key (id, hash, proposal_id, sealed_at) values (${id}, ${hash}, ${proposal}, ${at}) on conflict (proposal_id) do nothing`)
    if (sealed === 1) await insertEvents(tx, [event], at)
    return sealed === 1
  }),

  drill: (id, at, event) => db.transaction(async (tx) => {
    await tx.change(sql`update break_glass_key set drilled_at = ${at} where id = ${id}`)
    await insertEvents(tx, [event], at)
  }),

  spend: (id, { acts, at, event }) => db.transaction(async (tx) => {
    if ((await tx.change(sql`update break_glass_key set spent_at = ${at} where id = ${id} and spent_at is null`)) !== 1) return false
    await tx.change(sql`insert into break_glass_act (key_id, act, subject) values ${sql.join(acts.map((act) => sql`(${id}, ${act.act}, ${aimOf(act)})`))}`)
    await insertEvents(tx, [event], at)
    return true
  }),
})

function toKey({ id, sealed_at: sealedAt, drilled_at: drilledAt, spent_at: spentAt }: Row): SealedKey {
  return { id, sealedAt, drilledAt: drilledAt ?? undefined, spentAt: spentAt ?? undefined }
}
