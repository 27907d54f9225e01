import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { sql } from 'kysely'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { makeNamedSealer } from '#keys/sealer.ts'
import { makeLimits } from '#storage/limits.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { openRedis } from '#storage/redis/open.ts'
import { redisVolatile } from '#storage/redis/volatile.ts'
import { makeAuthority } from '#test/support/certificates.ts'
import { openFaultProxy } from '#test/support/fault-proxy.ts'
import { someLimits } from '#test/support/made-up.ts'

/*
 * A store whose answers are none: something else listens at its address, or what stands between has mixed up two conversations. That is a
 * failure of the store; it is no yes, no no, and no end of the process.
 */
const codeOf = (error: unknown) => (error instanceof Problem ? error.code : error)
const outcome = (act: () => Promise<unknown>) => act().then((answer) => ({ answer }), codeOf)
const works = (act: () => Promise<unknown>) => expect.poll(() => outcome(act), { timeout: 10_000, interval: 100 })

const saidByRedis = {
  'an answer without an end': '$999999999\r\n', OK: '+OK\r\n', 'a number': ':5\r\n', 'a list': '*2\r\n:1\r\n:2\r\n', 'bytes of somebody else': '$4\r\nabcd\r\n', 'another protocol': 'HTTP/1.1 400 Bad Request\r\n\r\n',
}

describe.skipIf(inject('redis') === undefined)('where something else answers than Redis', () => {
  async function opened() {
    const proxy = await openFaultProxy(inject('redis') ?? '')
    const client = await openRedis({ url: proxy.url, mayEvict: true })
    const prefix = `${randomBytes(4).toString('hex')}:`
    const store = await redisVolatile({ client, sealer: makeNamedSealer([{ version: 1, secret: randomBytes(32) }]), prefix })
    const secret = randomBytes(32)
    const rules = someLimits({}, { points: 3, seconds: 60 })
    const limits = makeLimits({ rules, redis: client, hash: (key) => createHmac('sha256', secret).update(key).digest('base64url') })
    onTestFinished(async () => {
      await store.close()
      await proxy.close()
    })
    return { proxy, store, limits }
  }

  test.each(Object.entries(saidByRedis))('%s: each act fails as the store does, nothing is taken twice, and it goes on by itself', async (_name, said) => {
    const { proxy, store, limits } = await opened()
    await store.put('session', 'of somebody', 600)
    await store.offer('challenge', 'once', 600)
    const era = await store.era('used')
    expect(await store.claim('used', '1', 600, { era })).toBe(true)
    proxy.fail({ is: 'garbage', bytes: Buffer.from(said) })
    const acts: Record<string, () => Promise<unknown>> = {
      get: () => store.get('session'), take: () => store.take('challenge'), claim: () => store.claim('used', '1', 600, { era }), offer: () => store.offer('other', 'once', 600),
      era: () => store.era('used'), drop: () => store.drop('session'), count: () => store.count('tries', 60),
    }
    // One after the other, so that each is answered, and with a connection where the one before was left.
    for (const [name, act] of Object.entries(acts)) expect([name, await outcome(act)]).toEqual([name, name === 'offer' && said === '+OK\r\n' ? { answer: undefined } : 'service.unavailable'])
    proxy.heal()
    await works(() => store.get('session')).toEqual({ answer: 'of somebody' })
    expect(await store.claim('used', '1', 600, { era })).toBe(false)
    expect([await store.take('challenge'), await store.take('challenge')]).toEqual(['once', undefined])
    await works(async () => limits.spend('registration-per-number', 'somebody')).toEqual({ answer: undefined })
  })

  test('P08: the yes to another claim makes nobody the first', async () => {
    const { proxy, store } = await opened()
    const era = await store.era('used')
    proxy.fail({ is: 'garbage', bytes: Buffer.from(`*3\r\n+OK\r\n$40\r\n${era}\r\n$5\r\nother\r\n`) })
    expect(await outcome(() => store.claim('used', '1', 600, { era }))).toBe('service.unavailable')
  })

  // A list of two numbers is what a counter says too.
  test.each(Object.entries(saidByRedis).filter(([name]) => name !== 'a list'))('%s: nor is a limit open: the counters of this process go on, stricter, or the request is refused', async (_name, said) => {
    const { proxy, limits } = await opened()
    proxy.fail({ is: 'garbage', bytes: Buffer.from(said) })
    const outcomes: unknown[] = []
    for (let time = 0; time < 6; time += 1) outcomes.push(await outcome(() => limits.spend('registration-per-number', 'somebody')))
    expect(outcomes.filter((each) => typeof each === 'object').length).toBeLessThanOrEqual(3)
  })
})

/** A row that breaks off, a length that is none, a proof that nobody knows. */
const saidByPostgres = {
  'another protocol': Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), zeros: Buffer.alloc(64),
  'a row that breaks off': Buffer.from([0x44, 0, 0, 0, 6, 0, 5]), 'an unknown proof': Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 99]),
}

describe.skipIf(inject('postgres') === undefined)('where something else answers than PostgreSQL', () => {
  const one = sql<{ one: number }>`select 1 as one`

  test.each(Object.entries(saidByPostgres))('%s: each statement fails as the store does, the process lives, and it goes on by itself', async (_name, said) => {
    const proxy = await openFaultProxy(inject('postgres') ?? '')
    const db = await openDatabase({ url: proxy.url, dataDir: '', maxConnections: 2 })
    onTestFinished(async () => {
      await db.close()
      await proxy.close()
    })
    expect(await db.rows(one)).toEqual([{ one: 1 }])
    proxy.fail({ is: 'garbage', bytes: said })
    // On the connection that was there, and on new ones.
    for (let time = 0; time < 4; time += 1) expect(await outcome(() => db.rows(one))).toBe('service.unavailable')
    expect(await outcome(() => db.transaction((tx) => tx.rows(one)))).toBe('service.unavailable')
    proxy.heal()
    await works(() => db.rows(one)).toEqual({ answer: [{ one: 1 }] })
  })

  test('nor inside of TLS', async () => {
    const { cert, key } = makeAuthority('/CN=root').issue({ subject: '/CN=localhost', names: ['DNS.1=localhost'], use: 'serverAuth' })
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.write('S')
        const inside = new TLSSocket(socket, { isServer: true, cert, key })
        inside.on('error', () => undefined)
        inside.once('data', () => inside.write(saidByPostgres['a row that breaks off']))
      })
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const address = server.address()
    const db = await openDatabase({ url: `postgres://somebody@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/name?sslmode=no-verify`, dataDir: '', patience: 4 })
    onTestFinished(async () => {
      await db.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    })
    const failed = await db.rows(one).then(() => undefined, (error: unknown) => error)
    expect(failed).toMatchObject({ code: 'service.unavailable', cause: { message: 'not the protocol of PostgreSQL' } })
  })
})
