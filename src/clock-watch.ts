import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { judgeClock, skewOf, type ClockVerdict } from '#domain/audit/clock-skew.ts'
import type { Db } from '#storage/postgres/db.ts'

/** Between two looks; a clock that was set wrong is found within that time. */
const lookMilliseconds = 10_000

type Tools = { database: Pick<Db, 'first'>; clock: Clock; log: Log; /** Hears of each look by how many seconds the clock is off. */ told: ((seconds: number) => void) | undefined }

export type ClockWatch = { /** No traffic is wanted here. */ isOff: () => boolean; stop: () => Promise<void> }

/**
 * Compares the clock of this machine with the database's, which all nodes share, once before it answers and every few seconds from then on (L05). Where the
 * database does not answer the last verdict stands.
 */
export async function startClockWatch({ database, clock, log, told }: Tools): Promise<ClockWatch> {
  let verdict: ClockVerdict = 'good'
  const stopping = new AbortController()

  async function look(): Promise<void> {
    const asked = clock.now()
    const row = await database.first(sql<{ now: Date }>`select clock_timestamp() as now`)
    if (row === undefined) return
    const skew = skewOf({ asked, theirs: row.now, answered: clock.now() })
    told?.(skew.milliseconds / 1000)
    const found = judgeClock(skew)
    if (found !== verdict) tell(log, found, skew.milliseconds)
    verdict = found
  }

  const tryOnce = () => look().catch((error: unknown) => log.debug({}, 'the clock could not be compared', error))
  await tryOnce()
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      await pause(lookMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) await tryOnce()
    }
  })()
  return {
    isOff: () => verdict === 'off',
    async stop() {
      stopping.abort()
      await looking
    },
  }
}

const words = {
  good: 'the clock agrees with the database again',
  alarm: 'the clock of this machine is more than a second away from the database: set it right',
  off: 'the clock of this machine is more than ten seconds away from the database: it takes no traffic until it is set right',
} as const satisfies Record<ClockVerdict, string>

function tell(log: Log, verdict: ClockVerdict, milliseconds: number): void {
  log[verdict === 'good' ? 'info' : 'error']({ aheadMilliseconds: Math.round(milliseconds) }, words[verdict])
}
