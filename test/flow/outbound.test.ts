import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { freePorts } from '#test/support/ports.ts'
import { startServer } from '#test/support/running.ts'
import { testClient, type TestClient } from '#test/support/test-clients.ts'

let keys: Server
let asked: string[] = []
let at = ''
let byUri: TestClient

/** The client's own site, with its keys at several addresses. */
beforeAll(async () => {
  const [port = 0] = await freePorts(1)
  at = `http://localhost:${port}`
  const { metadata, party } = testClient({ name: 'by-uri' })
  const { jwks, ...rest } = metadata
  byUri = { metadata: rest, party }
  keys = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/moved') response.writeHead(302, { location: `${at}/keys` }).end()
    else if (request.url === '/huge') response.end(JSON.stringify({ ...Object(jwks), padding: 'x'.repeat(100_000) }))
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks))
  })
  await new Promise<void>((listening) => keys.listen(port, listening))
})
afterAll(() => new Promise((closed) => keys.close(closed)))

async function push(path: string, env: Record<string, string>): Promise<unknown> {
  asked = []
  const server = await startServer({ env, clients: () => [{ ...byUri.metadata, jwks_uri: `${at}${path}` }] })
  try {
    const party = await makeRelyingParty(byUri.party(server.issuer))
    return await party.begin().then(() => 'taken', (error: unknown) => error)
  } finally {
    await server.close()
  }
}

test('P20: keys at a private address are not fetched', async () => {
  expect(await push('/keys', {})).not.toBe('taken')
  expect(asked).toEqual([])
})

test('P20: OUTBOUND_ALLOW lets a named host be fetched from', async () => {
  expect(await push('/keys', { OUTBOUND_ALLOW: 'localhost' })).toBe('taken')
  expect(asked).toEqual(['/keys'])
})

test.each(['/moved', '/huge'])('P20: %s is not followed or read to its end, even there', async (path) => {
  expect(await push(path, { OUTBOUND_ALLOW: 'localhost' })).not.toBe('taken')
  expect(asked).toEqual([path])
})
