import { sql } from 'kysely'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { mandateId, type AccountId, type MandateId, type PersonId } from '#kernel/id.ts'
import type { Mandate } from '#domain/organisation/mandate.ts'
import { hindranceOf } from '#domain/organisation/account.ts'
import { represents } from '#domain/organisation/organisation.ts'
import type { Acting, Known, OrganisationStore } from '#domain/organisation/store.ts'
import { sameName } from '#domain/registry/name.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { mandatePlace, mandatesWhere } from './mandate-row.ts'
import { tellHolder } from './notices.ts'
import { accountsOf, tellRepresentatives } from './organisation-account.ts'
import { heldOrganisation } from './organisation-row.ts'
import { endFallen } from './organisation-sessions.ts'
import { openPersonName } from './person-open.ts'

/** So many offers of one organisation may lie open: a form is no way to write to everybody. */
const mostOffers = 200
/** So many of one organisation may name one number at a time. */
const mostForOne = 5
/** That is more than any but a crowd of organisations together can offer to one number. */
const mostRead = 2000

type Offering = Parameters<OrganisationStore['offer']>[0]

export async function offer(db: Db, sealer: Sealer, mandate: Offering, { person, account, at }: Acting): Promise<boolean> {
  const { id, organisation, role, scope, startsOn, endsOn, named } = mandate
  const known = await heldOrganisation(db, sealer, organisation)
  if (known === undefined || !mayGive(known, person, at)) return false
  const blind = sealer.index('personal-number', named.number)
  const open = await db.first(sql<{ all: number; one: number }>`
    select count(*)::int as all, count(*) filter (where blind = ${blind})::int as one from mandate where organisation_id = ${organisation} and state = 'offered' and ends_on >= ${dayInVietnam(at)}`)
  if (open === undefined || open.all >= mostOffers || open.one >= mostForOne) return false
  await db.change(sql`
    insert into mandate (id, organisation_id, role, services, sectors, starts_on, ends_on, giver_person_id, giver_account_id, blind, number, name, state, offered_at)
    values (${id}, ${organisation}, ${role}, ${[...scope.services]}, ${[...scope.sectors]}, ${startsOn}, ${endsOn}, ${person}, ${account}, ${blind},
      ${sealer.seal(named.number, mandatePlace('number', id))}, ${sealer.seal(named.name, mandatePlace('name', id))}, 'offered', ${at})`)
  await insertEvents(db, [{ type: 'mandate.offered', organisation, mandate: id, role, account }], at)
  for (const one of await holdersOf(db, sealer, named)) await tellHolder(db, one, { occasion: { of: 'mandate-offered' }, at })
  return true
}

const mayGive = ({ organisation: { state }, account, representatives }: Known, person: PersonId, at: Date): boolean =>
  hindranceOf({ state, account }) === undefined && represents(representatives, person, dayInVietnam(at))

/** Who has this number now, by this name, and an account: nobody hears of what is another's. */
async function holdersOf(db: Db, sealer: Sealer, { number, name }: Mandate['named']) {
  const row = await db.first(sql<{ id: string; name: Uint8Array }>`
    select p.id, p.name from person_number n join person p on p.id = n.person_id where n.blind = ${sealer.index('personal-number', number)} and n.valid_to is null`)
  return row !== undefined && sameName(name, openPersonName(sealer, row)) ? accountsOf(db, [row.id]) : []
}

/** What names this person by a number they have or had, and by their name. */
export async function mandatesFor(db: Db, sealer: Sealer, { person, today }: { person: PersonId; today: Day }): Promise<readonly Mandate[]> {
  const row = await db.first(sql<{ id: string; name: Uint8Array }>`select id, name from person where id = ${person}`)
  if (row === undefined) return []
  const name = openPersonName(sealer, row)
  const [accepted, offered] = await Promise.all([
    mandatesWhere(db, sealer, sql`where m.person_id = ${person} and m.state = 'accepted' order by m.id desc limit ${mostOffers}`),
    // Offers by a wrong name, or that nobody took in time, are no reason not to find the others.
    mandatesWhere(db, sealer, sql`
      where m.blind in (select blind from person_number where person_id = ${person}) and m.state = 'offered' and m.ends_on >= ${today} order by m.id desc limit ${mostRead}`),
  ])
  return [...accepted, ...offered.filter(({ named }) => sameName(named.name, name)).slice(0, mostOffers)]
}

