import { sql } from 'kysely'
import { clientId, mandateId, organisationId, sector } from '#kernel/id.ts'
import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { represents } from '#domain/organisation/organisation.ts'
import type { Known, OpenService, OrganisationGrants, OrganisationStore } from '#domain/organisation/store.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Database, Db } from './db.ts'
import { answerMandate, endGiven, endMandate, mandatesFor, offer } from './mandates.ts'
import { mandatesWhere } from './mandate-row.ts'
import { moveOrganisation } from './organisation-account.ts'
import { declare } from './organisation-declared.ts'
import { answer, apply, examine, issue, refuse, withdraw } from './organisation-applications.ts'
import { importOrganisationsInto } from './organisation-import.ts'
import { findOrganisation } from './organisation-row.ts'
import { endFallen } from './organisation-sessions.ts'

type Door = Db & Partial<Pick<Database, 'patiently'>>

/** Organisations in PostgreSQL and PGlite. Whatever changes something of one holds its row first. */
export const organisations = (db: Door, sealer: Sealer, clock: Clock): OrganisationStore => ({
  importAll: (batches) => {
    const work = (slow: Db) => slow.transaction((tx) => importOrganisationsInto(tx, sealer, batches, clock.now()))
    return db.patiently === undefined ? work(db) : db.patiently(work)
  },
  find: (id) => findOrganisation(db, sealer, id),
  findByCode: (code) => theOne(db, sealer, db.first(sql<{ id: string }>`select id from organisation where code = ${code} and not pending`)),
  async findApplication(id) {
    const row = await db.first(sql<{ organisation_id: string }>`select organisation_id from organisation_application where id = ${id}`)
    return row && findOrganisation(db, sealer, row.organisation_id, id)
  },
  async representedBy(person) {
    const rows = await db.rows(sql<{ id: string }>`
      select distinct r.organisation_id as id from organisation_representative r
      where r.blind in (select blind from person_number where person_id = ${person}) order by id limit 200`)
    return rows.map(({ id }) => organisationId.parse(id))
  },
  async representsNow(organisation, { person, at }) {
    return represents((await findOrganisation(db, sealer, organisation))?.representatives ?? [], person, dayInVietnam(at))
  },

  apply: (organisation, opening, by) => db.transaction((tx) => apply(tx, sealer, { organisation, ...opening, ...by })),
  declare: (declaration, as, by) => db.transaction((tx) => declare(tx, sealer, { declaration, ...as, ...by })),
  answer: (organisation, agrees, by) => db.transaction((tx) => answer(tx, sealer, { organisation, agrees, ...by })),
  withdraw: (organisation, by) => db.transaction((tx) => withdraw(tx, sealer, { organisation, ...by })),
  examine: (id, officer) => db.transaction((tx) => examine(tx, sealer, id, officer)),
  issue: (id, officer) => db.transaction((tx) => issue(tx, sealer, id, officer)),
  refuse: (id, officer) => db.transaction((tx) => refuse(tx, sealer, id, officer)),
  move: (organisation, move, by) => db.transaction((tx) => moveOrganisation(tx, sealer, organisation, { move, ...by })),

  offer: (mandate, by) => db.transaction((tx) => offer(tx, sealer, mandate, by)),
  mandatesFor: (person) => mandatesFor(db, sealer, { person, today: dayInVietnam(clock.now()) }),
  mandatesOf: (organisation, most) => mandatesWhere(db, sealer, sql`where m.organisation_id = ${organisation} order by (m.state in ('offered', 'accepted')) desc, m.id desc limit ${most}`),
  accept: (id, by) => db.transaction((tx) => answerMandate(tx, sealer, id, { accepts: true, ...by })),
  decline: (id, by) => db.transaction((tx) => answerMandate(tx, sealer, id, { accepts: false, ...by })),
  end: (id, by) => db.transaction((tx) => endMandate(tx, sealer, id, by)),
  endGiven: (giver, when) => endGiven(db, sealer, giver, when),

  services: async () => (await db.rows(openServices)).map(serviceOf),
  async lastChoice(account, client) {
    const row = await db.first(sql<{ id: string | null }>`select organisation_id as id from organisation_choice where account_id = ${account} and client_id = ${client}`)
    if (row === undefined) return undefined
    return row.id === null ? null : organisationId.parse(row.id)
  },
  async choose(account, client, choice) {
    await db.change(sql`
      insert into organisation_choice (account_id, client_id, organisation_id) values (${account}, ${client}, ${choice})
      on conflict (account_id, client_id) do update set organisation_id = excluded.organisation_id`)
  },
  async follow(at) {
    // One organisation is one commit: what was done stays done where it breaks off.
    const open = await db.rows(sql<{ id: string }>`
      select organisation_id as id from service_session where organisation_id is not null union select organisation_id from service_session_earlier where organisation_id is not null`)
    let ended = 0
    for (const { id } of open) ended += await db.transaction((tx) => endFallen(tx, sealer, { organisation: id, at }))
    await db.change(sql`delete from organisation_grant where at < ${new Date(at.getTime() - longestGrant)}`)
    return ended
  },
})

/** A day longer than any grant may live (`ttlSchema`). */
const longestGrant = 91 * 86_400_000

async function theOne(db: Db, sealer: Sealer, asked: Promise<{ id: string } | undefined>): Promise<Known | undefined> {
  const row = await asked
  return row && findOrganisation(db, sealer, row.id)
}

type ServiceRow = { id: string; sector: string; name: string; legal_name: OpenService['legalName'] }

const openServices = sql<ServiceRow>`
  select id, own->>'sector' as sector, registered->>'client_name' as name, own->'legal_name' as legal_name
  from client where own->'in_name_of' @> '["organisation"]'::jsonb order by own->'legal_name'->>'vi', id limit 200`

const serviceOf = ({ id, sector: of, name, legal_name: legalName }: ServiceRow): OpenService => ({ client: clientId.parse(id), sector: sector.parse(of), name, legalName })

export const organisationGrants = (db: Db): OrganisationGrants => ({
  async find(grant) {
    const row = await db.first(sql<{ id: string; mandate: string | null }>`select organisation_id as id, mandate_id as mandate from organisation_grant where grant_id = ${grant}`)
    return row && { organisation: organisationId.parse(row.id), ...(row.mandate !== null && { mandate: mandateId.parse(row.mandate) }) }
  },
  async put(grant, { organisation, mandate, account, client, at }) {
    await db.change(sql`
      insert into organisation_grant (grant_id, organisation_id, mandate_id, account_id, client_id, at) values (${grant}, ${organisation}, ${mandate ?? null}, ${account}, ${client}, ${at})
      on conflict (grant_id) do update set at = excluded.at`)
  },
})
