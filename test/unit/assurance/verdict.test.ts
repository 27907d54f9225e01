import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { accountLevels, levels, resistances, type Level } from '#domain/assurance/level.ts'
import { judge, withoutFace, withoutHardwareKey, type Best, type Goal, type Missing, type Shown, type Verdict, type Want } from '#domain/assurance/verdict.ts'

const now = 1_800_000_000
const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  means: 'passkey', passkey: passkeyId.parse('key'), userVerified: true, backupEligible: true, hardwareBound: false, at: now,
    ...changes,
})
const want = (changes: Partial<Want> = {}): Want => ({ anyOf: [], minimum: 1, accountLevel: 1, fresh: false, impossible: false,
  ...changes })
const shown = (changes: Partial<Shown> = {}): Shown => ({ accountLevel: 1, evidence: evidence(), justNow: false, ...changes })
const today: Best = { level: 2, resistances: ['phr'] }
const able: Best = { level: 2, resistances: ['phr', 'phrh'] }
const whole: Best = { level: 4, resistances: ['phr', 'phrh'] }

const goals: readonly Goal[] = [...levels.map((level) => ({ level })), ...resistances.map((resistance) => ({ resistance }))]
const wishes: readonly (readonly Goal[])[] = [[], ...goals.map((goal) => [goal]),
  ...goals.flatMap((one, at) => goals.slice(at + 1).map((other) => [one, other])), goals]
const flags = [false, true]
const limit = 10

function product<Item extends object>(axes: { [Name in keyof Item]: readonly Item[Name][] }): readonly Item[] {
  const names = Object.keys(axes)
  const rows = names.reduce<readonly object[]>(
    (all, name) => all.flatMap((row) => axes[name as keyof Item].map((value) => ({ ...row, [name]: value }))), [{}])
  return rows as readonly Item[]
}

const wants = product<Want>({ anyOf: wishes, minimum: levels, accountLevel: accountLevels, maxAge: [undefined, 0, limit],
  fresh: flags, impossible: flags })
const seen = product<Evidence>({
  means: ['passkey'], passkey: [passkeyId.parse('key')], userVerified: flags, backupEligible: flags, hardwareBound: flags,
    at: [now, now - limit, now - limit - 1],
})
const shows = product<Shown>({ accountLevel: accountLevels, evidence: [undefined, ...seen], justNow: flags })
const bests = product<Best>({ level: levels, resistances: [[], ['phr'], ['phrh'], ['phr', 'phrh']] })

/**
 * The oracle knows nothing of order: whatever can be shown is written out as a set of words, and a wish is a word. Reasons
 * are tried from the last that may be told to the first, so that the first told overwrites the others.
 */
const words = (level: Level, shownResistances: readonly string[]): ReadonlySet<string> =>
  new Set([...['1', '2', '3', '4'].slice(0, level), ...shownResistances])
const wordOf = (goal: Goal): string => ('level' in goal ? String(goal.level) : goal.resistance)
const wordsOfEvidence = ({ userVerified, hardwareBound }: Evidence): ReadonlySet<string> =>
  new Set(['1', 'phr', ...(userVerified ? ['2'] : []), ...(hardwareBound ? ['phrh'] : [])])

/** What could be shown besides, tried from nothing to everything: the smallest set of it that turns a usual sign-in into one that does. */
const more = ['hardware-key', 'biometric', 'knowledge'] as const
const sets: readonly (readonly Missing[])[] = Array.from({ length: 8 }, (_, bits) => more.filter((_one, at) => (bits & (1 << at)) !== 0))
  .toSorted((one, other) => one.length - other.length)
function wordsOfNext(extra: readonly Missing[], verified: boolean): ReadonlySet<string> {
  const has = (one: Missing) => extra.includes(one)
  const three = verified && has('biometric')
  return new Set(['1', 'phr', ...(verified ? ['2'] : []), ...(three ? ['3'] : []), ...(three && has('hardware-key') && has('knowledge') ? ['4'] : []),
    ...(has('hardware-key') ? ['phrh'] : [])])
}

