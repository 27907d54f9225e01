import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import type { Log, LogFields } from '#kernel/log.ts'
import { guardedFetch } from '#oidc/outbound/fetch.ts'
import { makeKeySets, type KeySets } from '#oidc/outbound/key-sets.ts'
import { json, startSite, type Site } from '#test/support/key-site.ts'
import { silentLog } from '#test/support/silent-log.ts'

const jwks = z.object({ keys: z.array(z.object({ kid: z.string() })) })
const key = (kid: string) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid })
const hour = { 'cache-control': 'max-age=3600' }

let site: Site
let keySets: KeySets
let now = new Date()
let warned: LogFields[] = []

beforeEach(async () => {
  now = new Date()
  warned = []
  site = await startSite(json({ keys: [key('one')] }, hour))
  const clock = { now: () => now }
  const log: Log = { ...silentLog, warn: (fields) => warned.push(fields) }
  keySets = makeKeySets({ fetch: guardedFetch({ allowed: ['localhost'], clock }), clock, log })
})
afterEach(() => site.close())

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000)
}
const edition = (...wanted: string[]) => keySets.edition({ uri: `${site.at}/keys`, client: 'portal' }, wanted)
const kids = async () => {
  const { keys } = jwks.parse(await (await keySets.fetch(`${site.at}/keys`)).json())
  return keys.map(({ kid }) => kid).join()
}
const fails = () => site.answers((_request, response) => response.writeHead(500).end())

test('P20: keys are fetched once for as long as their answer says, and then anew', async () => {
  await kids()
  const first = edition()
  later(3599)
  expect([await kids(), edition(), site.asked.length]).toEqual(['one', first, 1])
  later(1)
  site.answers(json({ keys: [key('two')] }, hour))
  expect(edition()).not.toBe(first)
  expect([await kids(), site.asked.length]).toEqual(['two', 2])
})

test('P20: many at once who need the keys make one fetch', async () => {
  await Promise.all(Array.from({ length: 20 }, kids))
  expect(site.asked).toHaveLength(1)
})

test('P20: an unknown kid brings one fetch, and the next one not before a minute is over', async () => {
  await kids()
  const first = edition('one')
  site.answers(json({ keys: [key('one'), key('two')] }, hour))
  const second = edition('two')
  expect([second === first, await kids(), edition('two')]).toEqual([false, 'one,two', second])
  for (let time = 0; time < 100; time += 1) {
    edition(`made-up-${time}`)
    await kids()
  }
  expect(site.asked).toHaveLength(2)
  later(60)
  edition('made-up')
  await kids()
  expect(site.asked).toHaveLength(3)
})

test('P20: a kid that is known brings no fetch', async () => {
  await kids()
  const first = edition('one')
  expect([edition('one'), await kids(), site.asked.length]).toEqual([first, 'one', 1])
})

test('P20: while the address fails the older keys count for a day, and a line names the client and nothing else', async () => {
  await kids()
  fails()
  later(3600)
  edition()
  expect(await kids()).toBe('one')
  expect(warned).toEqual([{ client: 'portal', fault: 'status-500', older: true }])
  expect([await kids(), site.asked.length]).toEqual(['one', 2])
  later(86_399)
  edition()
  expect(await kids()).toBe('one')
  later(60)
  edition()
  await expect(kids()).rejects.toThrow(/no keys/)
})

test('P20: the older keys also count when an unknown kid asks right after a failure', async () => {
  await kids()
  fails()
  later(3600)
  edition()
  await kids()
  edition('unknown')
  expect([await kids(), site.asked.length]).toEqual(['one', 2])
})

test('P20: an address that fails from the start is asked again after ten seconds, however many ask', async () => {
  fails()
  await expect(kids()).rejects.toThrow(/no keys/)
  await expect(kids()).rejects.toThrow(/no keys/)
  expect(site.asked).toHaveLength(1)
  later(10)
  site.answers(json({ keys: [key('one')] }))
  expect(await kids()).toBe('one')
})

test.each([['no JSON', '{'], ['no set', '{}'], ['keys that are no objects', '{"keys":[1]}'], ['a kid that is no text', '{"keys":[{"kid":1}]}']])(
  'P20: %s does not take the place of keys', async (_what, text) => {
    await kids()
    later(3600)
    edition()
    site.answers((_request, response) => response.end(text))
    expect(await kids()).toBe('one')
    expect(warned).toEqual([{ client: 'portal', fault: 'no-key-set', older: true }])
  },
)

/** So many clients are asked about that no place is left. */
const crowd = () => {
  for (let each = 0; each < 10_000; each += 1) keySets.edition({ uri: `https://rp-${each}.example/`, client: 'other' }, [])
}

test('P20: however many clients there are, keys that count are not forgotten', async () => {
  await kids()
  const first = edition()
  crowd()
  expect([edition(), await kids(), site.asked.length]).toEqual([first, 'one', 1])
})

test('P20: nor is it that an address failed a moment ago', async () => {
  fails()
  await expect(kids()).rejects.toThrow(/no keys/)
  crowd()
  await expect(kids()).rejects.toThrow(/no keys/)
  expect(site.asked).toHaveLength(1)
})

test('P20: a place that was forgotten does not come back under an old edition', async () => {
  await kids()
  const first = edition()
  later(3600 + 86_400)
  crowd()
  expect(edition()).toBeGreaterThan(first)
})
