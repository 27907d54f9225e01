import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { proposalId } from '#kernel/id.ts'
import { keyFault, suggestedTime, type KeyWish } from '#domain/signing-key/change-fault.ts'
import { destroyFault } from '#domain/signing-key/destroy.ts'
import type { HeldKey, KeyChange } from '#domain/signing-key/key.ts'
import { ageOf } from '#domain/signing-key/age.ts'
import { isTooOld } from '#domain/signing-key/rules.ts'
import { nextMove, standingAt } from '#domain/signing-key/standing.ts'

const start = new Date('2026-11-01T00:00:00Z')
const day = (count: number) => new Date(start.getTime() + count * 86_400_000)
const proposal = (seq: number) => proposalId.parse(`01900000-0000-7000-8000-${String(seq).padStart(12, '0')}`)
const held = (kid: string, state: HeldKey['state'], alg = 'ES256'): HeldKey => ({ kid, alg, state, createdAt: start, jwk: {} })
const change = (seq: number, act: KeyChange['act'], kid: string, at: Date): KeyChange => ({ seq, act, kid, alg: 'ES256', at, decidedAt: start, by: { role: 'approver', proposal: proposal(seq) } })
const states = (keys: readonly HeldKey[], changes: readonly KeyChange[], now: Date) =>
  Object.fromEntries(standingAt(keys, changes, now).map(({ kid, state }) => [kid, state]))

describe('where keys stand', () => {
  const both = [held('a', 'active'), held('b', 'staged')]
  const planned = [change(1, 'activate', 'b', day(3))]

  test('K03: without a decision they stand as the file has them', () => {
    expect(states([...both, held('c', 'retired')], [], day(99))).toEqual({ a: 'active', b: 'staged', c: 'retired' })
  })

  test('K03: one becomes active at its moment and not before, and that of its algorithm retires with it; others stay', () => {
    const keys = [...both, held('e', 'active', 'EdDSA')]
    expect(states(keys, planned, new Date(day(3).getTime() - 1))).toEqual({ a: 'active', b: 'staged', e: 'active' })
    expect(states(keys, planned, day(3))).toEqual({ a: 'retired', b: 'active', e: 'active' })
    expect(standingAt(keys, planned, day(4))).toMatchObject([{ since: day(3), by: { proposal: proposal(1) } }, { since: day(3), by: { proposal: proposal(1) } }, { since: start }])
  })

  test('what is planned stands beside each key, and names the moment to wait for', () => {
    const standing = standingAt(both, planned, day(1))
    expect(standing.map(({ next }) => next)).toEqual([{ to: 'retired', at: day(3) }, { to: 'active', at: day(3) }])
    expect([nextMove(standing), nextMove(standingAt(both, planned, day(3)))]).toEqual([day(3), undefined])
  })

  test('K03: a key that is revoked is so from that moment, whatever it was; the only one that signs stays', () => {
    const keys = [held('a', 'active'), held('b', 'staged'), held('c', 'retired'), held('p', 'staged', 'PS256')]
    expect(states(keys, ['a', 'b', 'c'].map((kid, at) => change(at + 1, 'revoke', kid, day(1))), day(2))).toEqual({ a: 'active', b: 'revoked', c: 'revoked', p: 'staged' })
    expect(states(keys, [{ ...change(1, 'revoke', 'p', day(1)), alg: 'PS256' }], day(2))).toMatchObject({ p: 'revoked' })
    expect(states(both, [change(1, 'activate', 'b', day(1)), change(2, 'revoke', 'a', day(1))], day(1))).toEqual({ a: 'revoked', b: 'active' })
  })

  test('what an earlier plan makes impossible is not announced', () => {
    const two = [held('a', 'active'), held('d', 'active')]
    expect(standingAt(two, [change(1, 'retire', 'd', day(2)), change(2, 'retire', 'a', day(3))], day(1)).map(({ next }) => next)).toEqual([undefined, { to: 'retired', at: day(2) }])
  })

  test('K03: a key never moves back, and the only active one of its algorithm is never lost', () => {
    expect(states(both, [change(1, 'retire', 'a', day(1))], day(2))).toEqual({ a: 'active', b: 'staged' })
    expect(states(both, [change(1, 'retire', 'b', day(1)), change(2, 'activate', 'b', day(2))], day(3))).toEqual({ a: 'active', b: 'retired' })
    expect(states(both, [...planned, change(2, 'activate', 'a', day(5))], day(6))).toEqual({ a: 'retired', b: 'active' })
  })

  test('decisions count in the order of their moments, and those of one moment in the order in which they were made', () => {
    const three = [...both, held('c', 'staged')]
    expect(states(three, [change(1, 'activate', 'b', day(5)), change(2, 'activate', 'c', day(2))], day(3))).toEqual({ a: 'retired', b: 'staged', c: 'active' })
    expect(states(three, [change(2, 'activate', 'c', day(2)), change(1, 'activate', 'b', day(2))], day(3))).toEqual({ a: 'retired', b: 'retired', c: 'active' })
  })

  test('a key that another node holds counts here too; what has gone after it was retired is destroyed', () => {
    const elsewhere = standingAt([held('a', 'active')], [change(1, 'activate', 'x', day(1))], day(2))
    expect(elsewhere).toMatchObject([{ kid: 'a', state: 'retired', held: true }, { kid: 'x', state: 'active', held: false }])
    const gone = standingAt([held('c', 'staged')], [change(1, 'activate', 'b', day(1)), change(2, 'activate', 'c', day(2))], day(3))
    expect(gone).toMatchObject([{ kid: 'c', state: 'active' }, { kid: 'b', state: 'retired', held: false }])
  })

  test('K03: whatever is decided, in whatever order: no way back, and as many algorithms sign at the end as at the start', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const keys = fc.array(fc.record({ state: fc.constantFrom<HeldKey['state']>('staged', 'active', 'retired'), alg: fc.constantFrom('ES256', 'EdDSA') }), { minLength: 5, maxLength: 5 })
      .map((list) => list.map(({ state, alg }, index) => held(names[index] ?? '', state, alg)))
    const wishes = fc.array(fc.record({ act: fc.constantFrom<KeyChange['act']>('activate', 'retire', 'revoke'), of: fc.nat(4), at: fc.nat(9) }), { maxLength: 12 })
    const rank = { staged: 0, active: 1, retired: 2, revoked: 3 }
    fc.assert(fc.property(keys, wishes, (all, list) => {
      const changes = list.map(({ act, of, at }, index) => ({ ...change(index + 1, act, names[of] ?? '', day(at)), alg: all[of]?.alg ?? '' }))
      const signing = (now: Date) => new Set(standingAt(all, changes, now).filter(({ state }) => state === 'active').map(({ alg }) => alg))
      const atFirst = new Set(all.filter(({ state }) => state === 'active').map(({ alg }) => alg))
      for (let at = 0; at <= 10; at += 1) {
        const [before, after] = [standingAt(all, changes, day(at - 1)), standingAt(all, changes, day(at))]
        for (const [index, key] of after.entries()) expect(rank[key.state]).toBeGreaterThanOrEqual(rank[before[index]?.state ?? 'staged'])
        expect([...atFirst].every((alg) => signing(day(at)).has(alg))).toBe(true)
        // What was said to come does come.
        const came = before.filter(({ next }) => next?.at.getTime() === day(at).getTime()).map(({ kid }) => after.find((key) => key.kid === kid)?.state)
        expect(came).not.toContain('staged')
      }
    }))
  })
})

