import { expect, test } from 'vitest'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'

function store(limit = 3) {
  let now = Date.parse('2026-01-01T00:00:00Z')
  return { store: embeddedVolatile({ clock: { now: () => new Date(now) }, limit }), wait: (seconds: number) => (now += seconds * 1000) }
}

test('a value lives until its time is over, not a moment longer', async () => {
  const { store: values, wait } = store()
  await values.put('a', 'x', 10)
  wait(9.999)
  expect(await values.get('a')).toBe('x')
  wait(0.001)
  expect(await values.get('a')).toBeUndefined()
  expect(await values.claim('a', 'y', 10)).toBe(true)
})

test('a full store refuses what is new and serves what it has', async () => {
  const { store: values } = store()
  for (const key of ['a', 'b', 'c']) await values.put(key, key, 10)
  await expect(values.put('d', 'd', 10)).rejects.toMatchObject({ code: 'service.unavailable' })
  await expect(values.claim('d', 'd', 10)).rejects.toMatchObject({ code: 'service.unavailable' })
  await expect(values.count('d', 10)).rejects.toMatchObject({ code: 'service.unavailable' })
  await values.offer('a', 'again', 10)
  expect(await values.take('a')).toBe('again')
  expect(await values.claim('d', 'd', 10)).toBe(true)
})

test('a full store makes room of what has expired', async () => {
  const { store: values, wait } = store()
  for (const key of ['a', 'b', 'c']) await values.put(key, key, 10)
  wait(10)
  await values.put('d', 'd', 10)
  expect(await values.get('d')).toBe('d')
})

test('a value is not a counter', async () => {
  const { store: values } = store()
  await values.put('a', '1', 10)
  await expect(values.count('a', 10)).rejects.toThrow(TypeError)
})
