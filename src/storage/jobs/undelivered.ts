import { z } from 'zod'
import type { JobWithMetadata } from 'pg-boss'
import type { Clock } from '#kernel/clock.ts'
import { signal as signalShape } from '#domain/signal/signal.ts'
import type { Undelivered, UndeliveredStore } from '#domain/signal/undelivered.ts'
import { insertEvents } from '#storage/postgres/audit.ts'
import type { Db } from '#storage/postgres/db.ts'
import { makeBoss, queues, throughOur } from './boss.ts'

const mostListed = 1000
const rowId = z.uuid()
/** What pg-boss answers and its types do not tell. */
const affected = z.object({ affected: z.number() })
const output = z.object({ ending: z.string() })

/** The dead letters of pg-boss, as an operator sees them. */
export function undelivered(db: Db, clock: Clock): UndeliveredStore {
  async function act(id: string, type: 'signal.retried' | 'signal.dropped', move: (within: Db) => Promise<number>) {
    if (!rowId.safeParse(id).success) return undefined
    return db.transaction(async (tx) => {
      const job = await makeBoss(tx).findJobs(queues.undelivered, { id }).then(([found]) => found)
      if (job === undefined || (await move(tx)) !== 1) return undefined
      const one = shown(job)
      await insertEvents(tx, [{ type, delivery: id, kind: one.kind, ...(one.client && { client: one.client }), by: 'operator' }], clock.now())
      return one
    })
  }

  return {
    async list() {
      return (await makeBoss(db).findJobs(queues.undelivered, { limit: mostListed })).map(shown)
    },
    retry: (id) => act(id, 'signal.retried', (tx) => makeBoss(tx).redrive(queues.undelivered, { ids: [id], db: throughOur(tx) })),
    drop: (id) => act(id, 'signal.dropped', async (tx) => affected.parse(await makeBoss(tx).deleteJob(queues.undelivered, id)).affected),
  }
}

function shown(job: JobWithMetadata<unknown>): Undelivered {
  const { data: signal } = signalShape.safeParse(job.data)
  return {
    id: job.id,
    kind: signal?.kind ?? 'unreadable',
    client: signal && 'client' in signal ? signal.client : undefined,
    since: job.sourceCreatedOn ?? job.createdOn,
    tries: (job.sourceRetryCount ?? 0) + 1,
    // A process that died at the last try has said nothing.
    ending: output.safeParse(job.sourceOutput).data?.ending ?? 'unknown',
  }
}