describe('what may be decided', () => {
  const rules = { source: '', noticeHours: 24, publishedHours: 48, keptHours: 24, oldestDays: 90, dueDays: 14, fetchHours: 24, warnDays: 7 }
  const keys = [held('a', 'active'), held('b', 'staged'), held('c', 'retired'), held('e', 'active', 'EdDSA')]
  const known = { held: keys, changes: [], publishedAt: day(0), lacking: [], rules, now: day(5) }
  const wish = (act: KeyWish['act'], kid: string, at?: Date, alg = 'ES256'): KeyWish => ({ act, kid, alg, at })

  test.each([
    ['a staged key, a day ahead', wish('activate', 'b', day(6)), {}, undefined],
    ['a staged key, less than a day ahead', wish('activate', 'b', new Date(day(6).getTime() - 1)), {}, 'too-soon'],
    ['a key that was published yesterday', wish('activate', 'b', day(6)), { publishedAt: new Date(day(4).getTime() + 1) }, 'not-published-long'],
    ['a key that was never published', wish('activate', 'b', day(6)), { publishedAt: undefined }, 'not-published-long'],
    ['a staged key at once', wish('activate', 'b'), { publishedAt: undefined }, undefined],
    ['an active key', wish('activate', 'a', day(6)), {}, 'not-staged'],
    ['a retired key', wish('activate', 'c', day(6)), {}, 'not-staged'],
    ['a key that will be active by then', wish('activate', 'b', day(9)), { changes: [change(1, 'activate', 'b', day(8))] }, 'not-staged'],
    ['a key that will be active later', wish('activate', 'b', day(6)), { changes: [change(1, 'activate', 'b', day(8))] }, undefined],
    ['a key that is nowhere', wish('activate', 'x', day(6)), {}, 'unknown-key'],
    ['a key under another algorithm', wish('activate', 'b', day(6), 'EdDSA'), {}, 'unknown-key'],
    ['a staged key that one node does not have', wish('activate', 'b', day(6)), { lacking: ['two:3000'] }, 'not-everywhere'],
    ['a staged key that one node does not have, at once', wish('activate', 'b'), { lacking: ['two:3000'] }, 'not-everywhere'],
    ['a revocation of the only active key', wish('revoke', 'a'), {}, 'only-key'],
    ['a revocation of one of two active keys, which one node does not have', wish('revoke', 'a'), { held: [...keys, held('d', 'active')], lacking: ['two:3000'] }, undefined],
    ['a revocation of a retired key', wish('revoke', 'c'), {}, undefined],
    ['a revocation of a staged key', wish('revoke', 'b'), {}, undefined],
    ['a revocation of what is revoked', wish('revoke', 'c'), { changes: [change(1, 'revoke', 'c', day(4))] }, 'not-in-use'],
    ['an end of what is revoked', wish('retire', 'c'), { changes: [change(1, 'revoke', 'c', day(4))] }, 'not-in-use'],
    ['an end of the only active key', wish('retire', 'a'), {}, 'only-key'],
    ['an end of a staged key', wish('retire', 'b'), {}, undefined],
    ['an end of what has ended', wish('retire', 'c'), {}, 'not-in-use'],
    ['an end of one of two active keys', wish('retire', 'a'), { held: [...keys, held('d', 'active')] }, undefined],
  ] as const)('K03: %s', (_what, wanted, more, fault) => {
    expect(keyFault(wanted, { ...known, ...more })).toBe(fault)
  })

  test('the time that is suggested is one that will do, with a day for the second person, on the hour', () => {
    for (const [publishedAt, now, expected] of [[day(0), day(5), day(7)], [day(5), new Date(day(5).getTime() + 1), new Date(day(7).getTime() + 3_600_000)], [undefined, day(5), day(7)]] as const) {
      expect(suggestedTime(publishedAt, rules, now)).toEqual(expected)
    }
    expect(keyFault(wish('activate', 'b', suggestedTime(day(4), rules, day(5))), { ...known, publishedAt: day(4) })).toBeUndefined()
  })

  test('a key that has signed for more than the limit is too old', () => {
    expect([isTooOld(day(0), day(90), rules), isTooOld(day(0), new Date(day(90).getTime() + 1), rules)]).toEqual([false, true])
  })
})

