import { sql, type RawBuilder } from 'kysely'
import { organisationId } from '#kernel/id.ts'
import { organisationCode } from '#domain/organisation/organisation.ts'
import type { FileSearch, OrganisationDirectory } from '#domain/organisation/search.ts'
import type { Db } from './db.ts'
import { applicationColumns, applicationOf, type ApplicationRow } from './organisation-row.ts'
import { beginningsOf, every, beginsWith, plain } from './sought.ts'

type Row = ApplicationRow & { organisation_id: string; code: string; name: string }

export const organisationDirectory = (db: Db): OrganisationDirectory => ({
  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from ${from} where ${where}`)
    const rows = await db.rows(sql<Row>`
      select ${applicationColumns}, b.organisation_id, o.code, o.name from ${from} where ${where} order by ${orders[order]}, b.id limit ${most} offset ${offset}`)
    return { rows: rows.map(fileOf), all: counted?.all ?? 0 }
  },
})

const from = sql`organisation_application b join organisation o on o.id = b.organisation_id`
const open = sql`b.state in ('waiting', 'examined')`

const orders = {
  due: sql`b.due_on`, newest: sql`b.applied_at desc`, oldest: sql`b.applied_at`, name: plain(sql`o.name`), code: sql`o.code`,
} satisfies Record<FileSearch['order'], RawBuilder<unknown>>

const fileOf = ({ organisation_id: id, code, name, ...row }: Row) =>
  ({ organisation: { id: organisationId.parse(id), code: organisationCode.parse(code), name }, application: applicationOf(id, row) })

function conditionOf({ state, today, text }: Pick<FileSearch, 'state' | 'today' | 'text'>): RawBuilder<unknown> {
  return every([
    // The clock runs from the complete file, so that one without it has not come to the authority.
    sql`b.due_on is not null`,
    state === 'open' || state === 'overdue' ? open : state !== 'all' && sql`b.state = ${state}`,
    state === 'overdue' && sql`b.due_on < ${today}`,
    text && found(text),
  ])
}

/** Each half goes down an index of its own (migration 0070): a country has a million organisations, and nearly all have once applied. */
const found = (text: string) => sql`b.id in (
  select named.id from organisation named_by join organisation_application named on named.organisation_id = named_by.id
  where sought_words(named_by.code || ' ' || named_by.name) @@ to_tsquery('simple', ${beginningsOf(text)})
  union all select referred.id from organisation_application referred where ${beginsWith(sql`referred.reference`, text)})`
