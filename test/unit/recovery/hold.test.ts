import { describe, expect, test } from 'vitest'
import { mayObject, setsAside, waits } from '#domain/recovery/hold.ts'

const now = new Date('2026-11-27T03:00:00Z')
const since = now
const rules = { holdHours: 72 }
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
const until = (milliseconds: number) => ({ heldUntil: new Date(now.getTime() + milliseconds) })

describe('W09: who comes back with a printed code', () => {
  test.each([
    ['is not closed at all', [], false, false],
    ['was locked in "my e-ID"', [{ ground: 'holder-request' as const, since }], false, false],
    ['was reported lost by the reference of a notice', [{ ground: 'holder-request' as const, since, lost: true }], true, true],
    ['was reported lost by a code of the sheet', [{ ground: 'holder-request' as const, since, lost: true, byCode: true }], true, false],
  ])('to an account that %s', (_how, locks, waiting, aside) => expect([waits({ locks }), setsAside({ locks })]).toEqual([waiting, aside]))

  test('is objected to with a passkey of before, while the account is held and no longer', () => {
    const before = { createdAt: hoursAgo(1) }
    expect([mayObject(until(1), before, rules, now), mayObject(until(0), before, rules, now), mayObject({}, before, rules, now)]).toEqual([true, false, false])
  })

  test('is not objected to with what came with the code, but with what an earlier one brought', () => {
    const brought = (hours: number) => mayObject(until(1), { recovered: true, createdAt: hoursAgo(hours) }, rules, now)
    expect([brought(1), brought(71), brought(73), brought(9000)]).toEqual([false, false, true, true])
  })
})
