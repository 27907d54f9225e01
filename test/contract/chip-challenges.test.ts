import { describe, expect, test } from 'vitest'
import { readingId } from '#domain/chip/reading.ts'
import { chipChallenges } from '#storage/chip-challenges.ts'
import { volatiles } from '#test/support/engines.ts'

const [one, other] = [readingId.parse('reading-number-one'), readingId.parse('reading-number-two')]

describe.each(Object.entries(volatiles))('what chips were asked, on %s', (_name, open) => {
  test('is taken once by one of 50, and by nobody who did not ask', async () => {
    const store = chipChallenges(await open(), 60)
    await store.put('desk', one, 'secret')
    expect([await store.take('another desk', one), await store.take('desk', other)]).toEqual([undefined, undefined])
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take('desk', one)))
    expect(taken.filter((value) => value === 'secret')).toHaveLength(1)
  })
})
