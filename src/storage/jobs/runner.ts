import { setTimeout as pause } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Courier, Delivery } from '#domain/signal/courier.ts'
import { signal as signalShape, type Signal } from '#domain/signal/signal.ts'
import { keepLooking } from '#storage/keep-looking.ts'
import { insertEvents } from '#storage/postgres/audit.ts'
import type { Database } from '#storage/postgres/db.ts'
import { makeBoss, queues, throughOur } from './boss.ts'
import { startChores, type Chores } from './chores.ts'

type Tools = { database: Database; courier: Courier; log: Log; clock: Clock; chores?: Chores }

/** Signals under way at once from this process, and from all together to one host: who hangs holds up nobody else (P19). */
const atOnce = 64
const toOneHost = 2

/** Between two looks when there was nothing to do; well within the five seconds that an end may take (W12). */
const idleMilliseconds = 500
/** A try that is not over by then counts as failed; the library gives an address two and a half seconds. */
const tryMilliseconds = 6000
/** What is still under way when the process ends is tried again by another. */
const lastMilliseconds = 4000

export type Runner = { /** Takes nothing new, and waits a moment for what is under way. */ stop: () => Promise<void> }

/** Delivers what waits in the queue, beside the other processes that do. */
export async function startRunner(tools: Tools): Promise<Runner> {
  const { database, log, chores } = tools
  const boss = makeBoss(database, { migrate: false, ...supervision })
  // A pass of pg-boss that failed is made up for by the next.
  boss.on('error', (error) => log.warn({}, 'the job queue reports', error))
  await boss.start()
  const atHome = chores && startChores({ boss, log, chores })

  const underWay = new Set<Promise<void>>()

  function begin(job: JobWithMetadata<unknown>): void {
    const run = deliver(tools, boss, job).finally(() => {
      underWay.delete(run)
      // Whatever ends frees its host for the next in line.
      looking.wake()
    })
    underWay.add(run)
  }

  async function look(): Promise<boolean> {
    const batchSize = atOnce - underWay.size
    if (batchSize === 0) return false
    const jobs = await boss.fetch(queues.signals, { batchSize, groupConcurrency: toOneHost, includeMetadata: true })
    for (const job of jobs) begin(job)
    return jobs.length > 0
  }

  const looking = keepLooking(async () => {
    const found = await look().catch((error: unknown) => log.warn({}, 'the job queue cannot be read', error))
    return found === true ? 0 : idleMilliseconds
  })

  return {
    async stop() {
      await Promise.all([looking.stop(), atHome?.stop()])
      await Promise.race([Promise.allSettled(underWay), pause(lastMilliseconds)])
      await boss.stop({ close: false, graceful: false })
    },
  }
}

/** Seconds. What a dead process had claimed is free again within half a minute; the rest is upkeep. */
const supervision = {
  superviseIntervalSeconds: 15,
  monitorIntervalSeconds: 15,
  cronMonitorIntervalSeconds: 45,
  cronWorkerIntervalSeconds: 45,
  flowIntervalSeconds: 3600,
  bamIntervalSeconds: 3600,
}

async function deliver({ courier, ...tools }: Tools, boss: PgBoss, job: JobWithMetadata<unknown>): Promise<void> {
  const signal = signalShape.safeParse(job.data).data
  const outcome = signal === undefined ? unreadable : await inTime(carried(courier, signal, tools.log))
  try {
    if (outcome.is !== 'undelivered') await boss.complete(queues.signals, job)
    else await fail(tools, boss, { job, signal, ending: outcome.ending })
  } catch (error) {
    tools.log.warn({ job: job.id }, 'a signal could not be settled and comes again', error)
  }
}

/** A courier says how it went; one that throws has a bug, which must not end the process. */
async function carried(courier: Courier, signal: Signal, log: Log): Promise<Delivery> {
  try {
    return await courier(signal)
  } catch (error) {
    log.error({ kind: signal.kind }, 'a signal could not be carried', error)
    return { is: 'undelivered', ending: 'internal' }
  }
}

const unreadable: Delivery = { is: 'undelivered', ending: 'unreadable' }

async function inTime(delivery: Promise<Delivery>): Promise<Delivery> {
  const over = new AbortController()
  const late = pause(tryMilliseconds, { is: 'undelivered', ending: 'timeout' } as const, { signal: over.signal })
  // Whichever comes second is nobody's concern.
  late.catch(() => undefined)
  return Promise.race([delivery, late]).finally(() => over.abort())
}

type Failed = { job: JobWithMetadata<unknown>; signal: Signal | undefined; ending: string }

/** Another try comes later, or this was the last: then that is on record, and the signal waits for somebody who looks after it. */
async function fail({ database, log, clock }: Omit<Tools, 'courier'>, boss: PgBoss, { job, signal, ending }: Failed): Promise<void> {
  const who = signal === undefined ? { client: undefined, kind: undefined } : { client: clientOf(signal), kind: signal.kind }
  if (job.retryCount < job.retryLimit) {
    log.debug({ job: job.id, ...who, ending, tries: job.retryCount + 1 }, 'a signal was not delivered, and will be tried again')
    return void (await boss.fail(queues.signals, job, { ending }))
  }
  await database.transaction(async (db) => {
    await boss.fail(queues.signals, job, { ending }, { db: throughOur(db) })
    if (signal === undefined) return
    const client = clientOf(signal)
    const account = 'account' in signal ? { account: signal.account } : {}
    await insertEvents(db, [{ type: 'signal.undelivered', kind: signal.kind, ...(client && { client }), ...account, ending }], clock.now())
  })
  log.warn({ job: job.id, ...who, ending, tries: job.retryCount + 1 }, 'a signal was given up')
}

function clientOf(signal: Signal) {
  return 'client' in signal ? signal.client : undefined
}
