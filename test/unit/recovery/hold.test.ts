import { describe, expect, test } from 'vitest'
import { mayObject, setsAside, waits } from '#domain/recovery/hold.ts'

const now = new Date('2026-11-27T03:00:00Z')
const since = now
const until = (milliseconds: number) => ({ heldUntil: new Date(now.getTime() + milliseconds) })

describe('W09: who comes back with a printed code', () => {
  test.each([
    ['is not closed at all', [], false, false],
    ['was locked in "my e-ID"', [{ ground: 'holder-request' as const, since }], false, false],
    ['was reported lost by the reference of a notice', [{ ground: 'holder-request' as const, since, lost: true }], true, true],
    ['was reported lost by a code of the sheet', [{ ground: 'holder-request' as const, since, lost: true, byCode: true }], true, false],
  ])('to an account that %s', (_how, locks, waiting, aside) => expect([waits({ locks }), setsAside({ locks })]).toEqual([waiting, aside]))

  test('is objected to with a passkey of before, while the account is held and no longer', () => {
    expect([mayObject(until(1), {}, now), mayObject(until(0), {}, now), mayObject({}, {}, now)]).toEqual([true, false, false])
  })

  test('is not objected to with what came with the code', () => expect(mayObject(until(1), { recovered: true }, now)).toBe(false))
})
