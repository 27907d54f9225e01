import { sql } from 'kysely'
import type { Day } from '#kernel/clock.ts'
import { accountId, sector } from '#kernel/id.ts'
import { post } from '#domain/officer/post.ts'
import type { Role, RoleGrant } from '#domain/officer/role.ts'
import type { RoleState } from '#domain/officer/search.ts'

export type Row = { id: string; account_id: string; role: Role; sector: string | null; post: unknown; since: Date; ends_on: string; ended_at: Date | null }

export const columns = sql`id, account_id, role, sector, post, since, ends_on, ended_at`

/** As `inForce` says it. */
export const stateIs = (state: RoleState, today: Day) => ({
  'in-force': sql`ended_at is null and ends_on >= ${today}`,
  over: sql`ended_at is null and ends_on < ${today}`,
  ended: sql`ended_at is not null`,
})[state]

export function toGrant(row: Row): RoleGrant {
  return {
    id: row.id,
    account: accountId.parse(row.account_id),
    role: row.role,
    sector: row.sector === null ? undefined : sector.parse(row.sector),
    ...(row.post !== null && { post: post.parse(row.post) }),
    since: row.since,
    endsOn: row.ends_on,
    endedAt: row.ended_at ?? undefined,
  }
}
