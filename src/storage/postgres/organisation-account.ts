import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, organisationId, type AccountId, type OrganisationId } from '#kernel/id.ts'
import { movedOrganisation, type OrganisationAccount, type OrganisationMove, type OrganisationMoved } from '#domain/organisation/account.ts'
import { representing } from '#domain/organisation/organisation.ts'
import type { Known } from '#domain/organisation/store.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Occasion } from '#domain/notice/occasion.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { heldOrganisation } from './organisation-row.ts'
import { endFallen } from './organisation-sessions.ts'

type Moving = { move: OrganisationMove; account?: AccountId; at: Date }

/** One move within whatever transaction `db` is; see `OrganisationStore.move`. */
export async function moveOrganisation(db: Db, sealer: Sealer, id: string, moving: Moving): Promise<OrganisationMoved | { is: 'refused'; because: 'unknown' }> {
  const known = await heldOrganisation(db, sealer, id)
  if (known?.account === undefined) return { is: 'refused', because: 'unknown' }
  const outcome = movedOrganisation(known.account, moving.move, moving.at)
  if (outcome.is === 'moved') await write(db, sealer, known, { ...moving, now: outcome.account })
  return outcome
}

async function write(db: Db, sealer: Sealer, known: Known, { move, account, at, now }: Moving & { now: OrganisationAccount }): Promise<void> {
  const { id } = known.organisation
  await db.change(sql`update organisation_account set state = ${now.state}, activated_at = coalesce(activated_at, ${now.state === 'active' ? at : null}::timestamptz) where organisation_id = ${id}`)
  if (move.to === 'lock') await db.change(sql`insert into organisation_lock (organisation_id, ground, since) values (${id}, ${move.ground}, ${at})`)
  if (move.to === 'unlock') await db.change(sql`delete from organisation_lock where organisation_id = ${id} and ground = ${move.ground}`)
  await insertEvents(db, [recordOf(id, move, account)], at)
  if (move.to === 'lock' || move.to === 'dissolve') await endFallen(db, sealer, { organisation: id, at })
  if (move.to === 'lock' || move.to === 'unlock') await tellRepresentatives(db, known, { occasion: { of: move.to === 'lock' ? 'organisation-locked' : 'organisation-unlocked' }, at })
}

function recordOf(organisation: OrganisationId, move: OrganisationMove, account: AccountId | undefined): AuditEvent {
  const who = { organisation, ...('by' in move && move.by !== 'representative' && { by: move.by }), ...(account && { account }) }
  switch (move.to) {
    case 'activate': return { type: 'organisation.activated', ...who }
    case 'lock': return { type: 'organisation.locked', ground: move.ground, ...who }
    case 'unlock': return { type: 'organisation.unlocked', ground: move.ground, ...who }
    case 'dissolve': return { type: 'organisation.dissolved', organisation: organisationId.parse(organisation) }
  }
}

/** Those legal representatives of today who have an account, but for whom it comes from. */
export async function tellRepresentatives(
  db: Db, { representatives }: Pick<Known, 'representatives'>, { occasion, at, but }: { occasion: Occasion; at: Date; but?: AccountId },
): Promise<void> {
  const people = representing(representatives, dayInVietnam(at)).flatMap(({ person }) => person ?? [])
  for (const account of await accountsOf(db, people)) if (account !== but) await tellHolder(db, account, { occasion, at })
}

/** The accounts of these people, of which a person has one at a time. */
export async function accountsOf(db: Db, people: readonly string[]): Promise<readonly AccountId[]> {
  if (people.length === 0) return []
  const rows = await db.rows(sql<{ id: string }>`select id from account where person_id in (${sql.join(people)}) and state <> 'deceased' order by id`)
  return rows.map(({ id }) => accountId.parse(id))
}
