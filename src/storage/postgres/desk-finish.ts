import { sql } from 'kysely'
import { accountId, newId, passkeyId, personId, type AccountId } from '#kernel/id.ts'
import { dayInVietnam } from '#kernel/clock.ts'
import { levelAt, standing } from '#domain/account/account.ts'
import { needOf } from '#domain/acting/representation.ts'
import { actingRules } from '#domain/acting/rules.ts'
import { actsFor, tieIn } from '#domain/acting/ward.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Finishing, Key, Unfinished } from '#domain/desk/application.ts'
import { chipStanding } from '#domain/desk/chip-standing.ts'
import { standingDoubts } from '#domain/desk/doubt.ts'
import { cameWithRepresentative, levelProven } from '#domain/desk/proofing.ts'
import { evidenceKinds, type EvidenceKind, type Purpose } from '#domain/desk/rules.ts'
import { officeFor } from '#domain/notice/office.ts'
import type { Person } from '#domain/registry/person.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import type { Sealer } from '#keys/seal.ts'
import { heldAccount, moveAccount } from './account-moves.ts'
import { findAccount } from './account-row.ts'
import { insertAccount } from './accounts.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { doubtsOf, holdReadings, readingsOf } from './desk-reader.ts'
import { tellHolder } from './notices.ts'
import { insertPasskey } from './passkeys.ts'
import { registry } from './registry.ts'
import { endSessions } from './service-sessions.ts'

/** Undoes everything. */
class Undone extends Error {
  readonly why: Unfinished
  constructor(why: Unfinished) {
    super(why)
    this.why = why
  }
}

/** See `DeskStore.finish`. Held in this order: application, the person's other applications, code, person, account. */
export async function finishAtDesk(db: Db, sealer: Sealer, finishing: Finishing): Promise<'done' | Unfinished> {
  try {
    await db.transaction((tx) => finish(tx, sealer, finishing))
    return 'done'
  } catch (error) {
    if (error instanceof Undone) return error.why
    throw error
  }
}

type Held = { purpose: Purpose; account_id: string; person_id: string; person_kind: Person['kind']; officer: string; grant_id: string; seen: string[]; reference: string; kept_contacts: string[]; worked_at: Date }

async function finish(db: Db, sealer: Sealer, { id, browser, key, account, issuedOn, at }: Finishing): Promise<void> {
  const held = await holdApplication(db, { id, browser, at })
  const holder = await holdAccount(db, held, { account, key })
  const acting = await stillAnswered(db, sealer, held, { key, at })
  await stillServed(db, holder, { purpose: held.purpose, makes: 'made' in key, at })
  if (held.purpose === 'recovery') await revokeAll(db, holder, { kept: held.kept_contacts, at })
  // What is left on the account of before, nobody has proven to be theirs, and it would open level 2 on the day that the representation ends.
  if ('represented' in key) await revokeAll(db, holder, { kept: [], at })
  if (!(await stillAsAsked(db, holder, key))) throw new Undone('over')
  if ('made' in key && !(await insertPasskey(db, key.made))) throw new Undone('taken')
  if ('made' in key) await tellHolder(db, holder, { occasion: { of: 'passkey-added' }, at })
  const kinds = await kindsOf(db, id, held, { issuedOn, at })
  await raise(db, holder, { kinds, who: { kind: held.person_kind, represented: acting !== undefined }, purpose: held.purpose, at })
  const officer = accountId.parse(held.officer)
  for (const kind of kinds) {
    await db.change(sql`
      insert into account_evidence (account_id, id, kind, application_id, officer, at, representative)
      values (${holder}, ${newId(at.getTime())}, ${kind}, ${id}, ${officer}, ${at}, ${kind === 'representative-passkey' ? (acting ?? null) : null})`)
  }
  await db.change(sql`update desk_code set ended = 'finished' where application_id = ${id}`)
  await db.change(sql`update desk_application set state = 'done', decided_at = ${at} where id = ${id}`)
  await insertEvents(db, [{ type: 'desk.finished', application: id, purpose: held.purpose, kinds, passkey: keyIn(key), by: officer, account: holder, ...(acting && { representative: acting }) }], at)
  // Somebody whom they act for has no address of their own as a rule, and whoever confirmed it may not have been the one.
  if (acting) await tellHolder(db, acting, { occasion: { of: 'ward-raised' }, at })
  // Of a rise its notice tells.
  if (held.purpose === 'recovery') await enqueue(db, [letterTo(holder, { about: 'desk', is: 'recovered', reference: held.reference, at: at.toISOString(), office: officeFor({ kind: held.person_kind }) })])
}

