import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, type AccountId, type PersonId } from '#kernel/id.ts'
import type { Account } from '#domain/account/account.ts'
import { expiryGrounds } from '#domain/account/ground.ts'
import { followingPaperAt, moved, opensAt, recordOf, type Move, type Moved, type Shown } from '#domain/account/move.ts'
import type { AccountWithLife } from '#domain/account/store.ts'
import { mayChangeKeys } from '#domain/recovery/hold.ts'
import { occasionOf } from '#domain/notice/occasion.ts'
import { findAccount } from './account-row.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { endSessions } from './service-sessions.ts'

type Moving = { move: Move; at: Date }

/**
 * One move within whatever transaction `db` is; see `AccountStore.move`. The row is held until the end of it, so moves that meet come one after
 * the other and each is judged by what the one before has made.
 */
export async function moveAccount(db: Db, id: AccountId, { move, at }: Moving): Promise<Moved> {
  const found = await heldAccount(db, id)
  if (found === undefined) return { is: 'refused', because: 'unknown' }
  const fault = await keyFault(db, found.account, { move, at })
  if (fault !== undefined) return { is: 'refused', because: fault }
  const outcome = moved(found, move, at)
  if (outcome.is === 'moved') await write(db, outcome.account, { move, at })
  return outcome
}

/**
 * The lock of a report that a device is lost, in the transaction of the report: from its commit on the account opens nothing, on every node as soon as that
 * looks (5 seconds at most), whether or not anybody carries out what else follows (`lockLost`; W12). The same two statements whosever account it is,
 * and nobody's (W10): those that concern nobody change nothing.
 */
export async function lockAsLost(db: Db, id: AccountId, { at, byCode }: { at: Date; byCode: boolean }): Promise<void> {
  await db.change(sql`
    insert into account_lock (account_id, ground, since, lost, by_code, first_report)
    select a.id, 'holder-request', ${at}::timestamptz, true, ${byCode}::boolean, ${at}::timestamptz from account a join person p on p.id = a.person_id
    where a.id = ${id} and a.state <> 'deceased' and p.life <> 'deceased'
    on conflict (account_id, ground) do update set ${reportedAgain}`)
  await db.change(sql`
    update account set signed_out_at = greatest(signed_out_at, ${at}::timestamptz)
    where id = ${id} and exists (select from account_lock l where l.account_id = account.id and l.lost and l.since = ${at}::timestamptz)`)
}

/** What a report makes of a lock that stands. Where that is of a report too, the first of them stays on record. */
const reportedAgain = sql`
  since = excluded.since, lost = true, by_code = excluded.by_code and (account_lock.by_code or not account_lock.lost), openings = '{}',
  first_report = case when account_lock.lost then coalesce(account_lock.first_report, account_lock.since) else excluded.first_report end`

/** See `AccountStore.askOpening`. */
export async function askOpening(db: Db, id: AccountId, { shown, opensAt: due, at }: { shown: Shown; opensAt: Date; at: Date }): Promise<Date | undefined> {
  const found = await heldAccount(db, id)
  const lock = found?.account.locks.find(({ ground, lost }) => ground === 'holder-request' && lost === true)
  if (found === undefined || lock === undefined) return undefined
  if ((await keyFault(db, found.account, { move: { to: 'unlock', ground: 'holder-request', by: 'holder', shown }, at })) !== undefined) return undefined
  const asked = opensAt(lock, shown.passkey)
  if (asked !== undefined) return asked
  // While somebody may still object to a recovery, nothing opens before they had their time.
  const { heldUntil = due } = found.account
  const opens = heldUntil > due ? heldUntil : due
  await db.change(sql`update account_lock set openings = openings || ${JSON.stringify({ [shown.passkey]: opens })}::jsonb where account_id = ${id} and ground = 'holder-request'`)
  await tellHolder(db, id, { occasion: { of: 'opening-asked', opensAt: opens.toISOString() }, at })
  await insertEvents(db, [{ type: 'account.opening-asked', account: id, passkey: shown.passkey }], at)
  return opens
}

/**
 * What is wrong with the passkey that a holder opens their account with: it must sign in at this moment, and must not be what came with a
 * recovery that can still be objected to. Its row is kept from being removed until the end of the transaction.
 */
async function keyFault(db: Db, { id, heldUntil }: Account, { move, at }: Moving): Promise<'key-gone' | 'key-young' | undefined> {
  if (move.to !== 'unlock' || move.shown === undefined) return undefined
  const { passkey, holdHours } = move.shown
  const row = await db.first(sql<{ created_at: Date }>`select created_at from passkey where id = ${passkey} and account_id = ${id} and removed_at is null for update`)
  if (row === undefined) return 'key-gone'
  return mayChangeKeys({ heldUntil }, { keys: [{ id: passkey, createdAt: row.created_at }], shown: passkey }, { holdHours }, at) ? undefined : 'key-young'
}

/**
 * The account as it is once nobody else moves it, until the transaction ends. Two statements: who waits for a row within one sees the row as it
 * is then, and its locks as they were before (PostgreSQL, "Read Committed Isolation Level").
 */
export async function heldAccount(db: Db, id: AccountId): Promise<AccountWithLife | undefined> {
  await db.first(sql`select id from account where id = ${id} for update`)
  return findAccount(db, id)
}

async function write(db: Db, account: Account, { move, at }: Moving): Promise<void> {
  await change(db, account, { move, at })
  const occasion = occasionOf(move)
  if (occasion !== undefined) await tellHolder(db, account.id, { occasion, at })
}

