import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { agree, fillIn, tap } from '#test/support/citizen.ts'
import { arrive, enrol, get, isSignIn, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const loa = (level: number) => `urn:vn:eid:loa:${level}`
const clients = [
  testClient({ name: 'portal' }),
  testClient({ name: 'strict', metadata: { minimum_authentication_level: 3 } }),
  testClient({ name: 'proven', metadata: { minimum_account_level: 2 } }),
] as const

let server: TestServer
let portal: RelyingParty
let strict: RelyingParty
let proven: RelyingParty
let someone: Enrolled

beforeAll(async () => {
  server = await startServer({ clients: () => clients.map(({ metadata }) => metadata) })
  const [a, b, c] = clients
  portal = await makeRelyingParty(a.party(server.issuer))
  strict = await makeRelyingParty(b.party(server.issuer))
  proven = await makeRelyingParty(c.party(server.issuer))
  someone = await enrol(server, portal)
})
afterAll(() => server.close())

/** Where a request leads in a browser: an answer for the service, or a page. */
async function leads(at: RelyingParty, parameters: Record<string, string>, { visitor } = someone) {
  const { url, checks } = await at.begin(parameters)
  const stop = await visitor.open(url)
  return { stop, checks, said: stop.status === 0 ? Object.fromEntries(stop.url.searchParams) : { page: isSignIn(stop) ? 'sign-in' : 'other' } }
}

const stranger = (): Enrolled => ({ citizen: someone.citizen, visitor: makeVisitor({ leaveAt }) })
const acrClaim = (how: object) => ({ claims: JSON.stringify({ id_token: { acr: how } }) })

describe('P14: what cannot be reached', () => {
  const unreachable: Record<string, Record<string, string>> = {
    'level 3': { acr_values: loa(3) },
    'level 4': { acr_values: `${loa(4)} ${loa(3)}` },
    'a key bound to hardware': { acr_values: 'phrh' },
    'level 3, essential': acrClaim({ essential: true, value: loa(3) }),
    'one of two levels, essential': acrClaim({ essential: true, values: [loa(3), loa(4)] }),
    'something nobody knows, essential': acrClaim({ essential: true, value: 'urn:mace:incommon:iap:silver' }),
    'level 3, essential, though level 1 would do': { ...acrClaim({ essential: true, value: loa(3) }), acr_values: loa(1) },
  }

  test.each(Object.entries(unreachable))('%s is said at once and before anybody is asked anything', async (_name, wish) => {
    for (const who of [someone, stranger()]) {
      const { said, checks } = await leads(portal, wish, who)
      expect(said).toMatchObject({ error: 'unmet_authentication_requirements', state: checks.state, iss: server.issuer })
      expect(said).not.toHaveProperty('code')
    }
  })

  test('a service whose registered minimum nobody reaches hears the same', async () => {
    for (const who of [someone, stranger()]) expect((await leads(strict, {}, who)).said).toMatchObject({ error: 'unmet_authentication_requirements' })
  })

  test('an account below the level that a service needs is told to the service, after the person is known and has seen why', async () => {
    const who = stranger()
    const { stop, said } = await leads(proven, {}, who)
    expect(said).toEqual({ page: 'sign-in' })
    const told = await tap(who.visitor, stop, who.citizen.authenticator)
    expect(titleOf(told.text)).toContain('Dịch vụ này cần tài khoản mức 2')
    const { url } = await fillIn(who.visitor, told, '/cancel')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ error: 'unmet_authentication_requirements', iss: server.issuer })
  })
})

describe('P14: a request for an acr that cannot be read', () => {
  test.each([
    { essential: true, values: loa(4) }, { essential: true, value: 4 }, { essential: 'true', value: loa(4) }, { essential: true, values: [] }, 'urn:x', [loa(4)],
  ])('is refused and not dropped: %j', async (how) => {
    await expect(portal.begin({ claims: JSON.stringify({ id_token: { acr: how } }) })).rejects.toMatchObject({ error: 'invalid_request' })
  })

  test('claims nested without end are refused too', async () => {
    const deep = `{"id_token":{"name":${'{"value":'.repeat(5000)}1${'}'.repeat(5000)}}}`
    await expect(portal.begin({ claims: deep })).rejects.toMatchObject({ error: 'invalid_request' })
  })
})

describe('P14: what can be reached', () => {
  const reachable: Record<string, Record<string, string>> = {
    'a lower level is a floor': { acr_values: loa(1) },
    'the same level': { acr_values: loa(2) },
    'one of several': { acr_values: `${loa(4)} ${loa(2)}` },
    'an unknown value that is only a wish': { acr_values: 'urn:mace:incommon:iap:silver' },
    'essential and there': acrClaim({ essential: true, values: [loa(3), loa(2)] }),
    'a wish by claim': acrClaim({ value: loa(2) }),
  }
  test.each(Object.entries(reachable))('%s', async (_name, wish) => {
    expect((await signIn(portal, someone, wish)).claims).toMatchObject({ acr: loa(2) })
  })

  test.each<Record<string, string>>([{ acr_values: 'phr' }, { acr_values: `phr ${loa(2)}` }, acrClaim({ essential: true, values: [loa(3), 'phr'] })])(
    'phishing resistance is answered by its own name where it is named first: %j', async (wish) => {
      expect((await signIn(portal, someone, wish)).claims).toMatchObject({ acr: 'phr', amr: ['swk', 'user', 'mfa'] })
      expect((await signIn(portal, someone)).claims).toMatchObject({ acr: loa(2) })
    })
})

