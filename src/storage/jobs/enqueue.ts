import { AsyncLocalStorage } from 'node:async_hooks'
import { patience, type Signal, type SignalQueue } from '#domain/signal/signal.ts'
import type { Db } from '#storage/postgres/db.ts'
import { makeBoss, queues } from './boss.ts'

/** `at` is the host that it goes to: only so many are under way to one host at a time. */
export type Outgoing = { signal: Signal; at?: string | undefined }

/** Our own sessions end before anybody is told about it. */
const urgency = { 'session-end': 10, lost: 10, letter: 5, 'contact-letter': 5, notice: 5, ping: 5, logout: 0, sweep: 0 } satisfies Record<Signal['kind'], number>

/**
 * pg-boss looks up in which table a queue is, once for each of its instances, and that costs more than putting a job in. This one
 * instance speaks through whichever door is asking; where our queue is never changes, so what it remembers holds for all.
 */
const asking = new AsyncLocalStorage<Db>()
const boss = makeBoss({
  foreign: (text, values) => asking.getStore()?.foreign(text, values) ?? Promise.reject(new Error('nobody is asking')),
})

/** Queues signals within whatever transaction `db` is: they are there if and only if the reason for them is. */
export async function enqueue(db: Db, outgoing: readonly Outgoing[]): Promise<void> {
  if (outgoing.length === 0) return
  const jobs = outgoing.map(({ signal, at }) => ({
    data: signal,
    priority: urgency[signal.kind],
    ...retries(signal.kind),
    ...(at !== undefined && { group: { id: at } }),
  }))
  await asking.run(db, () => boss.insert(queues.signals, jobs))
}

export const signalQueue = (db: Db): SignalQueue => ({ add: (signal, at) => enqueue(db, [{ signal, at }]) })

/** Our patience in the words of pg-boss. */
export function retries(kind: Signal['kind']) {
  const { tries, first, longest } = patience[kind]
  return { retryLimit: tries - 1, retryDelay: first, retryBackoff: true, retryDelayMax: longest }
}
