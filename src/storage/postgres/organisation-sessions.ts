import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, clientId, mandateId, organisationId, personId, sector, type MandateId } from '#kernel/id.ts'
import { officeIn } from '#domain/organisation/in-name.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'
import { mandatesHeldBy } from './mandate-row.ts'
import { findOrganisation } from './organisation-row.ts'
import { endSessions } from './service-sessions.ts'

type Open = { organisation_id: string; mandate_id: string | null; account_id: string; client_id: string; sector: string | null; person_id: string }

/**
 * Ends what people do in the name of an organisation for which they may not act any more, within whatever transaction `db` is: the services hear of
 * it, and what was granted is over. Answers how many sessions that were.
 */
export async function endFallen(db: Db, sealer: Sealer, { organisation, at }: { organisation: string; at: Date }): Promise<number> {
  const open = await db.rows(sql<Open>`
    select distinct s.organisation_id, s.mandate_id, s.account_id, s.client_id, c.own->>'sector' as sector, a.person_id
    from (select organisation_id, mandate_id, account_id, client_id from service_session union select organisation_id, mandate_id, account_id, client_id from service_session_earlier) s
    join account a on a.id = s.account_id left join client c on c.id = s.client_id
    where s.organisation_id = ${organisation} order by s.account_id, s.client_id, s.mandate_id`)
  const fallen: Open[] = []
  for (const one of open) if (!(await stands(db, sealer, one, at))) fallen.push(one)
  for (const { organisation_id: whose, mandate_id: mandate, account_id: account, client_id: client } of fallen) {
    await endSessions(db, {
      reason: 'mandate-ended', account: accountId.parse(account), organisation: organisationId.parse(whose), client: clientId.parse(client), at, mandate: mandateOf(mandate),
    })
  }
  return fallen.length
}

const mandateOf = (id: string | null): MandateId | undefined => (id === null ? undefined : mandateId.parse(id))

async function stands(db: Db, sealer: Sealer, one: Open, at: Date): Promise<boolean> {
  const known = await findOrganisation(db, sealer, one.organisation_id)
  const of = sector.safeParse(one.sector).data
  if (known === undefined || of === undefined) return false
  const mandates = await mandatesHeldBy(db, sealer, one)
  return officeIn(known, { person: personId.parse(one.person_id), mandates, client: { id: clientId.parse(one.client_id), sector: of }, ground: mandateOf(one.mandate_id) ?? 'law' }, dayInVietnam(at)) !== undefined
}
