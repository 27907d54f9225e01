import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { guardedFetch, type Purpose } from '#oidc/outbound/fetch.ts'
import { publicNames } from '#oidc/outbound/names.ts'
import { json, startSite, type Site } from '#test/support/key-site.ts'
import { startNameServer, type NameServer } from '#test/support/name-server.ts'

/** Global unicast that nobody has been given (IANA: 2d00::/8), so that nobody is called. */
const nobodys = '2d00::1'

describe('P20: a name', () => {
  let inside: Server
  let port = 0
  let knocks = 0
  let names: NameServer | undefined
  beforeEach(async () => {
    knocks = 0
    inside = createServer((socket) => {
      knocks += 1
      socket.destroy()
    })
    await new Promise<void>((listening) => inside.listen(0, listening))
    const address = inside.address()
    port = typeof address === 'object' ? (address?.port ?? 0) : 0
  })
  afterEach(async () => {
    inside.close()
    await names?.close()
    names = undefined
  })

  async function ask(answers: Parameters<typeof startNameServer>[0]): Promise<unknown> {
    names = await startNameServer(answers)
    const fetch = guardedFetch({ allowed: [], clock: systemClock, names: publicNames([names.address]) })
    return fetch(new URL(`https://rp.example.vn:${port}/keys`), 'keys')
  }

  test.each(['127.0.0.1', '::1', '169.254.169.254', '10.0.0.1', '192.168.0.1', '::ffff:127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::', '0.0.0.0'])(
    'that stands for %s is not called', async (address) => {
      expect(await ask(() => [address])).toEqual({ fault: 'private-address' })
      expect(knocks).toBe(0)
    },
  )

  test('that stands for a public and a private address is not called', async () => {
    expect(await ask((_name, kind) => (kind === 'A' ? ['127.0.0.1'] : [nobodys]))).toEqual({ fault: 'private-address' })
    expect(knocks).toBe(0)
  })

  test('that is public when it is looked at and private a moment later leads nowhere', async () => {
    const fetched = await ask((_name, kind, before) => (before === 0 ? [nobodys] : kind === 'A' ? ['127.0.0.1'] : ['::1']))
    expect(fetched).toHaveProperty('fault')
    expect([names?.asked.toSorted(), knocks]).toEqual([['A rp.example.vn', 'AAAA rp.example.vn'], 0])
  })

  test('that nobody has is said so', async () => {
    expect(await ask(() => [])).toEqual({ fault: 'no-such-name' })
  })

  test('whose name server is silent is waited for no longer than a host', async () => {
    expect(await ask(undefined)).toHaveProperty('fault')
  })
})

describe('P20: a host', () => {
  let site: Site
  beforeEach(async () => {
    site = await startSite(json({ keys: [] }))
  })
  afterEach(() => site.close())

  const fetchFrom = (path: string, { allowed = ['localhost'], purpose = 'keys' }: { allowed?: readonly string[]; purpose?: Purpose } = {}) =>
    guardedFetch({ allowed, clock: systemClock })(new URL(path, site.at), purpose, purpose === 'keys' ? {} : { method: 'POST', body: 'word=said' })

  test('that is listed may be private and without TLS; the same one by another name may not', async () => {
    expect(await fetchFrom('/keys')).toHaveProperty('answer.status', 200)
    expect(await fetchFrom('/keys', { allowed: ['127.0.0.1'] })).toEqual({ fault: 'not-https' })
    expect(site.asked).toEqual(['GET /keys'])
  })

  test('that leads elsewhere is not followed', async () => {
    site.answers((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    expect(await fetchFrom('/keys')).toHaveProperty('answer.status', 302)
    expect(site.asked).toEqual(['GET /keys'])
  })

  test('that says too much is read to 64 kB', async () => {
    site.answers((_request, response) => response.end('x'.repeat(65_536)))
    expect(await fetchFrom('/keys')).toHaveProperty('answer')
    site.answers((_request, response) => response.end('x'.repeat(65_537)))
    expect(await fetchFrom('/keys')).toEqual({ fault: 'too-large' })
  })

  test('that never ends its answer is left', async () => {
    site.answers((_request, response) => {
      response.write('{')
    })
    expect(await fetchFrom('/keys')).toEqual({ fault: 'too-slow' })
  })

  test('that never answers is left', async () => {
    site.answers(() => undefined)
    expect(await fetchFrom('/keys')).toEqual({ fault: 'too-slow' })
  })

  test('that is sent a message is heard for its status alone', async () => {
    let body = ''
    let hungUp = Promise.resolve()
    site.answers((request, response) => {
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        response.writeHead(200)
        const more = setInterval(() => response.write('x'.repeat(65_536)), 1)
        hungUp = new Promise((closed) => response.on('close', () => {
          clearInterval(more)
          closed()
        }))
      })
    })
    expect(await fetchFrom('/logout', { purpose: 'message' })).toHaveProperty('answer.status', 200)
    await hungUp
    expect(body).toBe('word=said')
  })

  test('that failed five times is left alone until it has rested, whatever else the same host does well', async () => {
    let now = new Date()
    const fetch = guardedFetch({ allowed: ['localhost'], clock: { now: () => now } })
    const keys = () => fetch(new URL('/keys', site.at), 'keys')
    site.answers((_request, response) => response.writeHead(503).end())
    for (let time = 0; time < 5; time += 1) expect(await keys()).toHaveProperty('answer.status', 503)
    expect(await keys()).toEqual({ fault: 'resting' })
    expect(await fetch(new URL('/logout', site.at), 'message', { method: 'POST' })).toHaveProperty('answer')

    now = new Date(now.getTime() + 5000)
    site.answers(json({ keys: [] }))
    const probes = await Promise.all([keys(), keys(), keys()])
    expect(probes.filter((fetched) => 'answer' in fetched)).toHaveLength(1)
    expect(await keys()).toHaveProperty('answer.status', 200)
  })
})
