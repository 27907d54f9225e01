import { sql } from 'kysely'
import { accountId, connectionId } from '#kernel/id.ts'
import type { Letter } from '#domain/signal/letter.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { letterTo } from '#storage/jobs/letter.ts'
import type { Db } from './db.ts'

type About = Extract<Letter, { about: 'connection' }>['is']

/** A letter about what became of a request, within whatever transaction `db` is; none where no request is behind it. */
export async function writeToApplicant(db: Db, of: { connection: string } | { proposal: string }, is: About): Promise<void> {
  const where = 'connection' in of ? sql`id = ${of.connection}` : sql`proposal = ${of.proposal}`
  const row = await db.first(sql<{ id: string; owner: string }>`select id, owner from connection where ${where}`)
  if (row === undefined) return
  await enqueue(db, [letterTo(accountId.parse(row.owner), { about: 'connection', is, connection: connectionId.parse(row.id) })])
}