/** What was seen, what the chip has shown, and the key itself. */
async function kindsOf(db: Db, id: string, { seen, officer, person_id: person, worked_at: since }: Held, now: Pick<Finishing, 'issuedOn' | 'at'>): Promise<readonly EvidenceKind[]> {
  const doubts = standingDoubts(await doubtsOf(db, personId.parse(person)), now)
  const chip = chipStanding({ readings: await readingsOf(db, id), doubts, officer: accountId.parse(officer), since })
  if (chip.is === 'doubtful') throw new Undone('over')
  const shown: EvidenceKind = seen.includes('representative-seen') ? 'representative-passkey' : 'passkey'
  return evidenceKinds.filter((kind) => seen.includes(kind) || kind === shown || (kind === 'chip-verified' && chip.is === 'verified'))
}

/** The application and its code, for nobody else until the end: confirmed, in time, by an officer whose role was not ended meanwhile. */
async function holdApplication(db: Db, { id, browser, at }: Pick<Finishing, 'id' | 'browser' | 'at'>): Promise<Held> {
  const held = await db.first(sql<Held>`
    select purpose, account_id, person_id, (select kind from person where person.id = person_id) as person_kind, officer, grant_id, seen, reference, kept_contacts, worked_at
    from desk_application where id = ${id} and state = 'open' for update`)
  if (held !== undefined) await holdReadings(db, personId.parse(held.person_id))
  const code = await db.first(sql`
    select 1 as there from desk_code where application_id = ${id} and browser = ${browser} and confirmed_at is not null and ended is null and expires_at > ${at} for update`)
  if (held === undefined || code === undefined) throw new Undone('over')
  const grant = await db.first(sql`select 1 as there from officer_role where id = ${held.grant_id} and ended_at is null and ends_on >= ${dayInVietnam(at)}`)
  if (grant === undefined) throw new Undone('over')
  return held
}

/** Their account, opened where there is none; one that came up elsewhere meanwhile is not this one. */
async function holdAccount(db: Db, { account_id: expected, person_id: person }: Held, { account, key }: Pick<Finishing, 'account' | 'key'>): Promise<AccountId> {
  // Whoever tells of a death waits, and then finds the account.
  const alive = await db.first(sql`select 1 as there from person where id = ${person} and life = 'alive' for share`)
  if (alive === undefined) throw new Undone('closed')
  const there = await db.first(sql<{ id: string }>`select id from account where person_id = ${person} and state <> 'deceased'`)
  if (there === undefined && ('shown' in key || account.id !== expected || !(await insertAccount(db, account)))) throw new Undone('over')
  if (there !== undefined && there.id !== expected) throw new Undone('over')
  return account.id
}

const keyIn = (key: Key) => ('made' in key ? key.made.id : 'shown' in key ? key.shown : key.represented)

/**
 * Who acts for the person, if anybody does; nobody answers for another. By the register, the day and the representative's account and passkey as they are at this moment: both
 * records and that account are kept as they are until the end.
 */
async function stillAnswered(db: Db, sealer: Sealer, { person_id: person, seen, officer }: Held, { key, at }: Pick<Finishing, 'key' | 'at'>): Promise<AccountId | undefined> {
  const people = registry(db, sealer)
  const ward = await people.find(personId.parse(person))
  const represented = ward !== undefined && needOf(ward, dayInVietnam(at)) !== undefined
  const cameSo = cameWithRepresentative({ seen: evidenceKinds.filter((kind) => seen.includes(kind)) })
  if (ward === undefined || represented !== cameSo || represented !== 'represented' in key) throw new Undone('over')
  if (!('represented' in key)) return undefined
  const { by, represented: passkey } = key
  await db.first(sql`select 1 as there from person where id = (select person_id from account where id = ${by}) for share`)
  await db.first(sql`select 1 as there from account where id = ${by} for share`)
  const acting = await findAccount(db, by)
  const self = acting && (await people.find(acting.account.person))
  const good = await db.first(sql`select 1 as there from passkey where id = ${passkey} and account_id = ${by} and removed_at is null`)
  if (acting === undefined || self === undefined || good === undefined) throw new Undone('over')
  const tools = { registry: people, accounts: { find: (id: AccountId) => findAccount(db, id) }, clock: { now: () => at } }
  // A ward of the officer's own another officer raises, whoever else confirms it (A04).
  if (await actsFor(tools, accountId.parse(officer), ward)) throw new Undone('over')
  const able = standing(acting.account, acting.life, dayInVietnam(at)).is === 'usable' && levelAt(acting.account, at) >= actingRules.representative.level
  if (!able || (await tieIn(tools, self, ward)) === undefined) throw new Undone('closed')
  return by
}

