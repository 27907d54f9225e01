import cluster, { type Worker } from 'node:cluster'
import { setTimeout as pause } from 'node:timers/promises'
import { AggregatorRegistry, Registry } from 'prom-client'
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
/** Beyond the time in which a process drains and finishes: what has not ended by then is ended. */
const patience = 130_000
/** Longer than any probe waits. */
const answerMilliseconds = 1500

/** What a worker and this process say to each other: `up` once it hears the others. */
export const words = { up: 'eid:up', close: 'eid:close', ready: 'eid:ready', figures: 'eid:figures' } as const
type Question = (typeof words)['ready' | 'figures']
const answered = z.object({ answer: z.enum([words.ready, words.figures]), asked: z.number(), value: z.unknown() })

/** What became of a process that was started: whether it listens, and with which code it ended. */
type Begun = { up: Promise<boolean>; exit: Promise<number> }

export function startWorkers(count: number, log: Log): Workers {
  const stopping = new AbortController()
  const serving = new Set<Worker>()
  const ended: Promise<number>[] = []
  let hasBegun = false

  const fork = (number: number) => forked(number, { count, serving, isOver: () => stopping.signal.aborted })

  /** Replaces what ends until all is to end. */
  async function keep(number: number, first: Begun): Promise<number> {
    let current = first
    let wait = restart.first
    for (;;) {
      const since = Date.now()
      const code = await current.exit
      if (stopping.signal.aborted) return code
      if (Date.now() - since > restart.stayed) wait = restart.first
      log.error({ worker: number, code, nextInMilliseconds: wait }, 'a process of this server has ended; another takes its place')
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return 0
      wait = Math.min(wait * 2, restart.longest)
      current = fork(number)
    }
  }

  async function begin(): Promise<number | undefined> {
    for (let number = 1; number <= count && !stopping.signal.aborted; number += 1) {
      const one = fork(number)
      if (!(await one.up)) return one.exit
      ended.push(keep(number, one))
    }
    hasBegun = true
    return undefined
  }

  const begun = begin()
  return {
    begun,
    started: () => hasBegun,
    ready: async () => !stopping.signal.aborted && (await ask(serving, words.ready)).includes(true),
    async metrics() {
      const each = (await ask(serving, words.figures)).filter((value) => typeof value === 'object' && value !== null)
      return { type: Registry.PROMETHEUS_CONTENT_TYPE, text: await AggregatorRegistry.aggregate(each).metrics() }
    },
    async close() {
      stopping.abort()
      for (const worker of serving) worker.send(words.close, () => undefined)
      const late = setTimeout(() => {
        for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
      }, patience)
      await begun
      const codes = await Promise.all(ended).finally(() => clearTimeout(late))
      return codes.every((code) => code === 0)
    },
  }
}

function forked(number: number, { count, serving, isOver }: { count: number; serving: Set<Worker>; isOver: () => boolean }): Begun {
  const worker = cluster.fork({ EID_WORKER: String(number), EID_WORKERS: String(count) })
  const exit = Promise.withResolvers<number>()
  const up = Promise.withResolvers<boolean>()
  worker.once('exit', (code, signal) => {
    serving.delete(worker)
    exit.resolve(signal ? 1 : code)
    up.resolve(false)
  })
  worker.on('message', (message) => {
    if (message !== words.up) return
    up.resolve(true)
    // It began before all were to end, and did not hear it.
    if (isOver()) worker.send(words.close, () => undefined)
    else serving.add(worker)
  })
  return { up: up.promise, exit: exit.promise }
}

let questions = 0

/** What each answers in time; one that does not is left out. */
async function ask(workers: ReadonlySet<Worker>, word: Question): Promise<readonly unknown[]> {
  const answers = await Promise.all([...workers].map((worker) => askOne(worker, word)))
  return answers.filter((value) => value !== undefined)
}

async function askOne(worker: Worker, word: Question): Promise<unknown> {
  questions += 1
  const asked = questions
  const answer = Promise.withResolvers<unknown>()
  const late = setTimeout(answer.resolve, answerMilliseconds, undefined)
  const hear = (message: unknown) => {
    const told = answered.safeParse(message).data
    if (told?.asked === asked) answer.resolve(told.value)
  }
  worker.on('message', hear)
  worker.send({ word, asked }, (error) => {
    if (error !== null) answer.resolve(undefined)
  })
  try {
    return await answer.promise
  } finally {
    clearTimeout(late)
    worker.off('message', hear)
  }
}
