import { describe, expect, test } from 'vitest'
import { createSecretKey, randomBytes } from 'node:crypto'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import Koa from 'koa'
import { systemClock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { makeDoor } from '#app/door/line.ts'
import { makeCookieSigner } from '#keys/cookies.ts'
import { showSignIn, signInShown } from '#oidc/sign-in-cookie.ts'
import type { Work } from '#domain/abuse/admission.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { LineStore, Ticket } from '#domain/abuse/line.ts'
import { makeMetrics } from '#observe/metrics.ts'
import { embeddedVolatile } from '#storage/embedded/volatile.ts'
import { lineStore } from '#storage/line.ts'
import { silentLog } from '#test/support/silent-log.ts'
import { admitWork } from '#web/admission.ts'
import { tellProblems } from '#web/problem/answer.ts'
import { knownNetworks } from '#web/request/known-networks.ts'
import { keepTicket, readTicket } from '#web/request/ticket.ts'
import { workOf } from '#web/request/work.ts'

const of = (method: string, path: string, shown: Parameters<typeof workOf>[1] = {}, query: Record<string, string> = {}) => workOf({ method, path, query }, shown)

describe('R09: which work a request is part of', () => {
  test.each<[method: string, path: string, work: ReturnType<typeof workOf>]>([
    ['POST', '/token', 'claimed'], ['GET', '/userinfo', 'claimed'], ['POST', '/introspect', 'claimed'], ['POST', '/revoke', 'claimed'],
    ['GET', '/authorize/abc', 'claimed'], ['GET', '/interaction/abc', 'claimed'], ['POST', '/interaction/abc/passkey', 'claimed'], ['POST', '/interaction/abc/register/code', 'claimed'],
    ['GET', '/end-session', 'claimed'], ['POST', '/thiet-bi', 'claimed'], ['GET', '/mat-thiet-bi', 'claimed'],
    ['GET', '/authorize', 'beginning'], ['POST', '/par', 'beginning'], ['POST', '/interaction/abc/register', 'beginning'], ['POST', '/backchannel-authentication', 'beginning'],
    ['POST', '/device-authorization', 'beginning'], ['POST', '/register', 'beginning'],
    ['GET', '/quan-tri', 'aside'], ['GET', '/tai-khoan', 'aside'], ['GET', '/api/v1/clients', 'aside'], ['GET', '/nowhere', 'aside'],
    ['GET', '/.well-known/openid-configuration', undefined], ['GET', '/jwks', undefined], ['GET', '/livez', undefined], ['GET', '/readyz', undefined], ['GET', '/tro-giup', undefined],
    ['OPTIONS', '/token', undefined],
    // Sent on by GET, where it is counted.
    ['POST', '/authorize', undefined],
  ])('%s %s by anybody', (method, path, work) => expect(of(method, path)).toBe(work))

  test.each<[method: string, path: string, work: ReturnType<typeof workOf>]>([
    ['GET', '/interaction/abc', 'finishing'], ['POST', '/interaction/abc/passkey', 'finishing'], ['GET', '/authorize/abc', 'finishing'], ['POST', '/interaction/abc/register', 'beginning'],
  ])('%s %s by whoever shows the cookie of that sign-in', (method, path, work) => expect(of(method, path, { signIn: 'abc' })).toBe(work))

  test.each<[method: string, path: string, work: ReturnType<typeof workOf>]>([
    ['POST', '/token', 'finishing'], ['GET', '/userinfo', 'finishing'], ['POST', '/par', 'sending'], ['POST', '/backchannel-authentication', 'sending'], ['POST', '/device-authorization', 'sending'],
    ['GET', '/authorize', 'beginning'], ['POST', '/register', 'beginning'], ['POST', '/interaction/abc/register', 'beginning'], ['GET', '/interaction/abc', 'claimed'], ['GET', '/quan-tri', 'aside'],
  ])('%s %s from where a service has proved itself', (method, path, work) => expect(of(method, path, { isKnown: true })).toBe(work))

  test('what could be a reference that we gave comes before who comes anew, and any other text does not', () => {
    const asked = (request_uri: string) => of('GET', '/authorize', {}, { client_id: 'x', request_uri })
    expect([asked(`urn:ietf:params:oauth:request_uri:${'y'.repeat(43)}`), asked('urn:ietf:params:oauth:request_uri:y'), asked('https://evil.example/x'), asked('')]).toEqual(['pushed', 'beginning', 'beginning', 'beginning'])
  })
})

describe('a browser in the middle of a sign-in', () => {
  const cookieSigner = makeCookieSigner([createSecretKey(randomBytes(32))])
  let now = 1_795_000_000
  const clock = { now: () => new Date(now * 1000) }
  const names = { cookieName: 'eid', issuer: 'https://id.example', clock } as const
  const shown = signInShown({ cookieSigner, ...names })
  function given(signer = cookieSigner, more = {}): string[] {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    showSignIn({ cookieSigner: signer, ttl: { interaction: 3600 }, ...names, ...more })(response, 'abc', ['/interaction/abc', '/authorize/abc'])
    return [response.getHeader('set-cookie') ?? []].flat().map(String)
  }
  const cookie = (kept = given()) => ({ headers: { cookie: `a=1; ${kept[0]?.split(';')[0]}; b=2` } })

  test('is given a cookie for the addresses of that sign-in alone', () => {
    expect(given().map((one) => one.replace(/=\d+\.[\w-]{43}/, '=…'))).toEqual(['/interaction/abc', '/authorize/abc'].map((path) => `__Secure-eid-under-way=…; Path=${path}; Max-Age=3600; HttpOnly; SameSite=Lax; Secure`))
    expect(given(cookieSigner, { issuer: 'http://localhost' })[0]).toMatch(/^eid-under-way=.*; SameSite=Lax$/)
  })

  test('is known by its signature, at every address of that very sign-in, for as long as one may last', () => {
    const kept = cookie()
    for (const path of ['/interaction/abc', '/interaction/abc/passkey', '/authorize/abc', '/thiet-bi/abc']) expect([path, shown(kept, path)]).toEqual([path, 'abc'])
    now += 3599
    expect(shown(kept, '/interaction/abc')).toBe('abc')
    now += 1
    expect(shown(kept, '/interaction/abc')).toBeUndefined()
  })

  test('is nobody who shows another, made it themselves, or gave it more time', () => {
    const others = makeCookieSigner([createSecretKey(randomBytes(32))])
    const [mine = ''] = given()
    const longer = [mine.replace(/=(\d+)\./, (_all, until) => `=${Number(until) + 1}.`)]
    for (const [one, path] of [
      [cookie(), '/interaction/abd'], [cookie(given(others)), '/interaction/abc'], [cookie(longer), '/interaction/abc'], [cookie([mine.replace('__Secure-', '')]), '/interaction/abc'],
      [cookie(), '/interaction/'], [{ headers: {} }, '/interaction/abc'], [{ headers: { cookie: '__Secure-eid-under-way=abc' } }, '/interaction/abc'], [cookie(), '/token'], [cookie(), '/interaction-abc'],
    ] as const) expect([path, shown(one, path)]).toEqual([path, undefined])
  })
})

test('networks in which services prove themselves are known for an hour, and the latest of them where there are very many', () => {
  let at = 0
  const known = knownNetworks({ now: () => new Date(at) })
  known.note('10.0.0')
  at = 3_599_000
  expect([known.has('10.0.0'), known.has('10.0.1')]).toEqual([true, false])
  at = 3_600_000
  expect(known.has('10.0.0')).toBe(false)
  for (let each = 0; each < 10_001; each += 1) known.note(`10.${each}`)
  expect([known.has('10.0'), known.has('10.1'), known.has('10.10000')]).toEqual([false, true, true])
  // Whoever was seen again just now is none of those that were seen longest ago.
  known.note('10.1')
  known.note('10.x')
  expect([known.has('10.1'), known.has('10.2'), known.has('10.3')]).toEqual([true, false, true])
})

describe('a place in the line', () => {
  const seal = { csrfKey: createSecretKey(randomBytes(32)), issuer: 'https://id.example' }
  const ticket: Ticket = { day: 20_784, number: 1240, givenAt: 1_795_000_000, mark: 'abcdefghijkl' }
  function kept(one: Ticket | undefined): string {
    const response = new ServerResponse(new IncomingMessage(new Socket()))
    keepTicket(seal, response, one)
    return String(response.getHeader('set-cookie'))
  }
  const shown = (cookie: string, by = seal) => readTicket(by, { headers: { cookie } })
  const cookie = kept(ticket).split(';')[0] ?? ''

  test('is kept by the browser for this address alone, and read again', () => {
    expect(kept(ticket)).toMatch(/; Path=\/authorize; Max-Age=7200; HttpOnly; SameSite=Lax; Secure$/)
    expect(shown(`other=1; ${cookie}; more=2`)).toEqual(ticket)
    expect(kept(undefined)).toContain('Max-Age=0')
  })

  test('is made by nobody but us, and cannot be moved forward', () => {
    const others = { ...seal, csrfKey: createSecretKey(randomBytes(32)) }
    expect(shown(cookie, others)).toBeUndefined()
    for (const forged of [cookie.replace('.1240.', '.1.'), cookie.replace('20784', '20785'), cookie.replace('abcdefghijkl', 'abcdefghijkm'), cookie.slice(0, -1), 'eid-line=', 'eid-line=1.1.1.x.y']) {
      expect([forged, forged === cookie, shown(forged)]).toEqual([forged, false, undefined])
    }
  })
})

describe('the door', () => {
  function open({ limits = { spend: async () => undefined }, lines = lineStore(embeddedVolatile({ clock: systemClock })) }: { limits?: Pick<Limits, 'spend'>; lines?: LineStore } = {}) {
    const csrfKey = createSecretKey(randomBytes(32))
    const metrics = makeMetrics()
    const { gate, line, refusals } = makeDoor({ lineStore: lines, places: 8, figures: metrics.gate, clock: systemClock, log: silentLog })
    const app = new Koa()
    app.use(tellProblems({ log: silentLog, csrfKey, problemNotes: { note: () => undefined } }))
    app.use(admitWork({ gate, line, refusals, csrfKey, issuer: 'https://id.example', signInShown: () => undefined, known: knownNetworks(systemClock), limits, shownBanners: { at: () => [] } }))
    app.use((ctx) => {
      ctx.body = 'inside'
      if (ctx.query['forged'] !== undefined) ctx.status = 400
    })
    const handle = app.callback()
    async function ask(query: string, { cookie = '', accept = 'text/html', path = '/authorize' } = {}) {
      const request = new IncomingMessage(new Socket())
      Object.assign(request, { method: 'GET', url: `${path}?client_id=x&${query}` })
      Object.assign(request.headers, { accept, cookie })
      const response = new ServerResponse(request)
      await handle(request, response)
      const kept = String(response.getHeader('set-cookie') ?? '')
      return { status: response.statusCode, ticket: /eid-line=[^;]+/.exec(kept)?.[0], again: response.getHeader('retry-after') }
    }
    /** Works and reasons of all that was told to come back, as the figures have them. */
    const told = async () => [...(await metrics.registry.getSingleMetricAsString('eid_work_refused_total')).matchAll(/\{work="([a-z]+)",reason="([a-z-]+)"\} (\d+)/g)].map(([, work, reason, count]) => `${work} ${reason} ${count}`)
    const hold = (work: Work, count: number) => Promise.all(Array.from({ length: count }, () => gate.enter(work, { network: '10.0.0' })))
    return { gate, line, ask, told, hold }
  }
  const pushed = `request_uri=urn:ietf:params:oauth:request_uri:${'y'.repeat(43)}`

  test('R09: whoever brings a pushed request, which is good for a minute, takes no number and goes in before the line', async () => {
    const { gate, line, ask } = open()
    const inside = await Promise.all(Array.from({ length: 4 }, () => gate.enter('pushed', { network: '10.0.0' })))
    expect(await ask(pushed)).toEqual({ status: 503, ticket: undefined, again: expect.stringMatching(/^[345]$/) })
    for (let ahead = 0; ahead < 500; ahead += 1) await line.give()
    const plain = await ask('scope=openid')
    expect(plain).toEqual({ status: 503, ticket: expect.stringContaining('eid-line='), again: expect.any(String) })
    for (const leave of inside) leave()
    expect([(await ask(pushed)).status, (await ask(pushed, { cookie: plain.ticket })).status, (await ask('scope=openid', { cookie: plain.ticket })).status]).toEqual([200, 200, 503])
    line.stop()
  })

  test('R09: where many wait, whoever shows references that nobody gave comes after those who do not', async () => {
    const { gate, ask } = open()
    for (let each = 0; each < 20; each += 1) await ask(`${pushed}&forged=1`)
    const inside = await Promise.all(Array.from({ length: 4 }, () => gate.enter('pushed', { network: '10.0.0' })))
    const forger = ask(pushed)
    await pause(10)
    const person = gate.enter('pushed', { network: '10.0.1' })
    inside[0]?.()
    expect([(await forger).status, typeof (await person)]).toEqual([503, 'function'])
  })

  test('R09: whoever is told to come back is counted once, by what it is part of and why', async () => {
    const { line, ask, told, hold } = open()
    expect((await ask('')).status).toBe(200)
    const [aside, references] = await Promise.all([hold('aside', 2), hold('pushed', 4)])
    expect([(await ask('', { path: '/tai-khoan' })).status, (await ask(pushed)).status]).toEqual([503, 503])
    expect(await told()).toEqual(['aside crowded 1', 'pushed crowded 1'])
    for (const leave of [...aside, ...references]) leave()
    for (let ahead = 0; ahead < 30; ahead += 1) await line.give()
    const mine = await ask('')
    await ask('', { cookie: mine.ticket })
    for (const shown of [{ accept: '*/*' }, { path: '/par' }]) await ask('prompt=none', shown)
    await ask(pushed, { accept: '*/*' })
    expect(await told()).toEqual(['aside crowded 1', 'pushed crowded 1', 'beginning in-line 2', 'beginning overtakes 1', 'pushed overtakes 1'])
    // Whoever is called and finds no place has theirs still.
    await expect.poll(() => line.isOpen(), { timeout: 8000 }).toBe(false)
    const called = await hold('called', 4)
    expect((await ask('', { cookie: mine.ticket })).ticket).toBeUndefined()
    for (const leave of called) leave()
    expect([(await ask('', { cookie: mine.ticket })).status, (await told()).at(-1)]).toEqual([200, 'called crowded 1'])
    line.stop()
  })

  test.each<[what: string, tools: Parameters<typeof open>[0]]>([
    ['its network has taken as many as people there could', { limits: { spend: async () => Promise.reject(new Problem('limit.exceeded')) } }],
    ['numbers cannot be had', { lines: { ...lineStore(embeddedVolatile({ clock: systemClock })), give: async () => Promise.reject(new Problem('service.unavailable')) } }],
  ])('R09: and so is whoever gets no number, since %s', async (_what, tools) => {
    const { ask, told, hold } = open(tools)
    await hold('beginning', 3)
    expect(await ask('')).toEqual({ status: 503, ticket: undefined, again: expect.any(String) })
    expect(await told()).toEqual(['beginning no-number 1'])
  })
})
