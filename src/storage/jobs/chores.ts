import { setTimeout as pause } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { z } from 'zod'
import type { Log } from '#kernel/log.ts'
import { queues } from './boss.ts'

/** What is done at its hour and concerns nobody outside; when a chore fails, its next hour makes up for it. */
export const choreNames = ['statistics', 'papers', 'reminders'] as const
export type Chore = (typeof choreNames)[number]
export type Chores = Readonly<Record<Chore, () => Promise<unknown>>>

const chore = z.strictObject({ chore: z.enum(choreNames) })

const idleMilliseconds = 5000

type Tools = { boss: PgBoss; log: Log; chores: Chores }

/** Does chores one after the other, beside the other processes that do. `stop` waits for none: what was claimed is free again after its time. */
export function startChores({ boss, log, chores }: Tools): { stop: () => Promise<void> } {
  const stopping = new AbortController()

  async function look(): Promise<boolean> {
    const [job] = await boss.fetch(queues.chores, { batchSize: 1, includeMetadata: true })
    if (job !== undefined) await run(job)
    return job !== undefined
  }

  async function run(job: JobWithMetadata<unknown>): Promise<void> {
    const due = chore.safeParse(job.data).data
    try {
      if (due !== undefined) await chores[due.chore]()
      await boss.complete(queues.chores, job)
    } catch (error) {
      log.warn({ job: job.id, chore: due?.chore }, 'a chore was not done, and waits for its next hour', error)
      await boss.fail(queues.chores, job, { ending: 'failed' })
    }
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      const found = await look().catch((error: unknown) => log.warn({}, 'the queue of chores cannot be read', error))
      if (found !== true) await pause(idleMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()

  return {
    async stop() {
      stopping.abort()
      await Promise.race([looking, pause(2000)])
    },
  }
}
