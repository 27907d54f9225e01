import { sql, type RawBuilder } from 'kysely'
import type { DeskDirectory, DeskSearch } from '#domain/desk/search.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'
import { selected, toApplication, type Row } from './desk-row.ts'
import { every, holds } from './sought.ts'

export const deskDirectory = (db: Db, sealer: Sealer): DeskDirectory => ({
  async search({ order, offset, most, commune, today, ...wish }) {
    const late = sql`a.due_on < ${today}`
    const open = sql`a.commune = ${commune} and a.state = 'open'`
    const where = every([open, ...conditionsOf(wish), wish.state === 'overdue' && late])
    const counted = await db.first(sql<{ all: number; late: number }>`
      select (select count(*) from desk_application a where ${where}) as all, (select count(*) from desk_application a where ${open} and ${late}) as late`)
    const rows = await db.rows(sql<Row>`${selected} where ${where} order by ${orders[order]}, a.id limit ${most} offset ${offset}`)
    return { rows: rows.map((row) => toApplication(row, sealer)), all: counted?.all ?? 0, late: counted?.late ?? 0 }
  },
})

const orders = {
  due: sql`a.due_on`, newest: sql`a.received_at desc`, oldest: sql`a.received_at`, purpose: sql`a.purpose, a.due_on`,
} satisfies Record<DeskSearch['order'], RawBuilder<unknown>>

function conditionsOf({ purpose, text }: Pick<DeskSearch, 'purpose' | 'text'>): readonly (RawBuilder<unknown> | undefined | '')[] {
  return [purpose && sql`a.purpose = ${purpose}`, text && holds(sql`concat_ws(' ', a.reference, a.case_number)`, text)]
}
