import { beforeEach, describe, expect, test } from 'vitest'
import type { Log } from '#kernel/log.ts'
import { bucketOf, type AnswerTimeStore } from '#domain/statistic/answer-time.ts'
import { answerTimes } from '#storage/postgres/answer-times.ts'
import { makeTimes } from '#storage/timed.ts'
import { databases } from '#test/support/engines.ts'
import { silentLog } from '#test/support/silent-log.ts'

const minute = new Date('2026-11-10T05:00:00Z')
const later = (seconds: number) => new Date(minute.getTime() + seconds * 1000)
const at = (seconds: number) => ({ now: () => later(seconds) })

describe.each(Object.entries(databases))('how long answers took, on %s,', (_name, open) => {
  let store: AnswerTimeStore
  beforeEach(async () => {
    store = answerTimes(await open())
  })

  test('is the sum of what all processes counted, also of those that write at once', async () => {
    const processes = Array.from({ length: 4 }, (_, number) => makeTimes({ answerTimes: store, clock: at(number), log: silentLog }))
    for (const process of processes) for (const milliseconds of [3, 45, 46]) process.note('passkey', milliseconds)
    processes[0]?.note('token', 45)
    await Promise.all(processes.map((process) => process.flush()))
    expect(await store.since(later(30))).toEqual([
      { wait: 'passkey', bucket: bucketOf(3), count: 4 }, { wait: 'passkey', bucket: bucketOf(45), count: 8 }, { wait: 'token', bucket: bucketOf(45), count: 1 },
    ])
  })

  test('is told minute by minute, and forgotten', async () => {
    for (const seconds of [0, 61, 125]) {
      const times = makeTimes({ answerTimes: store, clock: at(seconds), log: silentLog })
      times.note('page', 10)
      await times.flush()
      await times.flush()
    }
    const count = async (seconds: number) => (await store.since(later(seconds))).reduce((sum, one) => sum + one.count, 0)
    expect([await count(0), await count(60), await count(130), await count(180)]).toEqual([3, 2, 1, 0])
    await store.sweep(later(60))
    expect(await count(0)).toBe(2)
  })

  test('waits while it cannot be written, and then counts once', async () => {
    const told: string[] = []
    const log: Log = { ...silentLog, warn: (_fields, message) => void told.push(message) }
    let works = false
    const flaky: AnswerTimeStore = { ...store, add: async (counts) => (works ? store.add(counts) : Promise.reject(new Error('down'))) }
    const times = makeTimes({ answerTimes: flaky, clock: at(0), log })
    times.note('token', 10)
    await times.flush()
    times.note('token', 10)
    works = true
    await times.flush()
    expect([told.length, await store.since(minute)]).toEqual([1, [{ wait: 'token', bucket: bucketOf(10), count: 2 }]])
  })
})
