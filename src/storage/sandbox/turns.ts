import { runs, type TurnStore } from '#domain/self-test/report.ts'
import type { Volatile } from '#storage/volatile.ts'

/** A process that has died leaves its turn when a run would have been over, and a little later. */
const margin = 60

/** Turns of self-tests over whichever volatile store there is. */
export const selfTestTurns = (volatile: Volatile): TurnStore => ({
  async take(owner) {
    if (await volatile.claim(keyOf(owner), 'running', runs.longest + margin)) return 'taken'
    return (await volatile.get(keyOf(owner))) === 'resting' ? 'resting' : 'running'
  },
  give: (owner, how) => (how === 'unused' ? volatile.drop(keyOf(owner)) : volatile.put(keyOf(owner), 'resting', runs.pause)),
})

const keyOf = (owner: string) => `sandbox-self-test:${owner}`
