import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import type { AccountId, ApplicationId, OrganisationId } from '#kernel/id.ts'
import { isOpen, issueFault, stillToAgree, type OrganisationApplication, type OrganisationRefusal } from '#domain/organisation/application.ts'
import { represents } from '#domain/organisation/organisation.ts'
import { answerDue } from '#domain/organisation/declared.ts'
import type { Acting, Known, OrganisationStore } from '#domain/organisation/store.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { tellRepresentatives } from './organisation-account.ts'
import { heldOrganisation } from './organisation-row.ts'
import { isTaken } from './organisation-number.ts'

type Whose = { organisation: OrganisationId } & Acting
type Opening = Whose & { id: ApplicationId; reference: string }

/** What was declared is declared anew once its application has ended: an officer has looked at those papers. */
export async function apply(db: Db, sealer: Sealer, opening: Opening): Promise<boolean> {
  const known = await heldOrganisation(db, sealer, opening.organisation)
  return known?.declared?.pending !== true && open(db, sealer, { ...opening, known })
}

/** Within whatever transaction `db` is, which holds the organisation. */
export async function open(db: Db, sealer: Sealer, { known, organisation, id, reference, person, account, at }: Opening & { known: Known | undefined }): Promise<boolean> {
  if (known === undefined || known.organisation.state !== 'operating' || known.account !== undefined) return false
  if (!represents(known.representatives, person, dayInVietnam(at))) return false
  const opened = await db.change(sql`
    insert into organisation_application (id, reference, organisation_id, person_id, account_id, state, applied_at)
    values (${id}, ${reference}, ${organisation}, ${person}, ${account}, 'consenting', ${at})
    on conflict (organisation_id) where state in ('consenting', 'waiting', 'examined') do nothing`)
  if (opened !== 1) return false
  await db.change(sql`insert into organisation_consent (application_id, person_id, account_id, at) values (${id}, ${person}, ${account}, ${at})`)
  await insertEvents(db, [{ type: known.declared?.pending === true ? 'organisation.declared' : 'organisation.applied', organisation, application: id, account }], at)
  if (!(await completed(db, sealer, organisation, at))) await tellRepresentatives(db, known, { occasion: { of: 'organisation-asks' }, at, but: account })
  return true
}

/** Once everybody has agreed the file is complete, and the clock of the law runs from that day (Decree 69/2024 Art 13). */
async function completed(db: Db, sealer: Sealer, organisation: OrganisationId, at: Date): Promise<boolean> {
  const known = await heldOrganisation(db, sealer, organisation)
  const today = dayInVietnam(at)
  if (known?.application?.state !== 'consenting' || stillToAgree(known.representatives, known.application.agreed, today).length > 0) return false
  await db.change(sql`update organisation_application set state = 'waiting', due_on = ${answerDue(today, known.declared)} where id = ${known.application.id}`)
  return true
}

export async function answer(db: Db, sealer: Sealer, { organisation, agrees, person, account, at }: Whose & { agrees: boolean }): Promise<boolean> {
  const known = await heldOrganisation(db, sealer, organisation)
  const application = known?.application
  if (known === undefined || application?.state !== 'consenting' || !represents(known.representatives, person, dayInVietnam(at)) || application.agreed.includes(person)) return false
  await insertEvents(db, [{ type: agrees ? 'organisation.agreed' : 'organisation.declined', organisation, application: application.id, account }], at)
  if (!agrees) {
    await db.change(sql`update organisation_application set state = 'declined', decided_at = ${at} where id = ${application.id}`)
    await tellHolder(db, application.applicant.account, { occasion: { of: 'organisation-declined' }, at })
    return true
  }
  await db.change(sql`insert into organisation_consent (application_id, person_id, account_id, at) values (${application.id}, ${person}, ${account}, ${at})`)
  await completed(db, sealer, organisation, at)
  return true
}

export async function withdraw(db: Db, sealer: Sealer, { organisation, person, account, at }: Whose): Promise<boolean> {
  const known = await heldOrganisation(db, sealer, organisation)
  const application = known?.application
  if (application === undefined || !isOpen(application) || application.applicant.person !== person) return false
  await db.change(sql`update organisation_application set state = 'withdrawn', decided_at = ${at} where id = ${application.id}`)
  await insertEvents(db, [{ type: 'organisation.withdrawn', organisation, application: application.id, account }], at)
  return true
}

