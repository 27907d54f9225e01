import { sql } from 'kysely'
import { accountId } from '#kernel/id.ts'
import { moveAccount } from './account-moves.ts'
import type { Db } from './db.ts'
import { endSessions } from './service-sessions.ts'

/** So many at a time: one statement has 700 milliseconds. */
const deadAtOnce = 5000
const untoldAtOnce = 500

/** See `AccountStore.followDeaths`. Each account is a commit of its own. */
export async function followDeaths(db: Db, at: Date): Promise<{ ended: number; told: number }> {
  return { ended: await endTheDead(db, at), told: await tellServices(db, at) }
}

/** Where an account was opened while its person's death was being imported, neither saw the other. */
async function endTheDead(db: Db, at: Date): Promise<number> {
  let ended = 0
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const dead = await db.rows(sql<{ person: string; id: string | null }>`
      select p.id as person, a.id from (select id from person where life = 'deceased' and id > ${after} order by id limit ${deadAtOnce}) p
        left join account a on a.person_id = p.id and a.state <> 'deceased' order by p.id`)
    for (const { person, id } of dead) {
      after = person
      if (id !== null && (await db.transaction((tx) => moveAccount(tx, accountId.parse(id), { move: { to: 'end' }, at }))).is === 'moved') ended += 1
    }
    if (dead.length < deadAtOnce) return ended
  }
}

/** An account that ended without this program having done it (migration 0030) has nothing signed out, and its services know nothing. */
async function tellServices(db: Db, at: Date): Promise<number> {
  let told = 0
  for (;;) {
    const untold = await db.rows(sql<{ id: string }>`select id from account where state = 'deceased' and signed_out_at is null order by id limit ${untoldAtOnce}`)
    for (const { id } of untold) {
      const account = accountId.parse(id)
      await db.transaction((tx) => endSessions(tx, { account, reason: 'deceased', at }, [{ type: 'account.ended', account }]))
      told += 1
    }
    if (untold.length < untoldAtOnce) return told
  }
}
