import cluster from 'node:cluster'
import { AggregatorRegistry } from 'prom-client'
import { z } from 'zod'
import type { Metrics } from '#observe/metrics.ts'
import { words } from './workers.ts'

const question = z.object({ [words.ready]: z.number() })

/** In a process that `workers.ts` began: answers whether it is ready, gives its figures, and closes when told. */
export function obey({ ready, metrics: { registry }, close }: { ready: () => Promise<boolean>; metrics: Metrics; close: () => void }): void {
  // Made for what it listens to: the questions of the other process.
  new AggregatorRegistry()
  AggregatorRegistry.setRegistries(registry)
  process.on('message', (message) => {
    if (message === words.close) return close()
    const asked = question.safeParse(message).data?.[words.ready]
    if (asked === undefined) return
    void ready().then((able) => process.send?.({ [words.ready]: able, asked }))
  })
}

/** Which of several processes of a server this is, from one; undefined where there is but one. */
export function placeOfWorker(): number | undefined {
  return cluster.isWorker ? Number(process.env['EID_WORKER']) : undefined
}