type Officer = { account: AccountId; at: Date }
type Open = Known & { application: OrganisationApplication }

/** The open application of this id, held; `own` where the officer represents the organisation: nobody decides about their own. */
async function before(db: Db, sealer: Sealer, id: ApplicationId, { account, at }: Officer): Promise<{ is: 'open'; known: Open } | { is: 'over' | 'own' }> {
  const row = await db.first(sql<{ organisation_id: string }>`select organisation_id from organisation_application where id = ${id}`)
  const known = row && (await heldOrganisation(db, sealer, row.organisation_id))
  if (known?.application?.id !== id || !isOpen(known.application) || known.application.state === 'consenting') return { is: 'over' }
  const officer = await db.first(sql<{ person_id: string }>`select person_id from account where id = ${account}`)
  const own = known.representatives.some(({ person, until }) => person !== undefined && person === officer?.person_id && (until === undefined || dayInVietnam(at) < until))
  return own ? { is: 'own' } : { is: 'open', known: { ...known, application: known.application } }
}

export async function examine(db: Db, sealer: Sealer, id: ApplicationId, officer: Officer & { reason: string; papers?: string }): ReturnType<OrganisationStore['examine']> {
  const found = await before(db, sealer, id, officer)
  if (found.is !== 'open') return found.is
  const { organisation, application } = found.known
  if (application.state !== 'waiting') return 'over'
  const papers = found.known.declared?.pending === true ? (officer.papers ?? '') : undefined
  if (papers === '') return 'papers'
  if (papers !== undefined) await db.change(sql`insert into organisation_papers_seen (application_id, officer, reference, at) values (${id}, ${officer.account}, ${papers}, ${officer.at})`)
  await db.change(sql`update organisation_application set state = 'examined', examined_by = ${officer.account} where id = ${id}`)
  await insertEvents(db, [{ type: 'organisation.examined', organisation: organisation.id, application: id, reason: officer.reason, ...(papers !== undefined && { papers }), by: officer.account }], officer.at)
  return 'done'
}

export async function issue(db: Db, sealer: Sealer, id: ApplicationId, officer: Officer & { reason: string }): ReturnType<OrganisationStore['issue']> {
  const found = await before(db, sealer, id, officer)
  if (found.is !== 'open') return found.is
  const { application, organisation } = found.known
  if (application.state !== 'examined') return 'over'
  if (application.examinedBy === officer.account) return 'same'
  const fault = issueFault({ ...found.known, today: dayInVietnam(officer.at) })
  if (fault !== undefined) return fault
  if (found.known.declared?.pending === true && (await isTaken(db, organisation.code))) return 'registered'
  await db.change(sql`update organisation_application set state = 'issued', decided_by = ${officer.account}, decided_at = ${officer.at} where id = ${id}`)
  await db.change(sql`update organisation set pending = false where id = ${organisation.id} and pending`)
  await db.change(sql`insert into organisation_account (organisation_id, state, issued_at) values (${organisation.id}, 'issued', ${officer.at})`)
  await insertEvents(db, [{ type: 'organisation.issued', organisation: organisation.id, application: id, reason: officer.reason, by: officer.account }], officer.at)
  await tellRepresentatives(db, found.known, { occasion: { of: 'organisation-issued' }, at: officer.at })
  return 'done'
}

export async function refuse(db: Db, sealer: Sealer, id: ApplicationId, { reason, ...officer }: Officer & { reason: OrganisationRefusal }): ReturnType<OrganisationStore['refuse']> {
  const found = await before(db, sealer, id, officer)
  if (found.is !== 'open') return found.is
  const { organisation } = found.known
  await db.change(sql`update organisation_application set state = 'refused', refusal = ${reason}, decided_by = ${officer.account}, decided_at = ${officer.at} where id = ${id}`)
  await insertEvents(db, [{ type: 'organisation.refused', organisation: organisation.id, application: id, reason, by: officer.account }], officer.at)
  await tellRepresentatives(db, found.known, { occasion: { of: 'organisation-refused' }, at: officer.at })
  return 'done'
}