async function change(db: Db, { id, level, heldUntil, state }: Account, { move, at }: Moving): Promise<void> {
  const event = recordOf(id, move)
  switch (move.to) {
    case 'lock':
      if (move.since === undefined) {
        await db.change(sql`
          insert into account_lock (account_id, ground, since, lost, by_code, first_report)
          values (${id}, ${move.ground}, ${at}, ${move.lost === true}, ${move.byCode === true}, ${move.lost === true ? at : null})
          on conflict (account_id, ground) do update set ${reportedAgain}`)
      }
      return endSessions(db, { account: id, reason: 'locked', at }, [event])
    case 'unlock':
      await db.change(sql`delete from account_lock where account_id = ${id} and ground = ${move.ground}`)
      return insertEvents(db, [event], at)
    case 'end':
      await db.change(sql`update account set state = ${state} where id = ${id}`)
      return endSessions(db, { account: id, reason: 'deceased', at }, [event])
    case 'activate':
    case 'raise':
      // Who was seen at a desk has what they sign in with: what was set aside stays away, whatever is objected to later.
      if (move.to === 'raise') await db.change(sql`update passkey set set_aside = false where account_id = ${id} and set_aside`)
      await db.change(sql`update account set level = ${level}, held_until = ${heldUntil ?? null}, state = ${state} where id = ${id}`)
      return insertEvents(db, [event], at)
  }
}

/** The registry says that these people have died; their services hear of it, they do not. */
export async function endAccountsOf(db: Db, people: readonly PersonId[], at: Date): Promise<void> {
  for (const id of await accountsOf(db, people)) await moveAccount(db, id, { move: { to: 'end' }, at })
}

/** A court has decided about these people: what was begun before is over, whoever began it. */
export async function endSessionsOf(db: Db, people: readonly PersonId[], at: Date): Promise<void> {
  for (const account of await accountsOf(db, people)) await endSessions(db, { account, reason: 'represented', at })
}

/** Of what was opened in this person's name, what was opened by somebody whom the registry does not name for them any more (Decree 69/2024 Art 14.2). */
export async function endReplaced(db: Db, { person, blinds, at }: { person: PersonId; blinds: readonly Uint8Array[]; at: Date }): Promise<void> {
  const named = JSON.stringify(blinds.map((blind) => Buffer.from(blind).toString('base64')))
  for (const account of await accountsOf(db, [person])) {
    const replaced = await db.rows(sql<{ by: string }>`
      select s.acted_by as by from (
        select acted_by from service_session where account_id = ${account} union select acted_by from service_session_earlier where account_id = ${account}) s
      where s.acted_by is not null and not exists (
        select from account a join person_number n on n.person_id = a.person_id
        where a.id = s.acted_by and n.blind in (select decode(value, 'base64') from json_array_elements_text(${named}::json)))`)
    for (const { by } of replaced) await endSessions(db, { account, reason: 'representative-replaced', by: accountId.parse(by), at })
  }
}

type Papers = { person: PersonId } & Pick<Account, 'paper' | 'expiresOn'>

/** The registry has other papers of these people than before: their accounts follow at once (Decree 69/2024 Art 15). */
export async function renewPapersOf(db: Db, papers: readonly Papers[], at: Date): Promise<void> {
  if (papers.length === 0) return
  const rows = papers.map(({ person, paper, expiresOn }) => ({ person_id: person, paper: paper ?? null, expires_on: expiresOn ?? null }))
  const renewed = await db.rows(sql<{ id: string }>`
    update account set paper = r.paper, expires_on = r.expires_on
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(person_id uuid, paper text, expires_on date)
    where account.person_id = r.person_id and account.state <> 'deceased' and (account.paper, account.expires_on) is distinct from (r.paper, r.expires_on) returning account.id`)
  for (const { id } of renewed) await follow(db, accountId.parse(id), at)
}

/** The accounts of these people that have not ended. */
export async function accountsOf(db: Db, people: readonly PersonId[]): Promise<readonly AccountId[]> {
  if (people.length === 0) return []
  const rows = await db.rows(sql<{ id: string }>`select id from account where person_id in (${sql.join(people)}) and state <> 'deceased' order by id`)
  return rows.map(({ id }) => accountId.parse(id))
}

/** So many at a time: one statement has 700 milliseconds, and a night has twenty thousand. */
const atOnce = 500

const grounds = sql.join(Object.values(expiryGrounds))

/** See `AccountStore.followPapers`. Each account is a commit of its own; those that cannot move are passed by. */
export async function followPapers(db: Db, at: Date): Promise<{ locked: number; unlocked: number }> {
  const today = dayInVietnam(at)
  const done = { locked: 0, unlocked: 0 }
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const due = await db.rows(sql<{ id: string }>`
      select a.id from account a where a.id > ${after} and a.state <> 'deceased' and (
        (a.expires_on < ${today} and not exists (select from account_lock l where l.account_id = a.id and l.ground in (${grounds})))
        or (exists (select from account_lock l where l.account_id = a.id and l.ground in (${grounds})) and (a.expires_on is null or a.expires_on >= ${today})))
      order by a.id limit ${atOnce}`)
    for (const { id } of due) {
      const moves = await db.transaction((tx) => follow(tx, accountId.parse(id), at))
      done.locked += moves.filter(({ to }) => to === 'lock').length
      done.unlocked += moves.filter(({ to }) => to === 'unlock').length
      after = id
    }
    if (due.length < atOnce) return done
  }
}

async function follow(db: Db, id: AccountId, at: Date): Promise<readonly Move[]> {
  const found = await heldAccount(db, id)
  const made: Move[] = []
  for (const move of found === undefined ? [] : followingPaperAt(found.account, at)) {
    if ((await moveAccount(db, id, { move, at })).is === 'moved') made.push(move)
  }
  return made
}
