import { levelOf, resistanceOf, type Evidence } from './evidence.ts'
import { acrOf, atLeast, readAcr, type AccountLevel, type Level, type Resistance } from './level.ts'

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

/**
 * What a person has still to show. `sign-in` where nobody has, `again` where it was too long ago or is wanted now. Sign-ins
 * are never added up: the next one takes the place of the last and shows all that is wanted by itself.
 */
export const missings = ['sign-in', 'again', 'user-verification', 'hardware-key', 'biometric', 'knowledge'] as const
export type Missing = (typeof missings)[number]

/** Whose doing it is that something cannot be reached: the account's, this server's, or of the person's keys. */
export const unreachables = ['account-level', 'authentication-level', 'hardware-key'] as const
export type Unreachable = (typeof unreachables)[number]

export type Verdict =
  /** `as` where the request named a resistance that was shown, and no level before it. */
  | { is: 'satisfied'; at: Level; as?: Resistance }
  | { is: 'step-up'; missing: readonly Missing[] }
  | { is: 'unreachable'; because: Unreachable }

export type Satisfied = Extract<Verdict, { is: 'satisfied' }>

/** What the service hears as `acr`, in whichever way the person was asked. */
export function acrOfAnswer({ at, as }: Satisfied): string {
  return as ?? acrOf(at)
}

export type Shown = {
  accountLevel: AccountLevel
  /** The latest authentication of this session, which has taken the place of those before; none before the first. */
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
  const { evidence } = shown
  const current = evidence !== undefined && freshEnough(want, shown, evidence, now) ? evidence : undefined
  const proved = current && { level: levelOf(current, now), resistances: resistanceOf(current) }
  if (proved && reachable(want, proved)) return { is: 'satisfied', at: proved.level, ...namedFirst(want, proved) }
  // A face is compared for a passkey that was shown for this very request: both are of one person at one moment.
  const isNow = shown.justNow && evidence !== undefined && now - evidence.at <= justNowSeconds
  const held = !isNow && besides(want, best, current).includes('biometric') ? undefined : current
  return { is: 'step-up', missing: [...start(shown, held), ...besides(want, best, held)] }
}

/** Whether it depends on the passkeys that this person has. */
export function dependsOnKeys(verdict: Verdict): boolean {
  return verdict.is === 'step-up' && verdict.missing.includes('hardware-key')
}

/** The same for somebody with these passkeys: nobody shows a key in hardware whom we know to have none. */
export function judgeWith(keys: readonly { hardwareBound: boolean }[], ...[want, shown, best, now]: Parameters<typeof judge>): Verdict {
  const verdict = judge(want, shown, best, now)
  if (!dependsOnKeys(verdict) || keys.some(({ hardwareBound }) => hardwareBound)) return verdict
  const own = judge(want, shown, withoutHardwareKey(best), now)
  return own.is === 'unreachable' ? { is: 'unreachable', because: 'hardware-key' } : own
}

/** What can be shown at best where no face can be compared: away from the pages of a sign-in. */
export function withoutFace({ level, resistances }: Best): Best {
  return { level: level > 2 ? 2 : level, resistances }
}

/** What somebody without a key in attested hardware could show at best. */
export function withoutHardwareKey({ level, resistances }: Best): Best {
  return { level: level === 4 ? 3 : level, resistances: resistances.filter((resistance) => resistance !== 'phrh') }
}

function start({ evidence }: Shown, current: Evidence | undefined): readonly Missing[] {
  if (evidence === undefined) return ['sign-in']
  return current === undefined ? ['again'] : []
}

const ofLevel: Readonly<Record<Level, readonly Missing[]>> = {
  1: [],
  2: ['user-verification'],
  3: ['user-verification', 'biometric'],
  4: ['user-verification', 'hardware-key', 'biometric', 'knowledge'],
}
const ofResistance: Readonly<Record<Resistance, readonly Missing[]>> = { phr: [], phrh: ['hardware-key'] }

/** What the next sign-in needs besides a passkey; of several goals the one that takes least, the first named among equals. */
function besides(want: Want, best: Best, current: Evidence | undefined): readonly Missing[] {
  const goals = want.anyOf.filter((goal) => meets(goal, best))
  const ways = goals.map((goal) => ('level' in goal ? ofLevel[goal.level] : ofResistance[goal.resistance]))
  // Every sign-in asks the device to verify who holds it, so this is missing only where one is there without it.
  const usual = current === undefined || current.userVerified
  const lists = (ways.length > 0 ? ways : [[]]).map((way) =>
    [...new Set([...ofLevel[want.minimum], ...way])].filter((one) => !(usual && one === 'user-verification')))
  return lists.toSorted((one, other) => one.length - other.length)[0] ?? []
}

/** OIDC Core §5.5.1.1: the `acr` of the answer is one that was asked for; a level is answered with the level that was shown. */
function namedFirst({ anyOf }: Want, proved: Best): { as?: Resistance } {
  const met = anyOf.find((goal) => meets(goal, proved))
  return met !== undefined && 'resistance' in met ? { as: met.resistance } : {}
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
