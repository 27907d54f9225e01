import { sql } from 'kysely'
import { accountId, passkeyId, personId, type AccountId, type PersonId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import type { LockGround, Paper } from '#domain/account/ground.ts'
import type { AccountWithLife } from '#domain/account/store.ts'
import type { Db } from './db.ts'

export type AccountRow = {
  id: string
  person_id: string
  level: 1 | 2
  held_until: Date | null
  state: Account['state']
  paper: Paper | null
  expires_on: string | null
  created_at: Date
  signed_out_at: Date | null
  court_days: string[] | null
  locks: { ground: LockGround; since: string; lost: boolean; by_code: boolean; first_report: string | null; openings: Record<string, string> }[] | null
}

export const accountColumns = sql`
  a.id, a.person_id, a.level, a.held_until, a.state, a.paper, a.expires_on::text as expires_on, a.created_at, a.signed_out_at,
  (select array_agg(c.day::text order by c.day) from court_day c where c.person_id = a.person_id) as court_days,
  (select jsonb_agg(jsonb_build_object('ground', l.ground, 'since', l.since, 'lost', l.lost, 'by_code', l.by_code, 'first_report', l.first_report, 'openings', l.openings)) from account_lock l where l.account_id = a.id) as locks`

/** The account and what the registry says of its person. */
export async function findAccount(db: Db, id: AccountId): Promise<AccountWithLife | undefined> {
  const row = await db.first(sql<AccountRow & { life: AccountWithLife['life'] | null }>`
    select ${accountColumns}, p.life from account a left join person p on p.id = a.person_id where a.id = ${id}`)
  // Someone whom the registry no longer lists is treated as missing there, not as dead.
  return row && { account: toAccount(row), life: row.life ?? 'missing' }
}

export function toAccount(row: AccountRow): Account {
  const person: PersonId = personId.parse(row.person_id)
  return {
    id: accountId.parse(row.id),
    person,
    level: row.level,
    heldUntil: row.held_until ?? undefined,
    state: row.state,
    locks: (row.locks ?? []).map(toLock),
    paper: row.paper ?? undefined,
    expiresOn: row.expires_on ?? undefined,
    createdAt: row.created_at,
    signedOutAt: row.signed_out_at ?? undefined,
    ...(row.court_days && { courtDays: row.court_days }),
  }
}

function toLock({ ground, since, lost, by_code: byCode, first_report: first, openings }: NonNullable<AccountRow['locks']>[number]): Account['locks'][number] {
  if (!lost) return { ground, since: new Date(since) }
  return { ground, since: new Date(since), lost, ...(byCode && { byCode }), ...(first !== null && first !== since && { firstReport: new Date(first) }), ...openingsIn(openings) }
}

function openingsIn(openings: Readonly<Record<string, string>>): Pick<Account['locks'][number], 'openings'> {
  const all = Object.entries(openings).map(([passkey, at]) => ({ passkey: passkeyId.parse(passkey), at: new Date(at) }))
  return all.length === 0 ? {} : { openings: all }
}
