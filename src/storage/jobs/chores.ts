import { setTimeout as pause } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Log } from '#kernel/log.ts'
import { keepLooking } from '#storage/keep-looking.ts'
import { queues } from './boss.ts'

/** What is done at its hour and concerns nobody outside; what failed is tried again after minutes, and at its next hour. */
export const choreNames = ['statistics', 'papers', 'reminders'] as const
export type Chore = (typeof choreNames)[number]
/** Of each hour everything that is done then, by its name, in this order. Each may be done again at any time. */
export type Chores = Readonly<Record<Chore, Readonly<Record<string, () => Promise<unknown>>>>>

const chore = z.strictObject({ chore: z.enum(choreNames) })

const idleMilliseconds = 5000

type Tools = { boss: PgBoss; log: Log; chores: Chores }

/** Does each of these, whatever becomes of the others, and answers which have failed. */
export async function doEach(all: Chores[Chore], log: Pick<Log, 'warn'>): Promise<readonly string[]> {
  const failed: string[] = []
  for (const [chore, act] of Object.entries(all)) {
    try {
      await act()
    } catch (error) {
      log.warn({ chore }, 'a chore was not done, and is tried again', error)
      failed.push(chore)
    }
  }
  return failed
}

/** Does chores one after the other, beside the other processes that do. `stop` waits for none: what was claimed is free again after its time. */
export function startChores({ boss, log, chores }: Tools): { stop: () => Promise<void> } {
  async function look(): Promise<boolean> {
    const [job] = await boss.fetch(queues.chores, { batchSize: 1, includeMetadata: true })
    if (job !== undefined) await run(job)
    return job !== undefined
  }

  async function run(job: JobWithMetadata<unknown>): Promise<void> {
    const due = chore.safeParse(job.data).data
    const failed = due === undefined ? [] : await doEach(chores[due.chore], log)
    if (failed.length === 0) await boss.complete(queues.chores, job)
    else await boss.fail(queues.chores, job, { ending: failed.join(' ') })
  }

  const looking = keepLooking(async () => {
    const found = await look().catch((error: unknown) => log.warn({}, 'the queue of chores cannot be read', error))
    return found === true ? 0 : idleMilliseconds
  })

  return { stop: () => Promise.race([looking.stop(), pause(2000)]) }
}
