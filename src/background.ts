import type { AnswerTimes } from '#domain/statistic/answer-time.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import type { HealthNotes } from '#domain/statistic/health.ts'
import type { KeySetNotes } from '#domain/signing-key/watch.ts'
import { knownNetworks, type KnownNetworks } from '#web/request/known-networks.ts'
import { makeKeySetNotes } from '#storage/key-set-notes.ts'
import { makeProblemNotes } from '#storage/problem-notes.ts'
import { makeTally } from '#storage/tally.ts'
import { makeTimes } from '#storage/timed.ts'
import type { House } from './house.ts'

export type Background = {
  later: (task: () => Promise<void>) => void
  /** What services are refused; written together every few seconds. */
  healthNotes: HealthNotes
  /** How long answers take, written likewise. */
  times: AnswerTimes
  /** What people were told a reference of. */
  problemNotes: ProblemNotes
  /** Who has fetched the key set, and who calls. */
  keySetNotes: KeySetNotes
  /** Where services have proved themselves; it outlives a change of keys. */
  known: KnownNetworks
  /** Waits for all of it. */
  settle: () => Promise<void>
}

type BackgroundTools = Parameters<typeof makeTally>[0] & Parameters<typeof makeTimes>[0] & Parameters<typeof makeProblemNotes>[0] & Omit<Parameters<typeof makeKeySetNotes>[0], 'digest'> & Pick<House, 'keyring'>

/** Work that must not hold up an answer, or whose length must not be seen in it. It is waited for before the process ends. */
export function makeBackground({ log, ...tools }: BackgroundTools): Background {
  const tally = makeTally({ ...tools, log })
  const times = makeTimes({ ...tools, log })
  const problemNotes = makeProblemNotes({ ...tools, log })
  const keySetNotes = makeKeySetNotes({ ...tools, log, digest: (address) => Buffer.from(tools.keyring.sealer.index('key-set-caller', address)).toString('base64url') })
  const known = knownNetworks(tools.clock)
  const running = new Set<Promise<void>>()
  return {
    later: (task: () => Promise<void>): void => {
      const run = task().catch((error: unknown) => log.warn({}, 'background work failed', error))
      running.add(run)
      void run.then(() => running.delete(run))
    },
    healthNotes: tally,
    times,
    problemNotes,
    keySetNotes,
    known,
    settle: async () => {
      await Promise.all(running)
      await Promise.all([tally.flush(), times.flush(), problemNotes.flush(), keySetNotes.flush()])
    },
  }
}
