import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { assertionOf, authorization, post } from '#test/support/journey.ts'
import { json, startSite, type Site } from '#test/support/key-site.ts'
import type { Party } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

/** Clients whose keys are at an address of the same site, one path each, and one whose address is not on the list. */
const names = ['listed', 'moved', 'huge', 'rotating', 'guessed', 'failing', 'unlisted'] as const
type Name = (typeof names)[number]

let server: TestServer
let site: Site
const clients = new Map(names.map((name) => [name, testClient({ name })]))
const sets = new Map<string, { keys: readonly object[]; headers?: Record<string, string> }>()
const hour = { 'cache-control': 'max-age=3600' }

beforeAll(async () => {
  site = await startSite((request, response) => {
    const { pathname } = new URL(request.url ?? '/', site.at)
    const set = sets.get(pathname)
    if (set === undefined) response.writeHead(500).end()
    else if (pathname === '/moved') response.writeHead(302, { location: '/listed' }).end()
    else if (pathname === '/huge') response.end(JSON.stringify({ keys: set.keys, padding: 'x'.repeat(100_000) }))
    else json({ keys: set.keys }, set.headers)(request, response)
  })
  const places = new Map(names.map((name) => [name, new URL(`/${name}`, name === 'unlisted' ? site.at.replace('localhost', '127.0.0.1') : site.at).href]))
  server = await startServer({
    env: { OUTBOUND_ALLOW: 'localhost' },
    clients: () => [...clients].map(([name, { metadata: { jwks: _held, ...metadata } }]) => ({ ...metadata, jwks_uri: places.get(name) })),
  })
})
afterAll(async () => {
  await server.close()
  await site.close()
})
beforeEach(() => {
  site.asked.length = 0
  for (const [name, { metadata }] of clients) sets.set(`/${name}`, { keys: keysOf(metadata), headers: hour })
})

const published = z.object({ jwks: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }) })
const keysOf = (metadata: unknown): readonly object[] => published.parse(metadata).jwks.keys

function party(name: Name): Party {
  const client = clients.get(name)
  if (client === undefined) throw new Error(name)
  return client.party(server.issuer)
}

const push = async (who: Party, header: Record<string, unknown> = { kid: 'one' }) =>
  post(`${server.issuer}/par`, { ...authorization(who), ...(await assertionOf(who, {}, header)) })
const pushes = async (name: Name) => (await push(party(name))).status

/** The client with another key, which it has published or not. */
function withNewKey(name: Name, kid: string): { who: Party; shown: object } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const told = { alg: 'ES256', use: 'sig', kid }
  return {
    who: { ...party(name), proof: { method: 'private_key_jwt', jwk: { ...privateKey.export({ format: 'jwk' }), ...told } } },
    shown: { ...publicKey.export({ format: 'jwk' }), ...told },
  }
}

test('P20: keys at a private address are not fetched', async () => {
  expect([await pushes('unlisted'), site.asked]).toEqual([401, []])
})

test('P20: OUTBOUND_ALLOW lets a named host be fetched from, once for all that comes within the hour', async () => {
  expect([await pushes('listed'), await pushes('listed'), site.asked]).toEqual([201, 201, ['GET /listed']])
})

test.each(['moved', 'huge'] as const)('P20: %s is not followed or read to its end, even there', async (name) => {
  expect([await pushes(name), site.asked]).toEqual([401, [`GET /${name}`]])
})

test('P20: a key that the client has just begun to use is taken at once, although the older set was good for an hour', async () => {
  expect(await pushes('rotating')).toBe(201)
  const { who, shown } = withNewKey('rotating', 'two')
  sets.set('/rotating', { keys: [shown], headers: hour })
  expect([(await push(who, { kid: 'two' })).status, site.asked.length]).toEqual([201, 2])
  expect(await pushes('rotating')).toBe(401)
})

test('P20: a hundred assertions with keys that nobody knows bring one fetch, and the client goes on', async () => {
  expect(await pushes('guessed')).toBe(201)
  const { who } = withNewKey('guessed', 'never-shown')
  const answers = await Promise.all(Array.from({ length: 100 }, async (_, at) => (await push(who, { kid: `made-up-${at}` })).status))
  expect([new Set(answers), site.asked.length]).toEqual([new Set([401]), 2])
  expect([await pushes('guessed'), site.asked.length]).toEqual([201, 2])
})

test('P20: while the address fails the keys that are known go on', async () => {
  expect(await pushes('failing')).toBe(201)
  sets.delete('/failing')
  const { who } = withNewKey('failing', 'two')
  expect((await push(who, { kid: 'two' })).status).toBe(401)
  expect([await pushes('failing'), site.asked.length]).toEqual([201, 2])
})