/** Says whether a list is one of the shortest that would do, for of several equally short ones the request's order decides. */
function makeIsShortest(wish: Want, could: ReadonlySet<string>): (shown: Shown, missing: readonly Missing[]) => boolean {
  const does = (able: ReadonlySet<string>) => {
    const both = new Set([...able].filter((word) => could.has(word)))
    return both.has(String(wish.minimum)) && (wish.anyOf.length === 0 || wish.anyOf.some((goal) => both.has(wordOf(goal))))
  }
  const ways = flags.flatMap((verified) => sets.filter((set) => does(wordsOfNext(set, verified))).map((set) => ({ set, verified })))
  const shortestWhen = (unverified: boolean) =>
    Math.min(...ways.filter(({ verified }) => verified || unverified).map(({ set, verified }) => set.length + (unverified && verified ? 1 : 0)))
  const shortest = { usual: shortestWhen(false), unverified: shortestWhen(true) }
  return ({ evidence: given, justNow }, missing) => {
    // A face is compared beside a passkey of this very request, so whoever shows one shows the other again.
    const stands = given !== undefined && (justNow || (!isOld(wish, given) && !missing.includes('biometric')))
    const first = given === undefined ? 'sign-in' : 'again'
    if (stands === missing.includes(first) || missing.includes(given === undefined ? 'again' : 'sign-in')) return false
    const unverified = stands && !given.userVerified
    const extra = missing.filter((one) => one !== first && one !== 'user-verification')
    const verifies = missing.includes('user-verification')
    if (verifies && !unverified) return false
    const wanted = ways.some(({ set, verified }) => verified === (verifies || !unverified) && set.length === extra.length && set.every((one) => extra.includes(one)))
    return wanted && extra.length + (verifies ? 1 : 0) === (unverified ? shortest.unverified : shortest.usual)
  }
}

function isOld(wish: Want, given: Evidence): boolean {
  return wish.fresh || (wish.maxAge === 0 && given.at !== now) || (wish.maxAge === limit && given.at === now - limit - 1)
}

function oracle(wish: Want, { accountLevel, evidence: given, justNow }: Shown, could: ReadonlySet<string>): Told {
  const does = (able: ReadonlySet<string>) =>
    !wish.impossible && able.has(String(wish.minimum)) && (wish.anyOf.length === 0 || wish.anyOf.some((goal) => able.has(wordOf(goal))))
  let verdict: Told = { is: 'step-up' }
  if (given !== undefined) {
    if ((justNow || !isOld(wish, given)) && does(wordsOfEvidence(given))) verdict = { is: 'satisfied', at: given.userVerified ? 2 : 1 }
  }
  if (!does(could)) verdict = { is: 'unreachable', because: 'authentication-level' }
  if (wish.accountLevel === 2 && accountLevel === 1) verdict = { is: 'unreachable', because: 'account-level' }
  return verdict
}

/** A verdict but for what it is compared in apart. */
type Told = Exclude<Verdict, { is: 'step-up' }> | { is: 'step-up' }

const same = (one: Told, other: Told): boolean =>
  one.is === other.is
  && ('at' in one ? one.at : undefined) === ('at' in other ? other.at : undefined)
  && ('because' in one ? one.because : undefined) === ('because' in other ? other.because : undefined)

