import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openBalancer } from '#test/support/balancer.ts'
import { childrenOf, comesToBe, killed, startEid, type NodeProcess } from '#test/support/node-process.ts'
import { freePorts } from '#test/support/ports.ts'
import { startRedis } from '#test/support/redis-server.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { statusOf } from '#test/support/status.ts'

type Started = NodeProcess & { at: string; port: number; health: string; stop: () => Promise<number | null> }

const withServers = engines.includes('servers')

describe.skipIf(!withServers)('eid serve, as processes of its own', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ engine: 'servers' })
    return () => server.close()
  })

  async function start(words: readonly string[], more: Record<string, string> = {}): Promise<Started> {
    const [port = 0, healthPort = 0] = await freePorts(2)
    const health = `http://127.0.0.1:${healthPort}`
    const started = startEid(['serve', ...words], { ...server.env, PORT: String(port), HEALTH_PORT: String(healthPort), LOG_LEVEL: 'info', ...more })
    await comesToBe(`${health}/readyz`, 200)
    return { ...started, port, at: `http://127.0.0.1:${port}`, health, stop: async () => {
      started.child.kill('SIGTERM')
      return started.exit
    } }
  }

  const figure = async ({ health }: Started, name: RegExp) => {
    const text = await (await fetch(`${health}/metrics`)).text()
    return text.split('\n').filter((line) => name.test(line)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }

  test('R03: of two processes one may be killed at any time: the other answers, and another takes its place', async () => {
    const one = await start(['--workers', '2'])
    await comesToBe(`${one.health}/startupz`, 200)
    expect(childrenOf(one.child)).toHaveLength(2)
    const [victim = 0] = childrenOf(one.child)
    killed(victim)
    // One request may have been given to it in that instant, and is lost with it.
    await comesToBe(`${one.at}/jwks`, 200, 15_000)
    for (let count = 0; count < 20; count += 1) expect(await statusOf(`${one.at}/jwks`)).toBe(200)
    await expect.poll(() => childrenOf(one.child).filter((pid) => pid !== victim).length, { timeout: 30_000 }).toBe(2)
    await expect.poll(() => one.said(), { timeout: 30_000 }).toContain('another takes its place')
    expect(await statusOf(`${one.health}/readyz`)).toBe(200)
    expect(await one.stop()).toBe(0)
  }, 180_000)

  test('figures are of all processes together, and name no person and no address that strangers wrote', async () => {
    const one = await start(['--workers', '2'])
    await comesToBe(`${one.health}/startupz`, 200)
    const before = await figure(one, /^eid_answers_total\{.*place="jwks"/)
    for (let count = 0; count < 20; count += 1) expect(await statusOf(`${one.at}/jwks`)).toBe(200)
    await statusOf(`${one.at}/canary-079190000001`)
    await expect.poll(() => figure(one, /^eid_answers_total\{.*place="jwks"/)).toBe(before + 20)
    expect(await (await fetch(`${one.health}/metrics`)).text()).not.toContain('canary')
    expect(await statusOf(`${one.health}/`)).toBe(404)
    expect(await one.stop()).toBe(0)
  }, 180_000)

  test('R02: told to stop it first says so and goes on answering, and a rolling restart of two servers fails nothing', async () => {
    const started = await Promise.all([start([], { DRAIN_SECONDS: '1' }), start(['--workers', '2'], { DRAIN_SECONDS: '1' })])
    const ports = started.map(({ port }) => port)
    const balancer = await openBalancer(started.map(({ port, health }) => ({ port, ready: `${health}/readyz` })))
    onTestFinished(() => balancer.close())
    let asking = true
    let asked = 0
    const clients = Promise.all(Array.from({ length: 8 }, async (_, index) => {
      const paths = ['/jwks', '/.well-known/openid-configuration', '/tro-giup', '/']
      while (asking) {
        asked += 1
        const status = await statusOf(`http://127.0.0.1:${balancer.port}${paths[(asked + index) % 4]}`)
        if (status !== 200 && status !== 404) throw new Error(`${status} ${paths[(asked + index) % 4]} ${balancer.failures.join(', ')}`)
      }
    }))
    try {
      for (const [at, one] of started.entries()) {
        expect(await one.stop()).toBe(0)
        const again = startEid(['serve'], { ...server.env, PORT: String(ports[at]), HEALTH_PORT: new URL(one.health).port, DRAIN_SECONDS: '1', LOG_LEVEL: 'info' })
        await comesToBe(`${one.health}/readyz`, 200)
        expect(again.child.exitCode).toBeNull()
        // The next one goes only once traffic comes to this one again.
        await expect.poll(() => balancer.ready()).toBe(started.length)
      }
    } finally {
      asking = false
      await clients
    }
    expect(balancer.failures).toEqual([])
    expect(asked).toBeGreaterThan(200)
  }, 300_000)

  test('a second signal ends it at once', async () => {
    const one = await start(['--workers', '2'], { DRAIN_SECONDS: '60' })
    one.child.kill('SIGTERM')
    await comesToBe(`${one.health}/readyz`, 503)
    expect(await statusOf(`${one.health}/livez`)).toBe(200)
    expect(await statusOf(`${one.at}/jwks`)).toBe(200)
    one.child.kill('SIGTERM')
    expect(await one.exit).toBe(1)
    await expect.poll(() => statusOf(`${one.at}/jwks`)).toBe(0)
  }, 120_000)

  test('R10: while Redis is frozen a server wants no traffic and lives; afterwards it wants some again by itself', async () => {
    const own = await startRedis()
    onTestFinished(() => own?.stop())
    const one = await start([], { REDIS_URL: own?.url ?? '' })
    own?.freeze()
    await comesToBe(`${one.health}/readyz`, 503, 3000)
    expect([await statusOf(`${one.health}/livez`), await statusOf(`${one.at}/jwks`)]).toEqual([200, 200])
    own?.thaw()
    await comesToBe(`${one.health}/readyz`, 200, 15_000)
  }, 120_000)
})

describe('eid serve --workers', () => {
  test('is refused where the stores serve one process, and what is no number', async () => {
    const alone = startEid(['serve', '--workers', '2'], { DATABASE_URL: '', REDIS_URL: '' })
    expect([await alone.exit, alone.said()]).toEqual([1, expect.stringContaining('need DATABASE_URL and REDIS_URL')])
    const many = startEid(['serve', '--workers', 'viele'], {})
    expect([await many.exit, many.said()]).toEqual([1, expect.stringContaining('a whole number from 1 to 256, or "cores"')])
  }, 60_000)
})
