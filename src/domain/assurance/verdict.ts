import { levelOf, resistanceOf, type Evidence } from './evidence.ts'
import { atLeast, readAcr, type AccountLevel, type Level, type Resistance } from './level.ts'

/** One thing that would do; a request may list several, any of which satisfies it. */
export type Goal = { level: Level } | { resistance: Resistance }

/** What a client wants of this sign-in: its request and its registration, read together. */
export type Want = {
  /** Any one of these; empty means nothing was asked for by name. */
  anyOf: readonly Goal[]
  /** The floors of both axes under which the client never accepts anybody. */
  minimum: Level
  accountLevel: AccountLevel
  /** Seconds an authentication may be old (OIDC Core §3.1.2.1 `max_age`). */
  maxAge?: number | undefined
  /** `prompt=login`: the person signs in now, whatever the session shows. */
  fresh: boolean
  /** The request names only values that nobody here knows, and insists (`essential`). */
  impossible: boolean
}

/** What a further sign-in could show at best: of this deployment and of this person's passkeys. */
export type Best = { level: Level; resistances: readonly Resistance[] }

export type Verdict =
  | { is: 'satisfied'; at: Level }
  | { is: 'step-up' }
  | { is: 'unreachable'; because: 'account-level' | 'authentication-level' }

export type Shown = {
  accountLevel: AccountLevel
  /** The latest authentication of this session; none before the first. */
  evidence?: Evidence | undefined
  /** The evidence was given for this very request. */
  justNow: boolean
}

/**
 * Turns what was shown and what is wanted into a verdict (docs/decisions/0005). The request is a floor, compared by order and not by
 * equality; what cannot be reached is said so and never answered with less (RFC 9470 §5, OIDC UAR).
 */
export function judge(want: Want, shown: Shown, best: Best, now: number): Verdict {
  if (!atLeast(shown.accountLevel, want.accountLevel)) return { is: 'unreachable', because: 'account-level' }
  if (!reachable(want, best)) return { is: 'unreachable', because: 'authentication-level' }
  if (shown.evidence === undefined || !freshEnough(want, shown, shown.evidence, now)) return { is: 'step-up' }
  const proved = { level: levelOf(shown.evidence), resistances: resistanceOf(shown.evidence) }
  return reachable(want, proved) ? { is: 'satisfied', at: proved.level } : { is: 'step-up' }
}

function reachable(want: Want, could: Best): boolean {
  if (want.impossible || !atLeast(could.level, want.minimum)) return false
  return want.anyOf.length === 0 || want.anyOf.some((goal) => meets(goal, could))
}

function meets(goal: Goal, could: Best): boolean {
  return 'level' in goal ? atLeast(could.level, goal.level) : could.resistances.includes(goal.resistance)
}

/** A sign-in stands for the request it was made for while the person reads the next page, and not as long as a tab stays open. */
const justNowSeconds = 900

function freshEnough(want: Want, shown: Shown, evidence: Evidence, now: number): boolean {
  if (shown.justNow && now - evidence.at <= justNowSeconds) return true
  return !want.fresh && (want.maxAge === undefined || now - evidence.at <= want.maxAge)
}

/** Reads `acr_values` or the values of `claims.id_token.acr`. Unknown values are passed over unless the client insists. */
export function readGoals(values: readonly string[], essential: boolean): Pick<Want, 'anyOf' | 'impossible'> {
  const anyOf = values.map(readAcr).filter((goal) => goal !== undefined)
  return { anyOf, impossible: essential && values.length > 0 && anyOf.length === 0 }
}
