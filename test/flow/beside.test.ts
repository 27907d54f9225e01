import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Log } from '#kernel/log.ts'
import { makeRingFile, type RingFile } from '#keys/ring-file.ts'
import { enrol, get } from '#test/support/journey.ts'
import { freePorts } from '#test/support/ports.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { silentLog } from '#test/support/silent-log.ts'
import { testClient } from '#test/support/test-clients.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const portal = testClient({ name: 'portal' })

/** Whatever listens where the sandbox is to. */
async function occupy(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(port, listening))
  return server
}
const free = (server: Server) => new Promise<void>((closed) => server.close(() => closed()))

describe('X01: the live server does not depend on the sandbox', () => {
  let server: TestServer | undefined
  let squatter: Server | undefined
  afterEach(async () => {
    await server?.close()
    if (squatter?.listening) await free(squatter)
  })

  async function startBesideNothing(log: Log): Promise<{ running: TestServer; port: number }> {
    const [port = 0] = await freePorts(1)
    squatter = await occupy(port)
    const running = await startServer({ clients: () => [portal.metadata], log, env: { SANDBOX_PORT: String(port) } })
    server = running
    return { running, port }
  }

  test('where it cannot start, people sign in, developers are told to come again, and it starts by itself once it can', async () => {
    const said: string[] = []
    const { running, port } = await startBesideNothing({ ...silentLog, error: (_fields, text) => void said.push(text) })
    expect([running.sandbox, said]).toEqual([undefined, expect.arrayContaining(['the sandbox does not start; it is tried again'])])
    const { visitor } = await enrol(running, await makeRelyingParty(portal.party(running.issuer)))
    expect((await visitor.open(`${running.issuer}/nha-phat-trien`)).status).toBe(503)
    expect((await get(`${running.issuer}/readyz`)).status).toBe(200)
    if (squatter) await free(squatter)
    await expect.poll(() => running.beside?.current(), { timeout: 40_000, interval: 200 }).toBeDefined()
    expect((await visitor.open(`${running.issuer}/nha-phat-trien`)).status).toBe(200)
    expect((await get(`http://localhost:${port}/.well-known/openid-configuration`)).json).toMatchObject({ issuer: `http://localhost:${port}` })
  }, 90_000)

  test('nor does closing: what waits for the next try ends with the server', async () => {
    const { running } = await startBesideNothing(silentLog)
    const began = Date.now()
    await running.close()
    server = undefined
    expect(Date.now() - began).toBeLessThan(20_000)
    await expect(get(`${running.issuer}/livez`)).rejects.toThrow()
  }, 60_000)

  test.each([
    ['a key', (live: RingFile, own: RingFile) => ({ ...own, signing: [...own.signing, ...live.signing.slice(0, 1).map((entry) => ({ ...entry, jwk: { ...entry.jwk, kid: 'A'.repeat(43) } }))] }), /has a key of the live server/],
    ['a secret', (live: RingFile, own: RingFile) => ({ ...own, secrets: { ...own.secrets, volatile: live.secrets.volatile } }), /has a secret of the live server/],
  ] as const)('but one that was given %s of the live server is a fault of the configuration, and ends the start', async (_what, share, says) => {
    const folder = temporaryFolder()
    const [live, own] = [await makeRingFile(new Date()), await makeRingFile(new Date())]
    const write = (name: string, ring: object) => {
      writeFileSync(join(folder, name), JSON.stringify(ring), { mode: 0o600 })
      return join(folder, name)
    }
    const [port = 0] = await freePorts(1)
    const env = { SANDBOX_PORT: String(port), KEYRING_FILE: write('live.json', live), SANDBOX_KEYRING_FILE: write('own.json', share(live, own)) }
    await expect(startServer({ env })).rejects.toThrow(says)
  }, 60_000)
})
