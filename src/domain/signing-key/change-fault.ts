import type { HeldKey, KeyChange } from './key.ts'
import { hours, type KeyRules } from './rules.ts'
import { standingAt } from './standing.ts'

/** A change as it is proposed; `at` is absent for what counts as soon as it is approved. */
export type KeyWish = { act: KeyChange['act']; kid: string; alg: string; at?: Date | undefined }

export const keyFaults = ['unknown-key', 'not-staged', 'not-in-use', 'only-key', 'too-soon', 'not-published-long', 'not-everywhere'] as const
export type KeyFault = (typeof keyFaults)[number]

type Known = {
  held: readonly HeldKey[]
  changes: readonly KeyChange[]
  /** Since when the public log, and with it the JWKS, has the key. */
  publishedAt: Date | undefined
  /** Names of the running nodes that do not have it. */
  lacking: readonly string[]
  rules: KeyRules
  now: Date
}

/**
 * What is wrong with a wish, or nothing. Asked when it is proposed and again when it is approved: the notice counts from there. In an emergency a
 * staged key signs at once, however short it was published: services that do not know it yet fetch it when they meet its name.
 */
export function keyFault(wish: KeyWish, known: Known): KeyFault | undefined {
  const { act, kid, alg, at } = wish
  const { held, changes, now } = known
  if (!held.some((one) => one.kid === kid && one.alg === alg)) return 'unknown-key'
  const then = standingAt(held, changes, at ?? now)
  const state = then.find((one) => one.kid === kid)?.state
  if (act === 'activate') return noticeFault(wish, known) ?? (state === 'staged' ? absenceFault(known) : 'not-staged')
  if (state === 'revoked' || (act === 'retire' && state === 'retired')) return 'not-in-use'
  const unmissed = act === 'revoke' && state !== 'active'
  return unmissed || then.some((one) => one.kid !== kid && one.alg === alg && one.state === 'active') ? undefined : 'only-key'
}

/** Whether everybody knows of it long enough before. */
function noticeFault({ at }: KeyWish, { publishedAt, rules, now }: Known): KeyFault | undefined {
  if (at === undefined) return undefined
  if (at.getTime() < now.getTime() + hours(rules.noticeHours)) return 'too-soon'
  return publishedAt === undefined || at.getTime() < publishedAt.getTime() + hours(rules.publishedHours) ? 'not-published-long' : undefined
}

/** A node without it would go on with the key that the others have given up. */
function absenceFault({ lacking }: Known): KeyFault | undefined {
  return lacking.length > 0 ? 'not-everywhere' : undefined
}

/** A time that will do, also where the second person takes a day; on the hour. */
export function suggestedTime(publishedAt: Date | undefined, { noticeHours, publishedHours }: KeyRules, now: Date): Date {
  const known = (publishedAt ?? now).getTime() + hours(publishedHours)
  const announced = now.getTime() + hours(noticeHours + 24)
  return new Date(Math.ceil(Math.max(known, announced) / hours(1)) * hours(1))
}
