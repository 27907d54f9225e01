import { sql, type RawBuilder } from 'kysely'
import { accountId, mandateId, organisationId, personId } from '#kernel/id.ts'
import { mandateScope, type Mandate } from '#domain/organisation/mandate.ts'
import { personalNumber } from '#domain/registry/person.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'

export type MandateRow = {
  id: string; organisation_id: string; role: string; services: string[]; sectors: string[]; starts_on: string; ends_on: string
  giver_person_id: string; giver_account_id: string; number: Uint8Array; name: Uint8Array; person_id: string | null; account_id: string | null; state: Mandate['state']
}

/** Bound to its mandate: what names somebody in one does not open in another. */
export const mandatePlace = (column: 'number' | 'name', id: string) => ({ table: 'mandate', column, row: id })

const columns = sql`m.id, m.organisation_id, m.role, m.services, m.sectors, m.starts_on::text as starts_on, m.ends_on::text as ends_on,
  m.giver_person_id, m.giver_account_id, m.number, m.name, m.person_id, m.account_id, m.state`

export async function mandatesWhere(db: Db, sealer: Sealer, which: RawBuilder<unknown>): Promise<readonly Mandate[]> {
  const rows = await db.rows(sql<MandateRow>`select ${columns} from mandate m ${which}`)
  return rows.map((row) => mandateOf(sealer, row))
}

/** What an account has accepted from one organisation. */
export function mandatesHeldBy(db: Db, sealer: Sealer, { organisation_id: organisation, account_id: account }: { organisation_id: string; account_id: string }): Promise<readonly Mandate[]> {
  return mandatesWhere(db, sealer, sql`where m.account_id = ${account} and m.organisation_id = ${organisation} and m.state = 'accepted' order by m.id`)
}

function mandateOf(sealer: Sealer, row: MandateRow): Mandate {
  const { person_id: person, account_id: account } = row
  return {
    id: mandateId.parse(row.id),
    organisation: organisationId.parse(row.organisation_id),
    role: row.role,
    scope: mandateScope.parse({ services: row.services, sectors: row.sectors }),
    startsOn: row.starts_on,
    endsOn: row.ends_on,
    giver: { person: personId.parse(row.giver_person_id), account: accountId.parse(row.giver_account_id) },
    named: { number: personalNumber.parse(sealer.open(row.number, mandatePlace('number', row.id))), name: sealer.open(row.name, mandatePlace('name', row.id)) },
    holder: person === null || account === null ? undefined : { person: personId.parse(person), account: accountId.parse(account) },
    state: row.state,
  }
}
