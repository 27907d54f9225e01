import cluster, { type Worker } from 'node:cluster'
import { setTimeout as pause } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import { z } from 'zod'
import type { Log } from '#kernel/log.ts'
import type { Probes } from './probes.ts'

/**
 * Several processes behind one port. The first to start brings the database up to date; one that ends is replaced, after a pause
 * that doubles as long as it does not stay. Each speaks to this process alone, and ends when it does.
 */
export type Workers = Probes & {
  /** All listen, or one has ended before it did: then with its exit code. */
  begun: Promise<number | undefined>
  /** Each finishes what it has begun; answers whether all ended well. */
  close: () => Promise<boolean>
}

const restart = { first: 1000, longest: 30_000, stayed: 60_000 }
/** Longer than any probe waits. */
const answerMilliseconds = 1500

/** What a worker and this process say to each other, besides what prom-client says. */
export const words = { close: 'eid:close', ready: 'eid:ready' } as const
const toldReady = z.object({ [words.ready]: z.boolean(), asked: z.number() })

/** What became of a process that was started: whether it listens, and with which code it ended. */
type Begun = { up: Promise<boolean>; exit: Promise<number> }

export function startWorkers(count: number, log: Log): Workers {
  const figures = new AggregatorRegistry()
  const stopping = new AbortController()
  const listening = new Set<Worker>()
  const ended: Promise<number>[] = []
  let hasBegun = false

  function fork(place: number): Begun {
    const worker = cluster.fork({ EID_WORKER: String(place) })
    const exit = Promise.withResolvers<number>()
    const up = Promise.withResolvers<boolean>()
    worker.once('exit', (code, signal) => {
      listening.delete(worker)
      exit.resolve(signal ? 1 : code)
      up.resolve(false)
    })
    worker.once('listening', () => {
      listening.add(worker)
      up.resolve(true)
    })
    return { up: up.promise, exit: exit.promise }
  }

  /** Replaces what ends until all is to end. */
  async function keep(place: number, first: Begun): Promise<number> {
    let current = first
    let wait = restart.first
    for (;;) {
      const since = Date.now()
      const code = await current.exit
      if (stopping.signal.aborted) return code
      if (Date.now() - since > restart.stayed) wait = restart.first
      log.error({ worker: place, code, nextInMilliseconds: wait }, 'a process of this server has ended; another takes its place')
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return 0
      wait = Math.min(wait * 2, restart.longest)
      current = fork(place)
    }
  }

  async function begin(): Promise<number | undefined> {
    for (let place = 1; place <= count && !stopping.signal.aborted; place += 1) {
      const one = fork(place)
      if (!(await one.up)) return one.exit
      ended.push(keep(place, one))
    }
    hasBegun = true
    return undefined
  }

  return {
    begun: begin(),
    started: () => hasBegun,
    ready: async () => !stopping.signal.aborted && (await Promise.all([...listening].map(isReady))).includes(true),
    metrics: async () => ({ type: figures.contentType, text: await figures.clusterMetrics() }),
    async close() {
      stopping.abort()
      for (const worker of Object.values(cluster.workers ?? {})) worker?.send(words.close, () => undefined)
      return (await Promise.all(ended)).every((code) => code === 0)
    },
  }
}

let asked = 0

async function isReady(worker: Worker): Promise<boolean> {
  asked += 1
  const question = asked
  const answer = Promise.withResolvers<boolean>()
  const late = setTimeout(answer.resolve, answerMilliseconds, false)
  const hear = (message: unknown) => {
    const told = toldReady.safeParse(message).data
    if (told?.asked === question) answer.resolve(told[words.ready])
  }
  worker.on('message', hear)
  worker.send({ [words.ready]: question }, (error) => {
    if (error !== null) answer.resolve(false)
  })
  try {
    return await answer.promise
  } finally {
    clearTimeout(late)
    worker.off('message', hear)
  }
}
