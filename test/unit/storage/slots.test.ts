import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import slotOf from 'cluster-key-slot'
import { Cluster } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import { markKeys } from '#storage/redis/marks.ts'

/*
 * F03: every act in Redis stays in one slot. The contract suites show it on a real cluster, which refuses others (CROSSSLOT); here is what
 * they cannot show, for all keys there may be and for commands that they do not come to.
 */
function marks(prefix: string) {
  const client = new Cluster(['redis://127.0.0.1:1'], { lazyConnect: true })
  onTestFinished(() => client.disconnect())
  return markKeys(client, prefix)
}

test.each(['eid:', 'thu:', '0a1b2c3d:'])('F03: the mark of a key lies in its slot, and every slot has one, under %s', (prefix) => {
  const { of, all } = marks(prefix)
  expect(new Set(all().map((key) => slotOf(key))).size).toBe(16_384)
  for (let at = 0; at < 20_000; at += 1) {
    const name = `${prefix}${at.toString(36)}`
    expect(slotOf(of(name))).toBe(slotOf(name))
  }
})

test('F03: nothing asks Redis for several keys at once, or for all of them', () => {
  const files = globSync('src/**/*.ts', { cwd: join(import.meta.dirname, '../../..') }).filter((file) => /from '(ioredis|(\.|#storage\/redis)\/open\.ts)'/.test(read(file)))
  expect(files.length).toBeGreaterThanOrEqual(6)
  const forbidden = /\b(?:client|server)\.(?:scan|scanStream|keys|mget|mset|multi|pipeline|exec|eval|evalsha|call)\b/g
  const found = files.flatMap((file) => [...read(file).matchAll(forbidden)].map(([what]) => `${file}: ${what}`))
  // What users may say and may not is tried at each server by itself, at the start.
  expect([...new Set(found)]).toEqual(['src/storage/redis/user.ts: server.call'])
  // Scripts run where they are told to go: `callBuffer` with one key, or with a key and its mark.
  expect(files.filter((file) => read(file).includes('callBuffer'))).toEqual(['src/storage/redis/acts.ts'])
})

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, '../../..', file), 'utf8')
}
