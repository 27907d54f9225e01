import { sql } from 'kysely'
import type { QueueOptions } from 'pg-boss'
import { Refusal } from '#kernel/refusal.ts'
import type { Database } from '#storage/postgres/db.ts'
import { makeBoss, queues } from './boss.ts'
import { choreNames, type Chore } from './chores.ts'
import { retries } from './enqueue.ts'

const day = 86_400

/** How long a claim counts without a word; then its process is taken for dead and somebody else tries. */
export const claimSeconds = 15

const settings = {
  // What an operator queues again has the patience of a logout, whatever it is.
  ...retries('logout'),
  expireInSeconds: claimSeconds,
  retentionSeconds: 30 * day,
  // What was delivered is in nobody's interest.
  deleteAfterSeconds: 3600,
} satisfies QueueOptions

/** A failure is tried again after two minutes, and after four and eight more; work that takes longer is taken for dead. */
const choreSettings = { retryLimit: 3, retryDelay: 120, retryBackoff: true, expireInSeconds: 1800, retentionSeconds: 3600, deleteAfterSeconds: 3600 } satisfies QueueOptions

/** Each hour, at a minute that no round clock has. */
const sweepAt = '23 * * * *'
/** By the clock of Greenwich: just after midnight in Viet Nam. */
const afterMidnight = '2 17 * * *'
const choresAt = { statistics: '*/5 * * * *', papers: afterMidnight, reminders: '17 * * * *' } satisfies Record<Chore, string>

/**
 * Brings the tables of pg-boss and our queues up to date, as `migrate` does with our own tables. Two processes at once are safe:
 * pg-boss takes a lock. What is up to date costs one look.
 */
export async function prepareJobs(database: Database): Promise<void> {
  if (await isPrepared(database)) return
  await database.patiently(async (db) => {
    const boss = makeBoss(db, { migrate: true, supervise: false, schedule: false })
    boss.on('error', () => undefined)
    await boss.start()
    try {
      await boss.createQueue(queues.undelivered, settings)
      await boss.createQueue(queues.signals, { ...settings, deadLetter: queues.undelivered })
      await boss.updateQueue(queues.undelivered, settings)
      await boss.updateQueue(queues.signals, { ...settings, deadLetter: queues.undelivered })
      await boss.schedule(queues.signals, sweepAt, { kind: 'sweep' })
      // One at a time of each hour, over all processes.
      await boss.createQueue(queues.chores, { ...choreSettings, policy: 'exclusive' })
      await boss.updateQueue(queues.chores, choreSettings)
      for (const chore of choreNames) await boss.schedule(queues.chores, choresAt[chore], { chore }, { key: chore, singletonKey: chore })
    } finally {
      await boss.stop({ close: false, graceful: false })
    }
  })
}

/** For who may not change tables. Throws `Refusal`. */
export async function mustBePrepared(database: Database): Promise<void> {
  if (!(await isPrepared(database))) throw new Refusal('The job queue of this database is that of another version: run eid migrate as the owner of its tables first.')
}

/** The chores that are due by a clock already. */
async function arePlanned(db: Database): Promise<boolean> {
  const rows = await db.rows(sql<{ key: string; cron: string; tries: number }>`select s.key, s.cron, q.retry_limit as tries from job.schedule s join job.queue q on q.name = s.name where s.name = ${queues.chores}`)
  return choreNames.every((chore) => rows.some(({ key, cron, tries }) => key === chore && cron === choresAt[chore] && tries === choreSettings.retryLimit))
}

type Found = { tries: number; longest: number; expire: number; retention: number; deletion: number }

/** The version of pg-boss's tables that this release of it wants; a start of it refuses any other. */
const wanted = 46

async function isPrepared(db: Database): Promise<boolean> {
  try {
    const rows = await db.rows(sql<Found>`
      select q.retry_limit as tries, q.retry_delay_max as longest, q.expire_seconds as expire, q.retention_seconds as retention, q.deletion_seconds as deletion
      from job.queue q, job.version v, job.schedule s
      where v.version = ${wanted} and q.name in (${queues.signals}, ${queues.undelivered}) and s.name = ${queues.signals} and s.cron = ${sweepAt}`)
    return rows.length === 2 && (await arePlanned(db)) && rows.every(({ tries, longest, expire, retention, deletion }) =>
      tries === settings.retryLimit && longest === settings.retryDelayMax && expire === settings.expireInSeconds && retention === settings.retentionSeconds && deletion === settings.deleteAfterSeconds)
  } catch (error) {
    // 42P01 undefined_table, 3F000 invalid_schema_name: nothing is there yet.
    if (error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '3F000')) return false
    throw error
  }
}
