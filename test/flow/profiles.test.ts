import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arrive, assertionOf, authorization, enrol, get, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const api = {
  identifier: 'https://api.bank.example',
  scopes: [{ name: 'payments', label: { vi: 'Lập lệnh chuyển tiền', en: 'Set up payments' } }],
  access_token: 'jwt',
}
const clients = {
  portal: testClient({ name: 'portal' }),
  bank: testClient({ name: 'bank', profile: 'fapi2', metadata: { resources: [api.identifier], grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] } }),
  signing: testClient({ name: 'signing', profile: 'fapi2-ms', metadata: { resources: [api.identifier], authorization_details_types: ['vn_payment_confirmation'] } }),
  api: testClient({ name: 'api', metadata: { resource_server: api, redirect_uris: [], response_types: [], grant_types: [] } }),
  ended: testClient({ name: 'ended', metadata: { ends_on: '2020-12-31' } }),
}

let server: TestServer
let someone: Enrolled
let bank: RelyingParty
let signing: RelyingParty
const party = (name: keyof typeof clients): Party => clients[name].party(server.issuer)

beforeAll(async () => {
  server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
  someone = await enrol(server, await makeRelyingParty(party('portal')))
  bank = await makeRelyingParty(party('bank'))
  signing = await makeRelyingParty(party('signing'))
})
afterAll(() => server.close())

describe('a fapi2 client', () => {
  test('signs people in with pushed requests and proofs of possession, and its tokens are bound to its key', async () => {
    const signedIn = await signIn(bank, someone)
    expect(signedIn.tokens.token_type).toBe('dpop')
    expect((await bank.userinfo(signedIn)).sub).toBe(signedIn.claims.sub)
    const asBearer = await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${signedIn.tokens.access_token}` })
    expect(asBearer.status).toBe(401)
    const another = await makeRelyingParty(party('bank'))
    await expect(another.userinfo(signedIn)).rejects.toMatchObject({ status: 401 })
  })

  test('is refused without a pushed request and without a proof', async () => {
    const { url } = await bank.begin({}, { pushed: false })
    const answer = new URL((await get(url.href)).headers.get('location') ?? '')
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({ error: 'invalid_request', error_description: 'Pushed Authorization Request must be used' })
    const told = await post(`${server.issuer}/token`, { grant_type: 'client_credentials', ...(await assertionOf(party('bank'))) })
    expect(told.json).toMatchObject({ error: 'invalid_grant', error_description: 'DPoP proof JWT not provided' })
  })

  test('P08: proves itself to our issuer and not to an endpoint', async () => {
    const told = await post(`${server.issuer}/par`, { ...authorization(party('bank')), ...(await assertionOf(party('bank'), { aud: `${server.issuer}/par` })) })
    expect([told.status, told.json['error']]).toEqual([401, 'invalid_client'])
  })

  test('holds a token of its own for an API that its registration names, and for no other', async () => {
    const token = await bank.ownToken({ resource: api.identifier, scope: 'payments' })
    expect(decodeProtectedHeader(token.access_token)['typ']).toBe('at+jwt')
    expect(decodeJwt(token.access_token)).toMatchObject({ aud: api.identifier, client_id: 'bank', scope: 'payments', cnf: { jkt: expect.any(String) } })
    await expect(bank.ownToken({ resource: 'https://api.other.example' })).rejects.toMatchObject({ error: 'invalid_target' })
  })
})

describe('a fapi2-ms client', () => {
  test('sends signed requests and hears signed answers', async () => {
    const { claims, tokens } = await signIn(signing, someone)
    expect(claims.sub).toMatch(/^[a-z2-7]{52}$/)
    expect(tokens.token_type).toBe('dpop')
    const told = await post(`${server.issuer}/par`, { ...authorization(party('signing')), ...(await assertionOf(party('signing'))) })
    expect(told.json).toMatchObject({ error: 'invalid_request', error_description: 'Request Object must be used by this client' })
  })

  test('has a payment confirmed with its amount and payee in words, and hears back what was confirmed', async () => {
    const payment = {
      type: 'vn_payment_confirmation', instructedAmount: { currency: 'VND', amount: '50000000' },
      creditorName: 'NGUYỄN VĂN AN', creditorAccount: { number: '0123456789', bank: 'Ngân hàng Thử' },
    }
    const { url, checks } = await signing.begin({ authorization_details: JSON.stringify([payment]), scope: 'openid payments' })
    const page = await someone.visitor.open(url)
    expect(page.text).toContain('50.000.000')
    expect(page.text).toContain('NGUYỄN VĂN AN')
    const { url: answer } = await arrive(someone.visitor, page, someone.citizen)
    const { tokens } = await signing.finish(answer, checks, { resource: api.identifier })
    expect(tokens['authorization_details']).toEqual([payment])
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: api.identifier, authorization_details: [payment], acr: 'urn:vn:eid:loa:2' })
  })
})

describe('a baseline client', () => {
  test('is refused after its last day, and hears which day that was', async () => {
    const told = await post(`${server.issuer}/par`, { ...authorization(party('ended')), ...(await assertionOf(party('ended'))) })
    expect(told.json).toMatchObject({ error: 'invalid_client', error_description: expect.stringContaining('2020-12-31') })
  })
})
