import { clocksApart } from '#kernel/clock.ts'

/** How far this process's clock is from somebody else's, in milliseconds: positive where it is ahead; known to half the time that the question took. */
export type Skew = { milliseconds: number; within: number }

/** What was asked at one moment and answered at another, with their time in between. */
export function skewOf({ asked, theirs, answered }: { asked: Date; theirs: Date; answered: Date }): Skew {
  const [from, to] = [asked.getTime(), answered.getTime()]
  return { milliseconds: (from + to) / 2 - theirs.getTime(), within: Math.abs(to - from) / 2 }
}

/** `alarm`: the times in what it writes deceive; `off`: what it signs would be refused elsewhere or live too long, so it takes no traffic (L05). */
export type ClockVerdict = 'good' | 'alarm' | 'off'

/** Beyond what the measurement can be wrong by: a slow database is no wrong clock. */
export function judgeClock({ milliseconds, within }: Skew): ClockVerdict {
  const certain = Math.abs(milliseconds) - within
  if (certain > offMilliseconds) return 'off'
  return certain > alarmMilliseconds ? 'alarm' : 'good'
}

/**
 * With somebody else asked where the database is far away: of three clocks the two that agree are right, and a database alone that is off is no reason
 * for all servers to leave. Where nobody else answers, or all three differ, a server does not trust itself (L05, R15).
 */
export function judgeClocks(database: Skew, other: Skew | undefined): ClockVerdict | 'database' {
  const verdict = judgeClock(database)
  return verdict === 'off' && other !== undefined && judgeClock(other) !== 'off' ? 'database' : verdict
}

const alarmMilliseconds = 1000
const offMilliseconds = clocksApart * 1000
