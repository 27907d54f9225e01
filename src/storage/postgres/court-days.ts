import { sql } from 'kysely'
import { dayInVietnam } from '#kernel/clock.ts'
import { personId } from '#kernel/id.ts'
import { courtDaysOf } from '#domain/acting/representation.ts'
import type { Person } from '#domain/registry/person.ts'
import { accountsOf } from './account-moves.ts'
import type { Db } from './db.ts'
import { endSessions } from './service-sessions.ts'

/** What the registry now says of these people, in place of what it said of the days that are still to come. */
export async function putCourtDays(db: Db, people: readonly Pick<Person, 'id' | 'guardianship'>[], at: Date): Promise<void> {
  const today = dayInVietnam(at)
  const days = people.flatMap((person) => courtDaysOf(person, today).map((day) => ({ person_id: person.id, day })))
  const ids = JSON.stringify(people.map(({ id }) => id))
  await db.change(sql`delete from court_day where day > ${today} and person_id in (select value::uuid from json_array_elements_text(${ids}::json))`)
  if (days.length === 0) return
  await db.change(sql`
    insert into court_day (person_id, day) select r.person_id, r.day from json_to_recordset(${JSON.stringify(days)}::json) as r(person_id uuid, day date)
    on conflict do nothing`)
}

/** So many at a time: one statement has 700 milliseconds. */
const atOnce = 500

/** See `AccountStore.followCourts`. Each day of a person is a commit of its own. */
export async function followCourts(db: Db, at: Date): Promise<number> {
  let followed = 0
  for (;;) {
    const due = await db.rows(sql<{ id: string; day: string }>`
      select person_id as id, day::text as day from court_day where day <= ${dayInVietnam(at)} order by day, person_id limit ${atOnce}`)
    for (const { id, day } of due) {
      await db.transaction(async (tx) => {
        for (const account of await accountsOf(tx, [personId.parse(id)])) await endSessions(tx, { account, reason: 'represented', at })
        await tx.change(sql`delete from court_day where person_id = ${id} and day = ${day}`)
      })
      followed += 1
    }
    if (due.length < atOnce) return followed
  }
}
