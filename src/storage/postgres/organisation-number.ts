import { sql } from 'kysely'
import type { OrganisationCode } from '#domain/organisation/organisation.ts'
import type { Db } from './db.ts'

/** An arbitrary name for the locks of numbers; no other lock of this program that is named by two has it. */
const numberLock = 7_019_551

/** Whether an established organisation has this number, and until the transaction ends nobody else asks: of racing ones one is first. */
export async function isTaken(db: Db, code: OrganisationCode): Promise<boolean> {
  await db.rows(sql`select pg_advisory_xact_lock(${numberLock}::int, hashtext(${code}))`)
  return (await db.first(sql`select 1 from organisation where code = ${code} and not pending`)) !== undefined
}