describe('the verdict on a sign-in', () => {
  test('agrees with an independent oracle in every combination of what is wanted, shown and possible', { timeout: 120_000 },
    () => {
    const wrong: unknown[] = []
    let compared = 0
    for (const best of bests) {
      const could = words(best.level, best.resistances)
      for (const wish of wants) {
        const differing = shows.find((show) => !same(judge(wish, show, best, now), oracle(wish, show, could)))
        if (differing !== undefined) wrong.push({ wish, show: differing, best })
        const isShortest = makeIsShortest(wish, could)
        const illListed = shows.find((show) => {
          const verdict = judge(wish, show, best, now)
          return verdict.is === 'step-up' && !isShortest(show, verdict.missing)
        })
        if (illListed !== undefined) wrong.push({ wish, show: illListed, best, told: judge(wish, illListed, best, now) })
        compared += shows.length
      }
    }
    expect(wrong.slice(0, 3)).toEqual([])
    expect(compared).toBe(bests.length * wants.length * shows.length)
    expect(compared).toBeGreaterThan(1_000_000)
  })

  test.each<[story: string, Partial<Want>, Partial<Shown>, Best, Verdict]>([
    ['a client that asks for nothing takes any passkey', {}, {}, today, { is: 'satisfied', at: 2 }],
    ['nobody has signed in yet', {}, { evidence: undefined }, today, { is: 'step-up', missing: ['sign-in'] }],
    ['level 1 is a floor: level 2 is more than enough', { anyOf: [{ level: 1 }] }, {}, today, { is: 'satisfied', at: 2 }],
    ['a passkey without user verification is not level 2', { anyOf: [{ level: 2 }] },
      { evidence: evidence({ userVerified: false }) }, today, { is: 'step-up', missing: ['user-verification'] }],
    ['level 3 needs a face matcher that is not here', { anyOf: [{ level: 3 }] }, {}, today,
      { is: 'unreachable', because: 'authentication-level' }],
    ['level 3 or else level 2: the lesser listed one will do', { anyOf: [{ level: 3 }, { level: 2 }] }, {}, today,
      { is: 'satisfied', at: 2 }],
    ['phishing-resistant: any passkey is, and the answer says that word', { anyOf: [{ resistance: 'phr' }] }, {}, today,
      { is: 'satisfied', at: 2, as: 'phr' }],
    ['of a resistance and a level the answer says what was named first', { anyOf: [{ level: 2 }, { resistance: 'phr' }] }, {}, today,
      { is: 'satisfied', at: 2 }],
    ['a key that was copied where hardware is asked for: the hardware key and nothing else', { anyOf: [{ resistance: 'phrh' }] }, {}, able,
      { is: 'step-up', missing: ['hardware-key'] }],
    ['hardware is asked for and nobody has signed in', { anyOf: [{ resistance: 'phrh' }] }, { evidence: undefined }, able,
      { is: 'step-up', missing: ['sign-in', 'hardware-key'] }],
    ['a hardware key shown too long ago does not count beside a fresh sign-in', { anyOf: [{ resistance: 'phrh' }], maxAge: 60 },
      { evidence: evidence({ hardwareBound: true, at: now - 61 }) }, able, { is: 'step-up', missing: ['again', 'hardware-key'] }],
    ['level 3 from level 2 that was shown for this request: the biometric', { anyOf: [{ level: 3 }] }, { justNow: true }, whole, { is: 'step-up', missing: ['biometric'] }],
    ['level 3 in a session of level 2: the passkey again, and the biometric', { anyOf: [{ level: 3 }] }, {}, whole, { is: 'step-up', missing: ['again', 'biometric'] }],
    ['a face compared four minutes ago still counts', { anyOf: [{ level: 3 }] }, { evidence: evidence({ face: now - 240 }) }, whole, { is: 'satisfied', at: 3 }],
    ['one compared six minutes ago does not', { anyOf: [{ level: 3 }] }, { evidence: evidence({ face: now - 360 }) }, whole, { is: 'step-up', missing: ['again', 'biometric'] }],
    ['away from the pages of a sign-in no face can be shown', { anyOf: [{ level: 3 }] }, {}, withoutFace(whole), { is: 'unreachable', because: 'authentication-level' }],
    ['level 4 from level 2: all three', { anyOf: [{ level: 4 }] }, { justNow: true }, whole,
      { is: 'step-up', missing: ['hardware-key', 'biometric', 'knowledge'] }],
    ['of two goals the one that takes less', { anyOf: [{ level: 4 }, { resistance: 'phrh' }] }, {}, whole,
      { is: 'step-up', missing: ['hardware-key'] }],
    ['a key in attested hardware is not what citizens show', { anyOf: [{ resistance: 'phrh' }] }, {}, today,
      { is: 'unreachable', because: 'authentication-level' }],
    ['the registered minimum holds though the request asks less', { anyOf: [{ level: 1 }], minimum: 3 }, {}, today,
      { is: 'unreachable', because: 'authentication-level' }],
    ['an account opened remotely is not one opened in person', { accountLevel: 2 }, {}, today,
      { is: 'unreachable', because: 'account-level' }],
    ['the account level is told before the authentication level', { accountLevel: 2, impossible: true }, {}, today,
      { is: 'unreachable', because: 'account-level' }],
    ['max_age met to the second', { maxAge: 60 }, { evidence: evidence({ at: now - 60 }) }, today, { is: 'satisfied', at: 2 }],
    ['max_age passed by a second', { maxAge: 60 }, { evidence: evidence({ at: now - 61 }) }, today, { is: 'step-up', missing: ['again'] }],
    ['max_age=0 asks now, and an answer just given counts', { maxAge: 0 },
      { evidence: evidence({ at: now - 5 }), justNow: true }, today, { is: 'satisfied', at: 2 }],
    ['prompt=login asks again although the session is young', { fresh: true }, {}, today, { is: 'step-up', missing: ['again'] }],
    ['prompt=login is content with an answer to this request', { fresh: true }, { justNow: true }, today,
      { is: 'satisfied', at: 2 }],
    ['an essential value that nobody knows', { impossible: true }, { justNow: true }, today,
      { is: 'unreachable', because: 'authentication-level' }],
  ])('%s', (...[, wish, show, best, verdict]) => {
    expect(judge(want(wish), shown(show), best, now)).toEqual(verdict)
  })

  test('without a key in attested hardware neither phrh nor level 4 is within reach', () => {
    expect(bests.map(withoutHardwareKey).filter(({ level, resistances: shownBy }) => level === 4 || shownBy.includes('phrh'))).toEqual([])
    expect([withoutHardwareKey(whole), withoutHardwareKey(today)]).toEqual([{ level: 3, resistances: ['phr'] }, today])
  })

  const rank = { unreachable: 0, 'step-up': 1, satisfied: 2 }
  const anyWant = fc.constantFrom(...wants)
  const ordered = <T>(one: T, other: T, higher: (a: T, b: T) => boolean) => (higher(other, one) ? [one, other] as const : [other,
    one] as const)

  test('more evidence never lowers the verdict', () => {
    const bools = fc.tuple(fc.boolean(), fc.boolean()).map(([a, b]) => ordered(a, b, (x, y) => x && !y))
    const ages = fc.tuple(fc.nat(20), fc.nat(20)).map(([a, b]) => ordered(now - a, now - b, (x, y) => x > y))
    const accounts = fc.tuple(fc.constantFrom(...accountLevels), fc.constantFrom(...accountLevels))
      .map(([a, b]) => ordered(a, b, (x, y) => x > y))
    fc.assert(fc.property(anyWant, fc.constantFrom(...bests),
      fc.record({ uv: bools, hw: bools, at: ages, justNow: bools, account: accounts }), (wish, best, pair) => {
      const [lesser, greater] = ([0, 1] as const).map((side) => judge(wish, {
        accountLevel: pair.account[side],
        justNow: pair.justNow[side],
        evidence: evidence({ userVerified: pair.uv[side], hardwareBound: pair.hw[side], at: pair.at[side] }),
      }, best, now))
      return rank[greater?.is ?? 'unreachable'] >= rank[lesser?.is ?? 'satisfied']
    }), { numRuns: 5_000 })
  })

  test('to ask for more never makes it easier', () => {
    fc.assert(fc.property(anyWant, fc.constantFrom(...shows), fc.constantFrom(...bests), (wish, show, best) => {
      const verdict = judge(wish, show, best, now)
      const stricter: readonly Partial<Want>[] = [{ fresh: true }, { impossible: true }, { accountLevel: 2 }, { minimum: 4 },
        { maxAge: 0 }]
      return stricter.every((change) => rank[judge({ ...wish, ...change }, show, best, now).is] <= rank[verdict.is])
    }), { numRuns: 2_000 })
  })
})
