import { sql } from 'kysely'
import { toldTypes, type TellingEvent, type ToldOnce } from '#domain/audit/told-once.ts'
import type { Sealer } from '#keys/seal.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

export const toldOnce = (db: Db, sealer: Sealer): ToldOnce => {
  const keyed = (text: string) => Buffer.from(sealer.index('told-once', text)).toString('base64url')
  const named = (about: string) => keyed(`about ${about}`)
  /** `place`: the how many-eth it is of those about the same. */
  const markOf = (about: string, place: number, says: string) => `${named(about)}.${keyed(`${place} ${says} ${about}`)}`

  /** What was told last, by its mark; whoever comes meanwhile waits. */
  async function heldMarks(tx: Db, about: string): Promise<readonly string[]> {
    await tx.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`told ${about}`}, 0))`)
    const rows = await tx.rows(sql<{ mark: string }>`
      select data->>'mark' as mark from audit_event where type in (${sql.join([...toldTypes])}) and starts_with(data->>'mark', ${`${named(about)}.`}) order by id`)
    return rows.map(({ mark }) => mark)
  }

  /** Unless that is what was said last. */
  const say = (about: string, says: string, { event, at, first }: { event: TellingEvent; at: Date; /** Also where nothing was said before. */ first: boolean }) => db.transaction(async (tx) => {
    const marks = await heldMarks(tx, about)
    if (marks.at(-1) === markOf(about, marks.length, says) || (marks.length === 0 && !first)) return false
    await insertEvents(tx, [{ ...event, mark: markOf(about, marks.length + 1, says) }], at)
    return true
  })

  return {
    tell: ({ about, state }, event, at) => say(about, `is ${state ?? ''}`, { event, at, first: true }),
    async over(about, event, at) {
      await say(about, 'is over', { event, at, first: false })
    },
  }
}
