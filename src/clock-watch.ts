import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { judgeClock, judgeClocks, skewOf, type Skew } from '#domain/audit/clock-skew.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { keepLooking } from '#storage/keep-looking.ts'
import type { Db } from '#storage/postgres/db.ts'

/** Between two looks; a clock that was set wrong is found within that time. */
const lookMilliseconds = 10_000

/** What is told of it in figures. */
type Figures = { off: (seconds: number) => void; wrong: (whose: 'server' | 'database' | undefined) => void }
type Tools = {
  database: Pick<Db, 'first'>
  /** Somebody else's, where there is one. */
  otherTime: (() => Promise<Date>) | undefined
  audit: Pick<AuditLog, 'append'>
  clock: Clock
  log: Log
  figures: Figures | undefined
}

export type ClockWatch = { /** No traffic is wanted here. */ isOff: () => boolean; stop: () => Promise<void> }

type Verdict = ReturnType<typeof judgeClocks>

/**
 * Compares the clock of this machine with the database's, which all nodes share, once before it answers and every few seconds from then on (L05). Where the
 * database does not answer the last verdict stands. Where it is far away Redis is asked too, and of three the two that agree are right.
 */
export async function startClockWatch({ database, otherTime, audit, clock, log, figures }: Tools): Promise<ClockWatch> {
  let verdict: Verdict = 'good'

  async function compared(ask: () => Promise<Date | undefined>): Promise<Skew | undefined> {
    const asked = clock.now()
    const theirs = await ask()
    return theirs && skewOf({ asked, theirs, answered: clock.now() })
  }

  async function look(): Promise<void> {
    const skew = await compared(async () => (await database.first(sql<{ now: Date }>`select clock_timestamp() as now`))?.now)
    if (skew === undefined) return
    figures?.off(skew.milliseconds / 1000)
    const other = judgeClock(skew) === 'off' && otherTime ? await compared(otherTime).catch(() => undefined) : undefined
    const found = judgeClocks(skew, other)
    figures?.wrong(found === 'database' ? 'database' : found === 'off' ? 'server' : undefined)
    if (found === verdict) return
    tell(log, found, skew.milliseconds)
    verdict = found
    // Each process says so once; the alarm is one.
    if (found === 'database') await audit.append({ type: 'clock.off', by: 'clock' })
  }

  const tryOnce = () => look().catch((error: unknown) => log.debug({}, 'the clock could not be compared', error))
  await tryOnce()
  const looking = keepLooking(async () => {
    await tryOnce()
    return lookMilliseconds
  }, { first: lookMilliseconds })
  return { isOff: () => verdict === 'off', stop: looking.stop }
}

const words = {
  good: 'the clock agrees with the database again',
  alarm: 'the clock of this machine is more than a second away from the database: set it right',
  off: 'the clock of this machine is more than ten seconds away from the database: it takes no traffic until it is set right',
  database: 'the clock of the database is more than ten seconds away from this machine, which Redis agrees with: set that of the database right',
} as const satisfies Record<Verdict, string>

function tell(log: Log, verdict: Verdict, milliseconds: number): void {
  log[verdict === 'good' ? 'info' : 'error']({ aheadMilliseconds: Math.round(milliseconds) }, words[verdict])
}
