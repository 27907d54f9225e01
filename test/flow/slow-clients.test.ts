import { fork } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { listen, makeServer, stop } from '#app/listening.ts'
import { readBody } from '#web/request/body.ts'
import { enrol, signIn } from '#test/support/journey.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

/** A server of ours that reads what it is sent. */
async function open(trustedProxies: readonly string[] = []): Promise<number> {
  const server = makeServer({ trustedProxies }, (request, response) => {
    readBody(request).then(() => response.end('ok'), () => response.writeHead(400).end())
  })
  const port = await listen(server, 0, '0.0.0.0')
  onTestFinished(() => {
    server.closeAllConnections()
    return stop(server)
  })
  return port
}

type Slow = { socket: Socket; answer: () => string; closedAfter: Promise<number> }

function dial(port: number, from = '127.0.0.1'): Slow {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from })
  onTestFinished(() => void socket.destroy())
  let answer = ''
  const began = performance.now()
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('error', () => undefined)
  return { socket, answer: () => answer, closedAfter: new Promise((closed) => socket.once('close', () => closed(performance.now() - began))) }
}

/** A byte now and then, as long as somebody listens. */
async function drip({ socket }: Slow, line: string): Promise<void> {
  while (!socket.destroyed) {
    socket.write(line)
    await pause(500)
  }
}

const statusOf = (port: number) => fetch(`http://127.0.0.1:${port}/`).then(({ status }) => status, () => 0)

test('R17: who says nothing, sends headers or a body without end is heard no longer, and others are answered meanwhile', async () => {
  const port = await open()
  const [silent, headers, body] = [dial(port), dial(port), dial(port)]
  headers.socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
  body.socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n')
  void drip(headers, 'X-Slow: 1\r\n')
  void drip(body, 'x')
  expect(await statusOf(port)).toBe(200)
  const ends = await Promise.all([silent, headers, body].map(({ closedAfter }) => closedAfter))
  expect(ends.map((after) => after < 15_000)).toEqual([true, true, true])
  expect([ends[1], ends[2]].map((after) => (after ?? 0) > 4500)).toEqual([true, true])
  expect(headers.answer()).toMatch(/^HTTP\/1\.1 408 /)
  expect(await statusOf(port)).toBe(200)
}, 40_000)

test('R17: of one address only so many connections are heard, those of others and of a proxy of ours all', async () => {
  const [port, behind] = [await open(), await open(['127.0.0.2'])]
  /** In waves, for the kernel keeps no more than 511 who wait to be accepted. */
  async function flood(at: number): Promise<readonly Slow[]> {
    const all: Slow[] = []
    while (all.length < 2050) {
      const wave = Array.from({ length: 205 }, () => dial(at, '127.0.0.2'))
      await Promise.all(wave.map(({ socket }) => new Promise((connected) => socket.once('connect', connected))))
      all.push(...wave)
    }
    return all
  }
  const heard = (all: readonly Slow[]) => all.filter(({ socket }) => !socket.destroyed).length
  /** Before those who say nothing are let go, which is after five seconds. */
  const soon = { timeout: 4500, interval: 50 }
  const strangers = await flood(port)
  await expect.poll(() => heard(strangers), soon).toBe(2000)
  const ours = await flood(behind)
  expect([await statusOf(behind), heard(ours)]).toEqual([200, 2050])
  expect(await statusOf(port)).toBe(200)
  for (const { socket } of [...strangers, ...ours]) socket.destroy()
  // Places of those who have gone are free again.
  await expect.poll(async () => {
    const late = dial(port, '127.0.0.2')
    late.socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await late.closedAfter
    return late.answer().slice(0, 12)
  }, { timeout: 10_000 }).toBe('HTTP/1.1 200')
}, 60_000)

test('R17: a request of more than a hundred headers is refused, and not heard with some of them', async () => {
  const port = await open()
  const withHeaders = (count: number) => fetch(`http://127.0.0.1:${port}/`, { headers: Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, '1'])) })
  expect([(await withHeaders(80)).status, (await withHeaders(101)).status, (await withHeaders(500)).status, await statusOf(port)]).toEqual([200, 431, 431, 200])
})

/** Connections from another process that have heard an answer and say nothing more; answers how many are open. */
function idle(port: number, { addresses, each }: { addresses: number; each: number }): () => number {
  const child = fork(join(import.meta.dirname, '../support/idle-connections.ts'), [port, addresses, each].map(String))
  onTestFinished(() => void child.kill('SIGKILL'))
  let open = 0
  child.on('message', (told) => {
    const { open: now } = opened.parse(told)
    open = now
  })
  return () => open
}
const opened = z.object({ open: z.number() })

test('R17: ten thousand connections that have nothing more to ask take little, keep nobody from signing in, and end by themselves', async () => {
  const portal = testClient({ name: 'portal' })
  const server = await startServer({ clients: () => [portal.metadata] })
  onTestFinished(() => server.close())
  const party = await makeRelyingParty(portal.party(server.issuer))
  const who = await enrol(server, party)
  const megabytes = () => process.memoryUsage().rss / 2 ** 20
  const before = megabytes()
  const open = idle(server.port, { addresses: 6, each: 1700 })
  await expect.poll(open, { timeout: 40_000, interval: 50 }).toBe(10_200)
  const began = performance.now()
  expect((await signIn(party, who, { prompt: 'login' })).claims['acr']).toBe('urn:vn:eid:loa:2')
  expect((await enrol(server, party)).citizen.number).toMatch(/^\d{12}$/)
  expect([open(), performance.now() - began < 30_000]).toEqual([10_200, true])
  expect(megabytes() - before).toBeLessThan(400)
  await expect.poll(open, { timeout: 80_000, interval: 500 }).toBe(0)
  expect((await signIn(party, who, { prompt: 'login' })).claims['acr']).toBe('urn:vn:eid:loa:2')
}, 150_000)
