import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { amrOf, levelOf, resistanceOf, type Evidence } from '#domain/assurance/evidence.ts'
import { acrOf, levels, reachableAcrs, readAcr } from '#domain/assurance/level.ts'
import { assuranceSchema } from '#domain/assurance/rules.ts'
import { readGoals } from '#domain/assurance/verdict.ts'

const evidence = (userVerified: boolean, hardwareBound: boolean): Evidence =>
  ({ means: 'passkey', passkey: passkeyId.parse('key'), userVerified, hardwareBound, backupEligible: true, at: 0 })

describe('what evidence shows', () => {
  test.each([
    { uv: false, hw: false, level: 1, phr: ['phr'],         amr: ['swk', 'user'] },
    { uv: false, hw: true,  level: 1, phr: ['phr', 'phrh'], amr: ['hwk', 'user'] },
    { uv: true,  hw: false, level: 2, phr: ['phr'],         amr: ['swk', 'user', 'mfa'] },
    { uv: true,  hw: true,  level: 2, phr: ['phr', 'phrh'], amr: ['hwk', 'user', 'mfa'] },
  ])('user verified $uv, hardware $hw: level $level, $amr', ({ uv, hw, level, phr, amr }) => {
    const given = evidence(uv, hw)
    expect([levelOf(given, given.at), resistanceOf(given), amrOf(given)]).toEqual([level, phr, amr])
  })

  test('a passkey is never called biometric: the server cannot tell a finger from a PIN', () => {
    const said = [evidence(true, true), evidence(true, false)].flatMap(amrOf)
    expect(said.filter((value) => ['fpt', 'face', 'iris', 'bio', 'pin'].includes(value))).toEqual([])
  })

  test('levels 3 and 4 are out of reach of any passkey', () => {
    expect(Math.max(...[true, false].flatMap((uv) => [true, false].map((hw) => levelOf(evidence(uv, hw), 0))))).toBe(2)
  })

  test('a face that the authority compared makes level 3, on top of a verified user and for five minutes', () => {
    const faced = (uv: boolean) => ({ ...evidence(uv, false), at: 100, face: 1000 })
    expect([1000, 1300, 1301].map((now) => levelOf(faced(true), now))).toEqual([3, 3, 2])
    expect([levelOf({ ...faced(true), at: 99 }, 1000), levelOf(faced(false), 1000), amrOf(faced(true))]).toEqual([2, 1, ['swk', 'user', 'face', 'mfa']])
  })
})

describe('acr values', () => {
  test('every level reads back from its own value', () => {
    expect(levels.map((level) => readAcr(acrOf(level)))).toEqual(levels.map((level) => ({ level })))
    expect(new Set(levels.map(acrOf)).size).toBe(4)
  })

  test('resistances are read, everything else asks for nothing', () => {
    expect([readAcr('phr'), readAcr('phrh')]).toEqual([{ resistance: 'phr' }, { resistance: 'phrh' }])
    const almost = acrOf(2)
    const unknown = ['', ' phr', 'PHR', 'phr ', `${almost}0`, `${almost} `, almost.toUpperCase(), almost.slice(0, -1),
      `${almost.slice(0, -1)}5`, '2', '0', 'toString']
    expect(unknown.map(readAcr)).toEqual(unknown.map(() => undefined))
  })

  test('discovery names what can be reached and nothing above, and never level 1', () => {
    expect(reachableAcrs({ level: 2, resistances: ['phr'] })).toEqual([acrOf(2), 'phr'])
    expect(reachableAcrs({ level: 4, resistances: [] })).toEqual([acrOf(2), acrOf(3), acrOf(4)])
    expect(reachableAcrs({ level: 1, resistances: [] })).toEqual([])
  })

  test('the rule file takes only levels and resistances that somebody here can reach', () => {
    const file = (best: unknown) => assuranceSchema.safeParse({ source: 'x', best }).success
    expect([{ level: 2, resistances: ['phr'] }, { level: 5, resistances: [] }, { level: 2, resistances: ['sms'] },
      { level: 2 }, { level: 3, resistances: [] }].map(file))
      .toEqual([true, false, false, false, false])
  })
})

describe('what a request asks for by name', () => {
  const known = acrOf(2)

  test.each<[string, readonly string[], boolean, ReturnType<typeof readGoals>]>([
    ['nothing', [], false, { anyOf: [], impossible: false }],
    ['nothing, insisting', [], true, { anyOf: [], impossible: false }],
    ['a level and a resistance, in their order', ['phr', known], false,
      { anyOf: [{ resistance: 'phr' }, { level: 2 }], impossible: false }],
    ['an unknown value beside a known one is passed over', ['loa9', known], true, { anyOf: [{ level: 2 }], impossible: false }],
    ['only unknown values, as a wish', ['loa9'], false, { anyOf: [], impossible: false }],
    ['only unknown values, insisting', ['loa9'], true, { anyOf: [], impossible: true }],
  ])('%s', (_story, values, essential, read) => {
    expect(readGoals(values, essential)).toEqual(read)
  })
})
