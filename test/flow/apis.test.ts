import { decodeJwt, decodeProtectedHeader, createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { arrive, assertionOf, enrol, post, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty, type SignedIn } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const label = { vi: 'Xem hồ sơ', en: 'Read files' }
const files = { identifier: 'https://files.example/api', scopes: [{ name: 'files', label }, { name: 'files.write', label: { vi: 'Sửa hồ sơ', en: 'Change files' } }] }
const money = { identifier: 'https://money.example', scopes: [{ name: 'payments', label: { vi: 'Lập lệnh chuyển tiền', en: 'Set up payments' } }], access_token: 'jwt', access_token_signing_alg: 'PS256', access_token_seconds: 60 }
const service = { redirect_uris: [], response_types: [], grant_types: [] }
const clients = {
  portal: testClient({ name: 'portal', profile: 'fapi2', metadata: { resources: [files.identifier, money.identifier], grant_types: ['authorization_code', 'client_credentials', 'refresh_token'], authorization_details_types: ['vn_document_access', 'vn_payment_confirmation'] } }),
  stranger: testClient({ name: 'stranger' }),
  leaver: testClient({ name: 'leaver', metadata: { resources: [files.identifier] } }),
  files: testClient({ name: 'files', metadata: { ...service, resource_server: files, introspection_signed_response_alg: 'ES256' } }),
  money: testClient({ name: 'money', metadata: { ...service, resource_server: money } }),
}

let server: TestServer
let someone: Enrolled
const services = new Map<string, RelyingParty>()
const party = (name: keyof typeof clients): Party => clients[name].party(server.issuer)
function at(name: keyof typeof clients): RelyingParty {
  const found = services.get(name)
  if (found === undefined) throw new Error(name)
  return found
}

beforeAll(async () => {
  server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
  for (const name of ['portal', 'stranger', 'leaver', 'files', 'money'] as const) services.set(name, await makeRelyingParty(party(name)))
  someone = await enrol(server, at('stranger'))
})
afterAll(() => server.close())

/** Signs in with a token for an API. */
async function tokenFor(resource: string, parameters: Record<string, string>): Promise<SignedIn & { page: string }> {
  const { url, checks } = await at('portal').begin({ resource, ...parameters })
  const page = await someone.visitor.open(url)
  const { url: answer } = await arrive(someone.visitor, page, someone.citizen)
  return { ...(await at('portal').finish(answer, checks, { resource })), page: page.text }
}

describe('resource indicators (RFC 8707)', () => {
  test('a person is told which API is used and for what, by the name of whoever runs it', async () => {
    const { page } = await tokenFor(files.identifier, { scope: 'openid files' })
    expect(page).toContain('Xem hồ sơ')
    expect(page).toContain('Cơ quan files')
    expect(page).not.toContain('Sửa hồ sơ')
  })

  test('more scopes of the same API are asked again; the same are not', async () => {
    const { page } = await tokenFor(files.identifier, { scope: 'openid files files.write' })
    expect(page).toContain('Sửa hồ sơ')
    const again = await at('portal').begin({ resource: files.identifier, scope: 'openid files files.write' })
    expect((await someone.visitor.open(again.url)).url.searchParams.has('code')).toBe(true)
  })

  test('an API that is not registered, or not for this client, ends in invalid_target', async () => {
    const told = (resource: string, name: keyof typeof clients) => at(name).begin({ resource, scope: 'openid files' })
    await expect(told('https://nowhere.example', 'portal')).rejects.toMatchObject({ error: 'invalid_target' })
    await expect(told(files.identifier, 'stranger')).rejects.toMatchObject({ error: 'invalid_target' })
  })

  test('a token for an API opens no UserInfo, and a token for UserInfo is nothing to the API', async () => {
    const { tokens } = await tokenFor(files.identifier, { scope: 'openid files' })
    await expect(at('portal').call(new URL('/userinfo', server.issuer), tokens.access_token)).rejects.toMatchObject({ status: 403 })
    const own = await signIn(at('portal'), someone)
    expect(await at('files').introspect(own.tokens.access_token)).toEqual({ active: false })
  })
})

describe('access tokens', () => {
  test('RFC 9068: a JWT says for whom, by whom, for how long and how the person signed in, and is signed by a published key', async () => {
    const { tokens, claims } = await tokenFor(money.identifier, { scope: 'openid payments' })
    const { payload, protectedHeader } = await jwtVerify(tokens.access_token, createRemoteJWKSet(new URL('/jwks', server.issuer)), { issuer: server.issuer, audience: money.identifier, typ: 'at+jwt' })
    expect(protectedHeader.alg).toBe('PS256')
    expect(payload).toMatchObject({
      client_id: 'portal', scope: 'payments', sub: claims.sub, acr: 'urn:vn:eid:loa:2', auth_time: claims['auth_time'], cnf: { jkt: expect.any(String) }, jti: expect.any(String),
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60)
    expect(Object.keys(payload)).not.toContain('name')
  })

  test('RFC 7662: an opaque one is told to its API and its client, and to nobody else', async () => {
    const { tokens, claims } = await tokenFor(files.identifier, { scope: 'openid files' })
    expect(tokens.access_token).not.toContain('.')
    const told = await at('files').introspect(tokens.access_token)
    expect(told).toMatchObject({ active: true, aud: files.identifier, client_id: 'portal', scope: 'files', sub: claims.sub, acr: 'urn:vn:eid:loa:2', iss: server.issuer, cnf: { jkt: expect.any(String) }, token_type: 'DPoP' })
    expect(await at('portal').introspect(tokens.access_token)).toMatchObject({ active: true })
    for (const name of ['money', 'stranger'] as const) expect(await at(name).introspect(tokens.access_token)).toEqual({ active: false })
    await at('portal').revoke(tokens.access_token)
    expect(await at('files').introspect(tokens.access_token)).toEqual({ active: false })
  })

  test('RFC 9701: an API that wants it gets the answer signed, for itself', async () => {
    const { tokens } = await tokenFor(files.identifier, { scope: 'openid files' })
    const response = await fetch(`${server.issuer}/introspect`, {
      method: 'POST', body: new URLSearchParams({ token: tokens.access_token, ...(await assertionOf(party('files'))) }), headers: { accept: 'application/token-introspection+jwt' },
    })
    expect(response.headers.get('content-type')).toContain('application/token-introspection+jwt')
    const jwt = await response.text()
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'ES256', typ: 'token-introspection+jwt' })
    expect(decodeJwt(jwt)).toMatchObject({ iss: server.issuer, token_introspection: { active: true, client_id: 'portal' } })
  })

  test('W12: of somebody who is locked are active for no API', async () => {
    const held = await enrol(server, at('stranger'))
    const { url, checks } = await at('portal').begin({ resource: files.identifier, scope: 'openid files' })
    const { url: answer } = await arrive(held.visitor, await held.visitor.open(url), held.citizen)
    const { tokens } = await at('portal').finish(answer, checks, { resource: files.identifier })
    expect(await at('files').introspect(tokens.access_token)).toMatchObject({ active: true })
    const person = await server.house.registry.findByNumber(personalNumber.parse(held.citizen.number))
    const account = person && (await server.house.accounts.findByPerson(person.id))
    if (account === undefined) throw new Error('an account')
    await server.house.accounts.move(account.id, { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    expect(await at('files').introspect(tokens.access_token)).toEqual({ active: false })
  })

  test('of a service are its own: no person, no ID token, only what its registration names', async () => {
    const token = await at('portal').ownToken({ resource: files.identifier, scope: 'files' })
    expect(token.id_token).toBeUndefined()
    expect(await at('files').introspect(token.access_token)).toMatchObject({ active: true, client_id: 'portal', scope: 'files' })
    const told = await at('files').introspect(token.access_token)
    expect(told.sub).toBeUndefined()
    const refused = await post(`${server.issuer}/token`, { grant_type: 'client_credentials', ...(await assertionOf(party('stranger'))) })
    expect(refused.json).toMatchObject({ error: 'invalid_request', error_description: 'requested grant type is not allowed for this client' })
  })

  test('of a service whose registration has ended are not active (RFC 7662 §2.2)', async () => {
    const { url, checks } = await at('leaver').begin({ resource: files.identifier, scope: 'openid files' })
    const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
    const { tokens } = await at('leaver').finish(answer, checks, { resource: files.identifier })
    expect(await at('files').introspect(tokens.access_token)).toMatchObject({ active: true, client_id: 'leaver' })
    const leaver = await server.house.clients.find(clientId.parse('leaver'))
    if (leaver === undefined) throw new Error('a client')
    await server.house.clients.put({ ...leaver, own: { ...leaver.own, ends_on: '2020-12-31' } })
    // A process remembers clients for five seconds.
    const told = () => at('files').introspect(tokens.access_token).then(({ active }) => active, () => 'refused')
    await expect.poll(told, { timeout: 15_000 }).toBe(false)
  })
})

describe('P16: authorization details (RFC 9396)', () => {
  const papers = { type: 'vn_document_access', actions: ['read'], documents: ['driving-licence', 'birth-certificate'], locations: [files.identifier] }
  const payment = { type: 'vn_payment_confirmation', instructedAmount: { currency: 'VND', amount: '1250000.50' }, creditorName: 'TRẦN THỊ B', creditorAccount: { number: '9876543210' } }
  const asked = (...details: readonly object[]) => ({ authorization_details: JSON.stringify(details) })

  test('are shown in words and come back in the token of their API', async () => {
    const { page, tokens } = await tokenFor(files.identifier, { scope: 'openid files', ...asked(papers) })
    expect(page).toContain('Giấy phép lái xe, giấy khai sinh')
    expect(page).toMatch(/Thực hiện tại<\/dt>\s*<dd>Cơ quan files</)
    expect(tokens['authorization_details']).toEqual([papers])
    expect(await at('files').introspect(tokens.access_token)).toMatchObject({ authorization_details: [papers] })
  })

  test('are confirmed each time, however alike', async () => {
    for (const round of [1, 2]) {
      const { page } = await tokenFor(files.identifier, { scope: 'openid files', ...asked(papers) })
      expect(page, String(round)).toContain('Giấy phép lái xe')
    }
  })

  test('reach only the API that they name, and the next sign-in without them has none', async () => {
    const { tokens } = await tokenFor(money.identifier, { scope: 'openid payments', ...asked(payment, papers) })
    expect(decodeJwt(tokens.access_token)['authorization_details']).toEqual([payment])
    const next = await tokenFor(money.identifier, { scope: 'openid payments' })
    expect(decodeJwt(next.tokens.access_token)['authorization_details']).toBeUndefined()
  })

  test('nobody confirmed can be asked for later', async () => {
    const { url, checks } = await at('portal').begin({ resource: money.identifier, scope: 'openid payments', ...asked(payment) })
    const { url: answer } = await arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)
    const more = { ...payment, instructedAmount: { currency: 'VND', amount: '99000000' } }
    await expect(at('portal').finish(answer, checks, { resource: money.identifier, ...asked(more) })).rejects.toMatchObject({ error: 'invalid_authorization_details' })
    await expect(at('portal').ownToken({ resource: money.identifier, ...asked(payment) })).rejects.toMatchObject({ error: 'invalid_authorization_details' })
  })

  const broken: Record<string, unknown> = {
    'of a type nobody registered': [{ type: 'open_sesame' }],
    'with a field too many': [{ ...payment, urgent: true }],
    'with a field too few': [{ type: 'vn_payment_confirmation' }],
    'with an amount that is none': [{ ...payment, instructedAmount: { currency: 'VND', amount: '1e9' } }],
    'with an amount of nothing': [{ ...payment, instructedAmount: { currency: 'VND', amount: '0.00' } }],
    'with text that turns the line': [{ ...payment, creditorName: 'AN\u202eNÊY' }],
    'with a line break': [{ ...payment, creditorName: 'AN\nSố tiền: 1 đ' }],
    'that are no list': payment,
    'eleven of them': Array(11).fill(payment),
    'nested': [[payment]],
    'of a kind of paper nobody has': [{ ...papers, documents: ['diary'] }],
    'for a place that the client has nothing to do with': [{ ...papers, locations: [files.identifier, 'https://api.elsewhere.example'] }],
    'with the name of an object’s own': [{ type: 'constructor' }],
  }
  test.each(Object.entries(broken))('%s are refused', async (_name, details) => {
    await expect(at('portal').begin({ resource: money.identifier, scope: 'openid payments', authorization_details: JSON.stringify(details) }))
      .rejects.toMatchObject({ error: 'invalid_authorization_details' })
  })

  test('of a type that the client did not register are refused', async () => {
    await expect(at('stranger').begin({ scope: 'openid', ...asked(payment) })).rejects.toMatchObject({ error: expect.stringMatching(/invalid_(authorization_details|target)/) })
  })
})
