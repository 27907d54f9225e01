import { describe, expect, test } from 'vitest'
import { accountId, interactionId, passkeyId } from '#kernel/id.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { redeem } from '#domain/enrolment/contact-code.ts'
import type { Registration } from '#domain/enrolment/registration.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { challenges, contactCodes, evidences, registrations } from '#storage/short-lived.ts'
import { volatiles } from '#test/support/engines.ts'

const [one, other] = [interactionId.parse('interaction-number-1'), interactionId.parse('interaction-number-2')]
const sent = { code: '123456', email: 'lan@nha.example' }
const fifty = Array.from({ length: 50 }, (_, index) => index)
const tries = 5

describe.each(Object.entries(volatiles))('what belongs to an interaction, on %s', (_name, open) => {
  test('a challenge is for one purpose of one interaction, and is taken once by one of 50', async () => {
    const store = challenges(await open())
    await store.put('sign-in', one, 'challenge')
    expect([await store.take('register', one), await store.take('sign-in', other)]).toEqual([undefined, undefined])
    const taken = await Promise.all(fifty.map(() => store.take('sign-in', one)))
    expect(taken.filter((value) => value === 'challenge')).toHaveLength(1)
  })

  test('the next page\'s challenge takes the place of the last', async () => {
    const store = challenges(await open())
    await store.put('sign-in', one, 'first')
    await store.put('sign-in', one, 'second')
    expect([await store.take('sign-in', one), await store.take('sign-in', one)]).toEqual(['second', undefined])
  })

  test('a contact code is redeemed by one of 50, and by none with another number', async () => {
    const codes = contactCodes(await open(), 60)
    await codes.put(one, 2, sent)
    expect(await codes.read(one, 1)).toBeUndefined()
    expect(await codes.read(other, 2)).toBeUndefined()
    const outcomes = await Promise.all(fifty.map(() => redeem(codes, one, { generation: 2, typed: '123456', tries })))
    expect(outcomes.filter(({ is }) => is === 'right')).toHaveLength(1)
    expect(outcomes.filter(({ is }) => is === 'spent')).toHaveLength(49)
  })

  test('of 50 parallel wrong guesses exactly as many are compared as there are tries', async () => {
    const codes = contactCodes(await open(), 60)
    await codes.put(one, 1, sent)
    let compared = 0
    const counting = { ...codes, read: (...which: Parameters<typeof codes.read>) => ((compared += 1), codes.read(...which)) }
    const outcomes = await Promise.all(fifty.map(() => redeem(counting, one, { generation: 1, typed: '000000', tries })))
    expect(compared).toBe(tries)
    expect(outcomes.filter(({ is }) => is === 'wrong')).toHaveLength(tries - 1)
    expect(await redeem(codes, one, { generation: 1, typed: '123456', tries })).toEqual({ is: 'spent' })
  })

  test('tries are counted by interaction and number', async () => {
    const codes = contactCodes(await open(), 60)
    expect([await codes.tried(one, 1), await codes.tried(one, 1), await codes.tried(one, 2), await codes.tried(other, 1)])
      .toEqual([1, 2, 1, 1])
  })

  test('a registration comes back as it was put, at every step', async () => {
    const store = registrations(await open(), 60)
    const number = personalNumber.parse('079303001234')
    const claimed = { name: 'Trần Thị "Lan" \\ ế', birthDate: '2003-03-02' }
    const account = accountId.parse('0198a1b2-0000-7000-8000-000000000001')
    const steps: readonly Registration[] = [
      { at: 'identity', number },
      { at: 'contact', number, claimed },
      { at: 'code', number, claimed, email: 'lan@nha.example', generation: 2, sentAt: 1_800_000_000 },
      { at: 'finished', account, evidence: evidence() },
      { at: 'refused' },
    ]
    expect(await store.find(one)).toBeUndefined()
    for (const step of steps) {
      await store.put(one, step)
      expect(await store.find(one)).toEqual(step)
    }
    expect(await store.find(other)).toBeUndefined()
  })

  test('the evidence of a session is that session\'s, and of the account it was shown for', async () => {
    const store = evidences(await open(), 60)
    await store.put('uid-1', 'a', evidence())
    await store.put('uid-1', 'a', evidence({ at: 7 }))
    expect([await store.find('uid-1', 'a'), await store.find('uid-2', 'a'), await store.find('uid-1', 'b')]).toEqual([evidence({ at: 7 }), undefined, undefined])
  })

  test('all of it ends with its time', async () => {
    const volatile = await open()
    await contactCodes(volatile, 1).put(one, 1, sent)
    await registrations(volatile, 1).put(one, { at: 'refused' })
    await evidences(volatile, 1).put('uid', 'account', evidence())
    const left = () => Promise.all([contactCodes(volatile, 1).read(one, 1), registrations(volatile, 1).find(one), evidences(volatile, 1).find('uid', 'account')])
    expect((await left()).every((each) => each !== undefined)).toBe(true)
    await expect.poll(left, { timeout: 20_000 }).toEqual([undefined, undefined, undefined])
  })
})

function evidence(changes: Partial<Evidence> = {}): Evidence {
  return { means: 'passkey', passkey: passkeyId.parse('key'), userVerified: true, backupEligible: true, hardwareBound: false,
    at: 1_800_000_000, ...changes }
}
