import { sql } from 'kysely'
import { accountId, applicationId, organisationId, personId, type ApplicationId } from '#kernel/id.ts'
import type { OrganisationApplication } from '#domain/organisation/application.ts'
import { organisationCode, type Organisation, type Representative } from '#domain/organisation/organisation.ts'
import type { OrganisationAccount } from '#domain/organisation/account.ts'
import type { Declared, DeclaredKind } from '#domain/organisation/declared.ts'
import type { Known } from '#domain/organisation/store.ts'
import { personalNumber } from '#domain/registry/person.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'

export type OrganisationRow = {
  id: string; code: string; name: string; foreign_name: string | null; tax_code: string | null; address: string | null; state: Organisation['state']
  pending: boolean; kind: DeclaredKind | null; papers_number: string | null; papers_issuer: string | null; papers_on: string | null
  account_state: OrganisationAccount['state'] | null; issued_at: Date | null; locks: OrganisationAccount['locks'] | null
}

type RepresentativeRow = { blind: Uint8Array; number: Uint8Array; name: Uint8Array; since: string; until: string | null; person_id: string | null; life: string | null }

export type ApplicationRow = {
  id: string; reference: string; person_id: string; account_id: string; state: OrganisationApplication['state']; applied_at: Date; due_on: string | null
  examined_by: string | null; refusal: OrganisationApplication['refusal'] | null; agreed: string[] | null; papers_seen: string | null
}

/** Bound to organisation and number, so that no sealed value opens in the row of another. */
export const representativePlace = (column: 'number' | 'name', organisation: string, blind: Uint8Array) =>
  ({ table: 'organisation_representative', column, row: `${organisation} ${Buffer.from(blind).toString('base64')}` })

const columns = sql`o.id, o.code, o.name, o.foreign_name, o.tax_code, o.address, o.state, o.pending, d.kind, d.papers_number, d.papers_issuer, d.papers_on::text as papers_on, a.state as account_state, a.issued_at,
  (select jsonb_agg(l.ground order by l.since) from organisation_lock l where l.organisation_id = o.id) as locks`

/** A number is whoever has it now, and else whoever had it last: numbers are replaced (Decree 70/2024 Art 11). */
const whose = sql`
  left join lateral (
    select n.person_id from person_number n where n.blind = r.blind order by (n.valid_to is null) desc, n.valid_to desc limit 1) as held on true
  left join person p on p.id = held.person_id`

export const applicationColumns = sql`
  b.id, b.reference, b.person_id, b.account_id, b.state, b.applied_at, b.due_on::text as due_on, b.examined_by, b.refusal,
  (select s.reference from organisation_papers_seen s where s.application_id = b.id) as papers_seen,
  (select jsonb_agg(c.person_id order by c.at) from organisation_consent c where c.application_id = b.id) as agreed`

/** Everything of one organisation, as this door sees it; with its last application, or this one of it. */
export async function findOrganisation(db: Db, sealer: Sealer, id: string, application?: ApplicationId): Promise<Known | undefined> {
  const row = await db.first(sql<OrganisationRow>`select ${columns} from organisation o left join organisation_account a on a.organisation_id = o.id left join organisation_declaration d on d.organisation_id = o.id where o.id = ${id}`)
  if (row === undefined) return undefined
  const representatives = await db.rows(sql<RepresentativeRow>`
    select r.blind, r.number, r.name, r.since::text as since, r.until::text as until, held.person_id, p.life
    from organisation_representative r ${whose} where r.organisation_id = ${id} order by r.since, r.blind`)
  const which = application === undefined ? sql`true` : sql`b.id = ${application}`
  const applied = await db.first(sql<ApplicationRow>`
    select ${applicationColumns} from organisation_application b where b.organisation_id = ${id} and ${which} order by b.id desc limit 1`)
  return {
    organisation: organisationOf(row),
    representatives: representatives.map((one) => representativeOf(sealer, id, one)),
    account: row.account_state === null || row.issued_at === null ? undefined : { state: row.account_state, locks: row.locks ?? [], issuedAt: row.issued_at },
    declared: declaredOf(row),
    application: applied && applicationOf(id, applied),
  }
}

function organisationOf({ id, code, name, foreign_name: foreignName, tax_code: taxCode, address, state }: OrganisationRow): Known['organisation'] {
  return {
    id: organisationId.parse(id), code: organisationCode.parse(code), name, foreignName: foreignName ?? undefined,
    taxCode: taxCode === null ? undefined : organisationCode.parse(taxCode), address: address ?? undefined, state,
  }
}

function declaredOf({ pending, kind, papers_number: number, papers_issuer: issuer, papers_on: issuedOn }: OrganisationRow): Declared | undefined {
  return kind === null || number === null || issuer === null || issuedOn === null ? undefined : { kind, papers: { number, issuer, issuedOn }, pending }
}

function representativeOf(sealer: Sealer, organisation: string, { blind, number, name, since, until, person_id: person, life }: RepresentativeRow): Representative {
  return {
    number: personalNumber.parse(sealer.open(number, representativePlace('number', organisation, blind))),
    name: sealer.open(name, representativePlace('name', organisation, blind)),
    since,
    until: until ?? undefined,
    person: person === null ? undefined : personId.parse(person),
    alive: life === 'alive',
  }
}

export function applicationOf(organisation: string, row: ApplicationRow): OrganisationApplication {
  return {
    id: applicationId.parse(row.id),
    reference: row.reference,
    organisation: organisationId.parse(organisation),
    applicant: { person: personId.parse(row.person_id), account: accountId.parse(row.account_id) },
    state: row.state,
    agreed: (row.agreed ?? []).map((one) => personId.parse(one)),
    appliedAt: row.applied_at,
    dueOn: row.due_on ?? undefined,
    examinedBy: row.examined_by === null ? undefined : accountId.parse(row.examined_by),
    refusal: row.refusal ?? undefined,
    papersSeen: row.papers_seen ?? undefined,
  }
}

/**
 * The organisation as it is once nobody else changes what hangs on it, until the transaction ends. The row first, and then what is read: who
 * waits for a row within one statement sees its other tables as they were before (PostgreSQL, "Read Committed Isolation Level").
 */
export async function heldOrganisation(db: Db, sealer: Sealer, id: string): Promise<Known | undefined> {
  await db.first(sql`select id from organisation where id = ${id} for no key update`)
  return findOrganisation(db, sealer, id)
}
