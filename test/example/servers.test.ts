import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agree, fillIn, register, tap, type Citizen } from '#test/support/citizen.ts'
import { describeWith, startWorld, type Example, type World } from '#test/support/example.ts'
import { arrive, isSignIn } from '#test/support/journey.ts'
import { makeVisitor, type Visitor } from '#test/support/visitor.ts'

/** The examples that are servers, each as its own process; one person visits them all. */
let world: World
let citizen: Citizen
let visitor: Visitor

beforeAll(async () => {
  world = await startWorld()
  citizen = world.server.citizen(world.server.nextPerson())
  visitor = makeVisitor({ leaveAt: () => false })
})
afterAll(() => world.close())

/** From the example's own page to the e-ID and back, with an account that is opened at the first visit. */
async function signIn(site: Example) {
  const page = await visitor.open(`${site.origin}/sign-in`)
  const isNew = citizen.authenticator.credentials.length === 0
  return isNew ? agree(visitor, await register(visitor, page, citizen)) : arrive(visitor, page, citizen)
}

async function signOut(site: Example) {
  return fillIn(visitor, await visitor.open(`${site.origin}/sign-out`), '/end-session/confirm', { logout: 'yes' })
}

describe('the Node example', () => {
  /** Older than this many seconds a sign-in is to the API. */
  const maxAge = 10
  let site: Example
  let api: Example
  beforeAll(async () => {
    api = await world.start('api', () => [process.execPath, 'api.js'], { MAX_AGE: String(maxAge) })
    site = await world.start('node', () => [process.execPath, 'app.js'], { API: api.origin })
  })

  test('signs somebody in with the profile fapi2, with a key that it made itself', async () => {
    const home = await signIn(site)
    expect(home.url.href).toBe(`${site.origin}/`)
    expect(home.text).toContain(citizen.name)
    expect(await site.told('userinfo')).toMatchObject({
      claims: { aud: 'example-node', acr: 'urn:vn:eid:loa:2', iss: world.server.issuer },
      userinfo: { name: citizen.name, birthdate: citizen.birthDate },
    })
  })

  test('asks again at the next try when somebody turned back before the API was allowed, and keeps their name', async () => {
    for (const round of ['first', 'second']) {
      const page = await visitor.open(`${site.origin}/files`)
      expect([round, page.url.origin]).toEqual([round, world.server.issuer])
    }
    expect((await visitor.open(site.origin)).text).toContain(citizen.name)
  })

  test('P14: reads what an API wants of the sign-in, and asks the person again (RFC 9470)', async () => {
    await pause((maxAge + 1) * 1000)
    const page = await agree(visitor, await visitor.open(`${site.origin}/files`))
    expect(await api.told('insufficient_user_authentication')).toEqual({ status: 401, error: 'insufficient_user_authentication' })
    expect(isSignIn(page)).toBe(true)
    const files = await agree(visitor, await tap(visitor, page, citizen.authenticator))
    expect(JSON.parse(files.text)).toMatchObject({ files: [expect.stringContaining('the file of ')], acr: 'urn:vn:eid:loa:2' })
    expect((await visitor.open(site.origin)).text).toContain(citizen.name)
  })

  test('has an API that takes no token but its own', async () => {
    const answer = await fetch(`${api.origin}/files`, { headers: { authorization: 'DPoP nothing' } })
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'DPoP error="invalid_token", algs="ES256"'])
  })

  test('signs out of itself and of the e-ID', async () => {
    expect((await signOut(site)).url.href).toBe(`${site.origin}/`)
    expect(isSignIn(await visitor.open(`${site.origin}/sign-in`))).toBe(true)
  })

  test('says why when the person does not want to', async () => {
    const page = await visitor.open(`${site.origin}/sign-in`)
    const end = await fillIn(visitor, page, '/cancel')
    expect([end.status, end.text]).toEqual([502, expect.stringContaining('did not succeed')])
    expect(await site.told('error')).toMatchObject({ error: 'access_denied' })
  })
})

describeWith('python')('the Python example', () => {
  let site: Example
  beforeAll(async () => {
    site = await world.start('python', () => ['/usr/bin/python3', '-B', 'app.py'])
  })

  test('signs in with a key that it made itself, more than once, and out again', async () => {
    for (const round of ['first', 'second']) {
      const home = await signIn(site)
      expect([round, home.url.href]).toEqual([round, `${site.origin}/`])
      expect(home.text).toContain(citizen.name)
      expect(await site.told('userinfo')).toMatchObject({ claims: { aud: 'example-python' }, userinfo: { name: citizen.name } })
    }
    expect((await signOut(site)).url.href).toBe(`${site.origin}/`)
  })
})

describeWith('php')('the PHP example', () => {
  let site: Example
  beforeAll(async () => {
    site = await world.start('php', (port) => ['php', '-S', `localhost:${port}`, 'index.php'])
  })

  test('signs in with a secret, checks the signature of the ID token, and signs out again', async () => {
    const home = await signIn(site)
    expect(home.url.href).toBe(`${site.origin}/`)
    expect(home.text).toContain(citizen.name)
    expect(await site.told('userinfo')).toMatchObject({ claims: { aud: 'example-php' }, userinfo: { name: citizen.name } })
    expect((await signOut(site)).url.href).toBe(`${site.origin}/`)
  })
})
