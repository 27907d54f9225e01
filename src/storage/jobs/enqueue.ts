import { patience, type Signal } from '#domain/signal/signal.ts'
import type { Db } from '#storage/postgres/db.ts'
import { makeBoss, queues } from './boss.ts'

/** `at` is the host that it goes to: only so many are under way to one host at a time. */
export type Outgoing = { signal: Signal; at?: string | undefined }

/** Our own sessions end before anybody is told about it. */
const urgency = { 'session-end': 10, ping: 5, logout: 0, sweep: 0 } satisfies Record<Signal['kind'], number>

/** Queues signals within whatever transaction `db` is: they are there if and only if the reason for them is. */
export async function enqueue(db: Db, outgoing: readonly Outgoing[]): Promise<void> {
  if (outgoing.length === 0) return
  await makeBoss(db).insert(queues.signals, outgoing.map(({ signal, at }) => ({
    data: signal,
    priority: urgency[signal.kind],
    ...retries(signal.kind),
    ...(at !== undefined && { group: { id: at } }),
  })))
}

/** Our patience in the words of pg-boss. */
export function retries(kind: Signal['kind']) {
  const { tries, first, longest } = patience[kind]
  return { retryLimit: tries - 1, retryDelay: first, retryBackoff: true, retryDelayMax: longest }
}
