import cluster from 'node:cluster'
import { z } from 'zod'
import type { Metrics } from '#observe/metrics.ts'
import { words } from './workers.ts'

const question = z.object({ word: z.enum([words.ready, words.figures]), asked: z.number() })

/** In a process that `workers.ts` began: answers whether it is ready, gives its figures, and closes when told. */
export function obey({ ready, metrics: { registry }, close }: { ready: () => Promise<boolean>; metrics: Metrics; close: () => void }): void {
  const answers = { [words.ready]: ready, [words.figures]: () => registry.getMetricsAsJSON() }
  process.on('message', (message) => {
    if (message === words.close) return close()
    const { word, asked } = question.safeParse(message).data ?? {}
    if (word === undefined) return
    void answers[word]().then((value) => process.send?.({ answer: word, asked, value }))
  })
  process.send?.(words.up)
}

/** How many processes of this server there are on this machine. */
export function workersHere(): number {
  return cluster.isWorker ? Number(process.env['EID_WORKERS']) : 1
}

/** Which of several processes of a server this is, from one; undefined where there is but one. */
export function workerNumber(): number | undefined {
  return cluster.isWorker ? Number(process.env['EID_WORKER']) : undefined
}