/**
 * Addresses that the person did not name may be those of whoever opened the account for them: they hear that they are removed, nothing after it,
 * and no reference of before locks the account any more. Then everything that opened it.
 */
async function revokeAll(db: Db, account: AccountId, { kept, at }: { kept: readonly string[]; at: Date }): Promise<void> {
  const strange = await db.rows(sql<{ id: string }>`select id from contact where account_id = ${account} and ended_at is null and not (id = any(${[...kept]}::uuid[]))`)
  if (strange.length > 0) await tellHolder(db, account, { occasion: { of: 'contact-removed' }, at })
  await db.change(sql`update contact set ended_at = ${at} where account_id = ${account} and ended_at is null and not (id = any(${[...kept]}::uuid[]))`)
  await db.change(sql`update account set references_since = ${at} where id = ${account}`)
  await revokeKeys(db, account, at)
}

/** The phone is lost, or nobody knows whose it is, and with it whatever it may open: passkeys, printed codes, sessions and grants end here (Decree 69/2024 Art 30). */
async function revokeKeys(db: Db, account: AccountId, at: Date): Promise<void> {
  const lost = await db.rows(sql<{ id: string }>`update passkey set removed_at = ${at} where account_id = ${account} and removed_at is null returning id`)
  await db.change(sql`delete from recovery_code where account_id = ${account}`)
  const events = lost.map(({ id }): AuditEvent => ({ type: 'passkey.removed', account, passkey: passkeyId.parse(id), by: 'officer' }))
  if (lost.length > 0) await tellHolder(db, account, { occasion: { of: 'passkey-removed' }, at })
  await endSessions(db, { account, reason: 'passkey-removed', at }, events)
}

/** Whoever came into office meanwhile gets no key here, and a hold that began meanwhile is not ended by a rise. */
async function stillServed(db: Db, account: AccountId, { purpose, makes, at }: { purpose: Purpose; makes: boolean; at: Date }): Promise<void> {
  const role = await db.first(sql`select 1 as there from officer_role where account_id = ${account} and ended_at is null and ends_on >= ${dayInVietnam(at)}`)
  const found = await heldAccount(db, account)
  if ((role !== undefined && makes) || (purpose === 'level-2' && found?.account.heldUntil !== undefined)) throw new Undone('closed')
}

/** Read once the account is held, for whoever adds or removes a key holds it too: the key that was shown still opens it, or there is none beside the new one or the representative's. */
async function stillAsAsked(db: Db, account: AccountId, key: Finishing['key']): Promise<boolean> {
  const keys = await db.rows(sql<{ id: string }>`select id from passkey where account_id = ${account} and removed_at is null`)
  return 'shown' in key ? keys.some(({ id }) => id === key.shown) : keys.length === 0
}

/** The level that the evidence gives, and no account that stays closed for any other reason. */
async function raise(db: Db, account: AccountId, { kinds, who, purpose, at }: { kinds: readonly EvidenceKind[]; who: Parameters<typeof levelProven>[1]; purpose: Purpose; at: Date }): Promise<void> {
  if (levelProven(kinds, who) !== 2) throw new Undone('over')
  if (purpose === 'recovery') await moveAccount(db, account, { move: { to: 'unlock', ground: 'holder-request', by: 'officer' }, at })
  await moveAccount(db, account, { move: { to: 'activate', by: 'officer' }, at })
  await moveAccount(db, account, { move: { to: 'raise', by: 'officer' }, at })
  const found = await heldAccount(db, account)
  const usable = found !== undefined && found.account.level === 2 && standing(found.account, found.life, dayInVietnam(at)).is === 'usable'
  if (!usable) throw new Undone('closed')
}
