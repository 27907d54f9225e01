import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Volatile } from '#storage/volatile.ts'
import { volatiles } from '#test/support/engines.ts'
import { kinds, type Kind } from '#test/support/redis-kinds.ts'

const racers = Array.from({ length: 50 }, (_, index) => index)

describe.each(Object.entries(volatiles))('a volatile store on %s', (_name, open) => {
  keepsItsWord(open)
})

describe.skipIf(inject('redis') === undefined).each(Object.entries(kinds))('a volatile store on %s', (_name, start) => {
  let kind: Kind | undefined
  beforeAll(async () => {
    kind = await start()
  })
  afterAll(() => kind?.stop())

  keepsItsWord(() => kind?.open() ?? expect.fail('it did not start'))
})

function keepsItsWord(open: () => Promise<Volatile>): void {
  test('gives back what was put, as often as it is asked', async () => {
    const store = await open()
    await store.put('session', 'Nguyễn "1"', 60)
    expect(await store.get('session')).toBe('Nguyễn "1"')
    expect(await store.get('session')).toBe('Nguyễn "1"')
    expect(await store.get('other')).toBeUndefined()
  })

  test('replaces a value and forgets a dropped one', async () => {
    const store = await open()
    await store.put('session', 'old', 60)
    await store.put('session', 'new', 60)
    expect(await store.get('session')).toBe('new')
    await store.drop('session')
    await store.drop('session')
    expect(await store.get('session')).toBeUndefined()
  })

  test('what is offered can be read until it is taken, and what is put is not to be taken', async () => {
    const store = await open()
    await store.offer('code', 'value', 60)
    expect([await store.get('code'), await store.take('code'), await store.get('code')]).toEqual(['value', 'value', undefined])
    await store.put('session', 'value', 60)
    await expect(store.take('session')).rejects.toThrow('not to be taken')
  })

  test('a mark counts in the era of what it is for, and is made once', async () => {
    const store = await open()
    const era = await store.era('used')
    expect([await store.claim('used', '1', 60, { era }), await store.claim('used', '1', 60, { era })]).toEqual([true, false])
    expect([await store.claim('replay', '1', 60, { madeAt: undefined }), await store.claim('replay', '1', 60, { madeAt: new Date() })]).toEqual([true, false])
  })

  test('an empty value is a value', async () => {
    const store = await open()
    await store.offer('empty', '', 60)
    expect(await store.take('empty')).toBe('')
    expect(await store.take('empty')).toBeUndefined()
  })

  test('of 50 racing takers exactly one gets the value', async () => {
    const store = await open()
    await store.offer('code', 'value', 60)
    const taken = await Promise.all(racers.map(() => store.take('code')))
    expect(taken.filter((value) => value === 'value')).toHaveLength(1)
    expect(taken.filter((value) => value === undefined)).toHaveLength(49)
  })

  test('of 50 racing claimers exactly one hears yes, and its value stands', async () => {
    const store = await open()
    const heard = await Promise.all(racers.map((index) => store.claim('jti', String(index), 60)))
    expect(heard.filter(Boolean)).toHaveLength(1)
    expect(await store.get('jti')).toBe(String(heard.indexOf(true)))
  })

  test('50 counts at once are 1 to 50, none twice', async () => {
    const store = await open()
    const counts = await Promise.all(racers.map(() => store.count('tries', 60)))
    expect(counts.toSorted((a, b) => a - b)).toEqual(racers.map((index) => index + 1))
    await store.drop('tries')
    expect(await store.count('tries', 60)).toBe(1)
    expect([await store.count('tries', 60, 40), await store.count('tries', 60, 0), await store.count('other', 60, 0), await store.count('other', 60, 5)]).toEqual([41, 41, 0, 5])
  })

  test('50 who count at once up to the same number come there, and none goes beyond', async () => {
    const store = await open()
    await Promise.all(racers.map(() => store.count('called', 60, 7, 100)))
    expect([await store.count('called', 60, 0), await store.count('called', 60, 7, 100), await store.count('called', 60, 7, 90), await store.count('called', 60, 7, 103)]).toEqual([100, 100, 100, 103])
    expect([await store.count('none', 60, 0, 9), await store.count('none', 60, 99, 9), await store.count('none', 60)]).toEqual([0, 9, 10])
    await store.count('short', 1, 5, 9)
    await store.count('short', 1, 5, 9)
    await new Promise((later) => setTimeout(later, 1100))
    expect(await store.count('short', 1, 2, 9)).toBe(2)
  })

  test('everything ends with its time: values, claims and counters, and counting does not prolong', async () => {
    const store = await open()
    await store.put('value', 'x', 1)
    await store.claim('claim', 'x', 1)
    await store.count('counter', 1)
    await new Promise((later) => setTimeout(later, 600))
    expect(await store.count('counter', 1)).toBe(2)
    await new Promise((later) => setTimeout(later, 600))

    expect(await store.get('value')).toBeUndefined()
    expect(await store.take('value')).toBeUndefined()
    expect(await store.claim('claim', 'y', 1)).toBe(true)
    expect(await store.count('counter', 1)).toBe(1)
  })
}
