import { sql } from 'kysely'
import { accountId, clientId, personId, type AccountId } from '#kernel/id.ts'
import type { Db } from '#storage/postgres/db.ts'

/** When the made-up events end; the last one is a second before. */
export const endOfEvents = new Date('2026-11-26T00:00:00Z')

const uuid = (kind: string, at: number) => `00000000-0000-7000-8${kind}-${at.toString(16).padStart(12, '0')}`
export const citizenAt = (at: number): AccountId => accountId.parse(uuid('0c0', at))
export const officerAt = (at: number): AccountId => accountId.parse(uuid('0ff', at))
export const personAt = (at: number) => personId.parse(uuid('0be', at))
export const [busyClient, rareClient] = [clientId.parse('portal'), clientId.parse('client-7')]

/**
 * So many events, one a second, as a system has them: most are sign-ins and what they give, half of them at one service, each citizen has
 * some thirty, and one in a thousand is the work of one of fifty officers.
 */
export async function addEvents(db: Db, { from = 0, to }: { from?: number; to: number }, of: number): Promise<void> {
  await db.change(sql`
    insert into audit_event (id, at, type, client_id, account_id, actor, data)
    select
      (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || lpad(to_hex(n % 4096), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      to_timestamp(ms / 1000.0),
      case when n % 1000 = 0 then 'audit.looked-up' when n % 1000 = 500 then 'registry.shown' when n % 100 = 7 then 'login.refused'
        when n % 3 = 0 then 'login.finished' when n % 3 = 1 then 'token.issued' else 'claims.released' end,
      case when n % 500 = 0 then null when mixed % 2 = 0 then 'portal' else 'client-' || (mixed / 2) % 199 end,
      case when n % 1000 = 500 then null else ('00000000-0000-7000-80c0-' || lpad(to_hex(mixed % greatest(1, ${of}::bigint / 30)), 12, '0'))::uuid end,
      case when n % 1000 = 0 then ('00000000-0000-7000-80ff-' || lpad(to_hex(mixed % 50), 12, '0'))::uuid end,
      case when n % 1000 = 500 then jsonb_build_object('person', '00000000-0000-7000-80be-' || lpad(to_hex(mixed % 100), 12, '0'), 'revealed', false)
        else jsonb_build_object('grant', 'g' || n, 'through', 'userinfo') end
    from (
      select n, ms, (n * 2654435761) % 4294967291 as mixed, lpad(to_hex(ms), 12, '0') as hex
      from (select n, ${endOfEvents.getTime()}::bigint - (${of}::bigint - n) * 1000 as ms from generate_series(${from}::bigint, ${to}::bigint - 1) as n) as numbered
    ) as timed`)
}
