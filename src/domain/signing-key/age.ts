import type { Clock } from '#kernel/clock.ts'
import type { ToldOnce } from '#domain/audit/told-once.ts'
import type { HeldKey } from './key.ts'
import { hours, isTooOld, type KeyRules } from './rules.ts'
import { standingAt, type KeyStanding } from './standing.ts'
import type { KeyChangeStore } from './store.ts'

/** `due`: soon too old, and nobody has decided what follows. */
export type KeyAge = 'due' | 'too-old'

/** What is to be said of the age of a key that signs (K03); nothing of one that is young, or whose follower is decided in time. */
export function ageOf({ state, since, next }: Pick<KeyStanding, 'state' | 'since' | 'next'>, rules: Pick<KeyRules, 'oldestDays' | 'dueDays'>, now: Date): KeyAge | undefined {
  if (state !== 'active' || since === undefined) return undefined
  if (isTooOld(since, now, rules)) return 'too-old'
  const soon = new Date(now.getTime() + hours(24 * rules.dueDays))
  return next === undefined && isTooOld(since, soon, rules) ? 'due' : undefined
}

type Tools = { keyChanges: Pick<KeyChangeStore, 'list'>; toldOnce: Pick<ToldOnce, 'tell'>; clock: Clock; rules: { keys: Pick<KeyRules, 'oldestDays' | 'dueDays'> } }

/** Puts the age of keys into the log of record, each state of each key once, which is an alarm. Answers how many. */
export async function tellOldKeys({ keyChanges, toldOnce, clock, rules: { keys: rules } }: Tools, held: readonly HeldKey[]): Promise<number> {
  const now = clock.now()
  let told = 0
  for (const key of standingAt(held, await keyChanges.list(), now)) {
    const reason = ageOf(key, rules, now)
    if (reason !== undefined && (await toldOnce.tell({ about: `key ${key.kid} ${reason}` }, { type: 'key.aged', kid: key.kid, reason, by: 'clock' }, now))) told += 1
  }
  return told
}
