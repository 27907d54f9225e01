import fc from 'fast-check'
import { expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { acrOf, levels } from '#domain/assurance/level.ts'
import { levelOf, resistanceOf, type Evidence } from '#domain/assurance/evidence.ts'
import { judge, judgeWith, readGoals, type Best, type Missing, type Want } from '#domain/assurance/verdict.ts'

type Key = { hardware: boolean; verifies: boolean }
type Request = { acr: readonly string[]; essential: boolean; minimum: 1 | 2; accountLevel: 1 | 2; maxAge: number | undefined; login: boolean }
type Step = { after: number; request: Request; with: Key }
type Person = { accountLevel: 1 | 2; keys: readonly Key[] }
type Outcome = { heard: 'answer'; key: Key; at: number } | { heard: 'unmet' } | { heard: 'not now' }

const vocabulary = new Set([...levels.map(acrOf), 'phr', 'phrh'])

/**
 * The oracle: one person, one browser, and of the past only the last sign-in. It reads a request as a list of words and knows which
 * words a key says; it never asks what is missing, but tries: does the last sign-in do, and if not, would the key in hand?
 */
function oracle({ accountLevel, keys }: Person, best: Best) {
  let last: { key: Key; at: number } | undefined
  const says = (key: Key) => [acrOf(1), 'phr', ...(key.verifies ? [acrOf(2)] : []), ...(key.hardware ? ['phrh'] : [])]
  const offered = (word: string) => [acrOf(1), acrOf(2)].includes(word) || best.resistances.some((one) => one === word)
  return ({ request: { acr, essential, minimum, accountLevel: wanted, maxAge, login }, with: hand }: Step, now: number): Outcome => {
    const words = acr.filter((word) => vocabulary.has(word))
    const does = (able: readonly string[]) => able.includes(acrOf(minimum)) && (words.length === 0 || words.some((word) => able.includes(word)))
    const reach = (hardware: boolean) => does(says({ hardware, verifies: true }).filter(offered))
    if (accountLevel < wanted || (essential && acr.length > 0 && words.length === 0) || !reach(true)) return { heard: 'unmet' }
    if (last && does(says(last.key)) && !login && (maxAge === undefined || now - last.at <= maxAge)) return { heard: 'answer', ...last }
    if (!reach(keys.some((key) => key.hardware))) return { heard: 'unmet' }
    last = { key: hand, at: now }
    return does(says(hand)) ? { heard: 'answer', ...last } : { heard: 'not now' }
  }
}

/** What the server does with the same step: judges, and after a sign-in judges once more; evidence is the last sign-in alone. */
function server({ accountLevel, keys }: Person, best: Best, asked: (missing: readonly Missing[], key: Key) => void) {
  let evidence: Evidence | undefined
  return ({ request, with: hand }: Step, now: number): Outcome => {
    const { acr, essential, minimum, accountLevel: wanted, maxAge, login } = request
    const want: Want = { ...readGoals(acr, essential), minimum, accountLevel: wanted, maxAge, fresh: login }
    const verdict = judgeWith(keys.map(({ hardware }) => ({ hardwareBound: hardware })), want, { accountLevel, evidence, justNow: false }, best, now)
    if (verdict.is === 'unreachable') return { heard: 'unmet' }
    if (verdict.is === 'satisfied' && evidence) return { heard: 'answer', key: keyOf(evidence), at: evidence.at }
    evidence = { means: 'passkey', passkey: passkeyId.parse('key'), userVerified: hand.verifies, backupEligible: !hand.hardware, hardwareBound: hand.hardware, at: now }
    const after = judge(want, { accountLevel, evidence, justNow: true }, best, now)
    if (verdict.is === 'step-up' && after.is === 'satisfied') asked(verdict.missing, hand)
    const tooMuch = after.is === 'satisfied' && (after.at > levelOf(evidence, now) || (after.as && !resistanceOf(evidence).includes(after.as)))
    if (tooMuch) throw new Error(`${JSON.stringify(after)} is more than ${JSON.stringify(evidence)} shows`)
    return after.is === 'satisfied' ? { heard: 'answer', key: hand, at: now } : { heard: 'not now' }
  }
}

const keyOf = ({ hardwareBound: hardware, userVerified: verifies }: Evidence): Key => ({ hardware, verifies })

const key = fc.record({ hardware: fc.boolean(), verifies: fc.boolean() })
const request = fc.record({
  acr: fc.subarray([acrOf(1), acrOf(2), acrOf(3), acrOf(4), 'phr', 'phrh', 'urn:unknown']), essential: fc.boolean(), minimum: fc.constantFrom(1, 2), accountLevel: fc.constantFrom(1, 1, 2),
  maxAge: fc.constantFrom(undefined, undefined, 0, 60), login: fc.boolean(),
})
const steps = fc.array(fc.record({ after: fc.constantFrom(0, 1, 59, 60, 61, 3600), request, with: key }), { minLength: 1, maxLength: 12 })
const person = fc.record({ accountLevel: fc.constantFrom(1, 2), keys: fc.array(key, { minLength: 1, maxLength: 3 }) })
const best = fc.record({ level: fc.constant(2), resistances: fc.constantFrom(['phr'] as const, ['phr', 'phrh'] as const) })

test('P14: over any sequence of sign-ins, waits and requests the answer is what a simple oracle says, and never more than the last sign-in showed', () => {
  const seen = new Map<string, number>()
  fc.assert(fc.property(person, best, steps, (who, could, all) => {
    const { keys } = who
    let now = 1_800_000_000
    const asked = (missing: readonly Missing[], shown: Key) => {
      // Nobody is let in without the key that was said to be missing.
      expect(missing.includes('hardware-key') && !shown.hardware).toBe(false)
    }
    const [model, real] = [oracle(who, could), server(who, could, asked)]
    for (const step of all) {
      now += step.after
      // People use keys that they have.
      const one = { ...step, with: keys[step.after % keys.length] ?? step.with }
      const expected = model(one, now)
      expect(real(one, now)).toEqual(expected)
      seen.set(expected.heard, (seen.get(expected.heard) ?? 0) + 1)
    }
  }), { numRuns: 5000 })
  // All three ends were met, and often.
  expect([...seen.values()].every((times) => times > 500) && seen.size).toBe(3)
})