describe('P14: prompt', () => {
  test('none: an answer without a word where everything is settled, login_required where nobody is', async () => {
    expect((await leads(portal, { prompt: 'none' })).said).toHaveProperty('code')
    expect((await leads(portal, { prompt: 'none' }, stranger())).said).toMatchObject({ error: 'login_required', iss: server.issuer })
  })

  test('none: consent_required where a question is open', async () => {
    const { said } = await leads(portal, { prompt: 'none', scope: 'openid address' })
    expect(said).toMatchObject({ error: 'consent_required', iss: server.issuer })
  })

  test('login: the person signs in now, once, and the token says so', async () => {
    const { stop, checks, said } = await leads(portal, { prompt: 'login' })
    expect(said).toEqual({ page: 'sign-in' })
    const from = Math.floor(Date.now() / 1000)
    const { url } = await tap(someone.visitor, stop, someone.citizen.authenticator)
    expect(Number((await portal.finish(url, checks)).claims['auth_time'])).toBeGreaterThanOrEqual(from)
  })

  test('consent: asked again although it is remembered', async () => {
    const wish = { scope: 'openid profile' }
    await signIn(portal, someone, wish)
    expect((await leads(portal, wish)).said).toHaveProperty('code')
    const { stop, said } = await leads(portal, { ...wish, prompt: 'consent' })
    expect(said).toEqual({ page: 'other' })
    expect((await agree(someone.visitor, stop)).url.searchParams.has('code')).toBe(true)
  })
})

describe('P14: age', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() }))
  afterEach(() => void vi.useRealTimers())

  test('max_age=0 is a sign-in now; a sign-in young enough is enough; an old one is not', async () => {
    const who = await enrol(server, portal)
    expect((await leads(portal, { max_age: '60' }, who)).said).toHaveProperty('code')
    vi.setSystemTime(Date.now() + 61_000)
    expect((await leads(portal, { max_age: '60', prompt: 'none' }, who)).said).toMatchObject({ error: 'login_required' })
    expect((await leads(portal, { max_age: '600' }, who)).said).toHaveProperty('code')
    const { stop, checks, said } = await leads(portal, { max_age: '0' }, who)
    expect(said).toEqual({ page: 'sign-in' })
    const { url } = await arrive(who.visitor, stop, who.citizen)
    expect(Math.abs(Number((await portal.finish(url, checks)).claims['auth_time']) - Date.now() / 1000)).toBeLessThan(3)
  })

  test('S01: a session ends after 30 minutes of nothing', async () => {
    const who = await enrol(server, portal)
    vi.setSystemTime(Date.now() + 29 * 60_000)
    expect((await leads(portal, { prompt: 'none' }, who)).said).toHaveProperty('code')
    vi.setSystemTime(Date.now() + 31 * 60_000)
    expect((await leads(portal, { prompt: 'none' }, who)).said).toMatchObject({ error: 'login_required' })
  })

  test('S01: a session ends 12 hours after the sign-in, however much it is used', async () => {
    const who = await enrol(server, portal)
    for (let minutes = 0; minutes < 12 * 60 - 25; minutes += 25) {
      vi.setSystemTime(Date.now() + 25 * 60_000)
      expect((await leads(portal, { prompt: 'none' }, who)).said, `after ${minutes + 25} minutes`).toHaveProperty('code')
    }
    vi.setSystemTime(Date.now() + 25 * 60_000)
    expect((await leads(portal, { prompt: 'none' }, who)).said).toMatchObject({ error: 'login_required' })
  })
})

describe('P14: id_token_hint', () => {
  test('of this person is an answer, of another a sign-in, of nobody an error', async () => {
    const { tokens } = await signIn(portal, someone)
    const own = tokens.id_token ?? ''
    expect((await leads(portal, { id_token_hint: own, prompt: 'none' })).said).toHaveProperty('code')
    const other = await enrol(server, portal)
    expect((await leads(portal, { id_token_hint: own, prompt: 'none' }, other)).said).toMatchObject({ error: 'login_required' })
    expect((await leads(portal, { id_token_hint: own }, other)).said).toEqual({ page: 'sign-in' })
    const forged = await get(`${server.issuer}/authorize?client_id=portal&id_token_hint=${own.slice(0, -8)}AAAAAAAA&response_type=code&redirect_uri=${encodeURIComponent('http://localhost:1/portal/callback')}&scope=openid&code_challenge=${'a'.repeat(43)}&code_challenge_method=S256`)
    expect(forged.headers.get('location') ?? '').toContain('error=invalid_request')
  })
})