describe('what is said of the age of a key', () => {
  const rules = { oldestDays: 90, dueDays: 14 }
  const active = { state: 'active', since: day(0) } as const

  test.each([
    ['young', active, day(76), undefined],
    ['within two weeks of too old', active, new Date(day(76).getTime() + 1), 'due'],
    ['within two weeks of too old, and what follows is decided', { ...active, next: { to: 'retired', at: day(85) } }, day(80), undefined],
    ['too old', active, new Date(day(90).getTime() + 1), 'too-old'],
    ['too old, whatever is decided', { ...active, next: { to: 'retired', at: day(95) } }, day(91), 'too-old'],
    ['staged for years', { ...active, state: 'staged' }, day(900), undefined],
    ['active since nobody knows when', { state: 'active' }, day(900), undefined],
  ] as const)('K03: one that is %s', (_what, key, now, age) => {
    expect(ageOf(key, rules, now)).toBe(age)
  })
})

describe('what may be destroyed', () => {
  const standing = standingAt([held('a', 'active'), held('b', 'staged'), held('c', 'retired'), held('p', 'retired', 'PS256'), held('r', 'retired')], [{ ...change(1, 'activate', 'x', day(0)), alg: 'PS256' }, change(2, 'revoke', 'r', day(0))], day(1))
  const known = { standing, retiredAt: day(1), longestSeconds: 43_200, rules: { keptHours: 24 }, now: new Date(day(2).getTime() + 43_200_000) }

  test.each([
    ['a retired key, when all that it signed is over', 'c', {}, undefined],
    ['a moment before', 'c', { now: new Date(known.now.getTime() - 1) }, { is: 'tokens-live', until: known.now }],
    ['a key of which nobody said that it is retired', 'c', { retiredAt: undefined }, { is: 'tokens-live', until: undefined }],
    ['a revoked key, at once', 'r', { retiredAt: undefined }, undefined],
    ['an active key', 'a', {}, { is: 'in-use' }],
    ['a staged key', 'b', {}, { is: 'in-use' }],
    ['the last of its algorithm in this file', 'p', {}, { is: 'only-key' }],
    ['a key that others hold', 'x', {}, { is: 'unknown-key' }],
    ['a key that is nowhere', 'y', {}, { is: 'unknown-key' }],
  ] as const)('K03: %s', (_what, kid, more, fault) => {
    expect(destroyFault(kid, { ...known, ...more })).toEqual(fault)
  })
})