/** The mandate and its organisation, both held: the organisation first, for everything else takes it first too. */
async function held(db: Db, sealer: Sealer, id: MandateId): Promise<{ mandate: Mandate; known: Known } | undefined> {
  const row = await db.first(sql<{ organisation_id: string }>`select organisation_id from mandate where id = ${id}`)
  const known = row && (await heldOrganisation(db, sealer, row.organisation_id))
  const [mandate] = known === undefined ? [] : await mandatesWhere(db, sealer, sql`where m.id = ${id}`)
  return known === undefined || mandate === undefined ? undefined : { mandate, known }
}

/** Takes it or says no, once: of two answers at the same time the first counts. */
export async function answerMandate(db: Db, sealer: Sealer, id: MandateId, { accepts, person, account, at }: Acting & { accepts: boolean }): Promise<boolean> {
  const found = await held(db, sealer, id)
  if (found?.mandate.state !== 'offered' || !(await mandatesFor(db, sealer, { person, today: dayInVietnam(at) })).some((one) => one.id === id)) return false
  const { mandate, known } = found
  if (accepts && (mandate.endsOn < dayInVietnam(at) || !mayGive(known, mandate.giver.person, at))) return false
  await db.change(accepts
    ? sql`update mandate set state = 'accepted', person_id = ${person}, account_id = ${account}, accepted_at = ${at} where id = ${id}`
    : sql`update mandate set state = 'declined', ended_at = ${at} where id = ${id}`)
  await insertEvents(db, [{ type: accepts ? 'mandate.accepted' : 'mandate.declined', organisation: mandate.organisation, mandate: id, account }], at)
  await tellRepresentatives(db, known, { occasion: { of: accepts ? 'mandate-accepted' : 'mandate-declined' }, at })
  return true
}

export async function endMandate(db: Db, sealer: Sealer, id: MandateId, { person, account, at, forOrganisation }: Parameters<OrganisationStore['end']>[1]): Promise<boolean> {
  const found = await held(db, sealer, id)
  if (found === undefined || (found.mandate.state !== 'offered' && found.mandate.state !== 'accepted')) return false
  const { mandate: { holder }, known } = found
  const byHolder = holder?.person === person
  if (!byHolder && !(forOrganisation && represents(known.representatives, person, dayInVietnam(at)))) return false
  await close(db, sealer, found.mandate, { account, at })
  if (byHolder) await tellRepresentatives(db, known, { occasion: { of: 'mandate-ended' }, at })
  else if (holder !== undefined) await tellHolder(db, holder.account, { occasion: { of: 'mandate-ended' }, at })
  return true
}

/** See `OrganisationStore.endGiven`. One mandate is one commit: whoever comes again finds what is left. */
export async function endGiven(db: Db, sealer: Sealer, giver: AccountId, { since, until, at }: { since: Date; until: Date; at: Date }): Promise<number> {
  let ended = 0
  for (const id of await givenBetween(db, giver, { since, until })) ended += (await db.transaction((tx) => endGivenMandate(tx, sealer, id, at))) ? 1 : 0
  return ended
}

/** One of them, which may have ended meanwhile. Everybody is told but whoever gave it, who is told of the report. */
async function endGivenMandate(db: Db, sealer: Sealer, id: MandateId, at: Date): Promise<boolean> {
  const found = await held(db, sealer, id)
  if (found === undefined || (found.mandate.state !== 'offered' && found.mandate.state !== 'accepted')) return false
  const { mandate, known } = found
  const giver = mandate.giver.account
  await close(db, sealer, mandate, { account: giver, at })
  await tellRepresentatives(db, known, { occasion: { of: 'mandate-ended' }, at, but: giver })
  if (mandate.holder !== undefined) await tellHolder(db, mandate.holder.account, { occasion: { of: 'mandate-ended' }, at })
  return true
}

/** What this account gave between these moments and nobody has ended. */
async function givenBetween(db: Db, giver: AccountId, { since, until }: { since: Date; until: Date }): Promise<readonly MandateId[]> {
  const rows = await db.rows(sql<{ id: string }>`
    select id from mandate where giver_account_id = ${giver} and offered_at > ${since} and offered_at <= ${until} and state in ('offered', 'accepted') order by id`)
  return rows.map(({ id }) => mandateId.parse(id))
}

async function close(db: Db, sealer: Sealer, { id, organisation, holder }: Mandate, { account, at }: { account: AccountId; at: Date }): Promise<void> {
  await db.change(sql`update mandate set state = 'ended', ended_at = ${at} where id = ${id}`)
  await insertEvents(db, [{ type: 'mandate.ended', organisation, mandate: id, account, ...(holder && { holder: holder.account }) }], at)
  await endFallen(db, sealer, { organisation, at })
}
