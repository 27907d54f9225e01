import { sql, type RawBuilder } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { ownPagesId } from '#domain/client/client.ts'
import type { StaffDirectory, StaffSearch } from '#domain/officer/staff.ts'
import type { Db } from './db.ts'
import { columns, stateIs, toGrant, type Row as GrantRow } from './role-row.ts'
import { every, holds } from './sought.ts'

type Row = GrantRow & { last_sign_in: Date | null; keys: number; attested: number }

export const staffDirectory = (db: Db): StaffDirectory => ({
  async search({ order, offset, most, ...wish }) {
    const where = conditionOf(wish)
    const counted = await db.first(sql<{ all: number }>`select count(*) as all from officer_role r, ${keysOfHolder} where ${where}`)
    const rows = await db.rows(sql<Row>`
      select ${columns}, last_sign_in, keys, attested from officer_role r, ${keysOfHolder}, ${lastSignIn}
      where ${where} order by ${orders[order]}, id desc limit ${most} offset ${offset}`)
    return { rows: rows.map((row) => ({ grant: toGrant(row), lastSignIn: row.last_sign_in ?? undefined, keys: { all: row.keys, attested: row.attested } })), all: counted?.all ?? 0 }
  },
})

const keysOfHolder = sql`lateral (
  select count(*)::int as keys, (count(*) filter (where hardware_bound))::int as attested from passkey where passkey.account_id = r.account_id and removed_at is null) as held`

/** At the pages of this system, the console among them. */
const lastSignIn = sql`lateral (
  select max(e.at) as last_sign_in from (
    select at from audit_event where audit_event.account_id = r.account_id and type = 'login.finished' and client_id = ${ownPagesId} order by audit_event.id desc limit 1) as e) as seen`

const orders = {
  newest: sql`id desc`, oldest: sql`id`, role: sql`role`, desk: sql`post->>'commune' nulls last, post->>'desk'`, ends: sql`ends_on`, unseen: sql`last_sign_in nulls first`,
} satisfies Record<StaffSearch['order'], RawBuilder<unknown>>

const standings = { attested: sql`attested > 0`, unattested: sql`keys > 0 and attested = 0`, none: sql`keys = 0` } satisfies Record<NonNullable<StaffSearch['keys']>, RawBuilder<unknown>>

function conditionOf({ within, role, state, at, sector, place, keys }: Omit<StaffSearch, 'order' | 'offset' | 'most'>): RawBuilder<unknown> {
  return every([
    sql`role = any(${[...within]})`,
    role && sql`role = ${role}`,
    state && stateIs(state, dayInVietnam(at)),
    sector && sql`sector = ${sector}`,
    place && holds(sql`concat_ws(' ', post->>'desk', post->>'commune')`, place),
    keys && standings[keys],
  ])
}
