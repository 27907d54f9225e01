import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agree, register, tap } from '#test/support/citizen.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal', profile: 'fapi2' })
const tax = testClient({ name: 'tax', proof: 'client_secret_basic' })

describe.each(engines)('signing in, on %s', (engine) => {
  let server: TestServer
  let atPortal: RelyingParty
  let atTax: RelyingParty

  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [portal.metadata, tax.metadata] })
    atPortal = await makeRelyingParty(portal.party(server.issuer))
    atTax = await makeRelyingParty(tax.party(server.issuer))
  })
  afterAll(() => server.close())

  test('a person of the registry registers, agrees and arrives; a second service needs no prompt; a new visit is one tap', async () => {
    const person = server.nextPerson()
    const citizen = server.citizen(person)
    const visitor = makeVisitor({ leaveAt })

    const first = await atPortal.begin({ scope: 'openid profile vn_identity' })
    const signInPage = await visitor.open(first.url)
    expect(signInPage.status).toBe(200)
    const arrived = await agree(visitor, await register(visitor, signInPage, citizen))
    expect(arrived.url.pathname).toBe('/portal/callback')
    const signedIn = await atPortal.finish(arrived.url, first.checks)
    expect(signedIn.claims).toMatchObject({ acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'] })
    expect(signedIn.claims['sid']).toEqual(expect.any(String))
    expect(signedIn.claims['auth_time']).toEqual(expect.any(Number))

    const about = await atPortal.userinfo(signedIn)
    expect(about).toMatchObject({ sub: signedIn.claims.sub, name: person.name, birthdate: person.birthDate, vn_personal_id: person.number })

    const second = await atTax.begin()
    const silent = await visitor.open(second.url)
    expect(silent.url.pathname).toBe('/tax/callback')
    const atSecond = await atTax.finish(silent.url, second.checks)
    expect(atSecond.claims.sub).not.toBe(signedIn.claims.sub)

    const later = makeVisitor({ leaveAt })
    const again = await atPortal.begin({ scope: 'openid profile vn_identity' })
    const back = await tap(later, await later.open(again.url), citizen.authenticator)
    const third = await atPortal.finish(back.url, again.checks)
    expect(third.claims.sub).toBe(signedIn.claims.sub)
  })
})
