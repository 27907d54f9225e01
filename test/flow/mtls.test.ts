import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asBytes, asEscapedPem, asJwk, makeAuthority, selfSigned, type Certified } from '#test/support/certificates.ts'
import { agree } from '#test/support/citizen.ts'
import { arrive, assertionOf, authorization, enrol, get, post, redemption, type Enrolled } from '#test/support/journey.ts'
import { json, startSite, type Site } from '#test/support/key-site.ts'
import { makeRelyingParty, type Party } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient, type TestClient } from '#test/support/test-clients.ts'
import { call, type Call } from '#test/support/tls-client.ts'

const root = makeAuthority('/C=VN/O=Root of banks')
const stranger = makeAuthority('/C=VN/O=Root of banks')
const subject = '/C=VN/O=Ngân hàng A/CN=rp'
const certified = {
  bank: root.issue({ subject, names: ['DNS.1=bank.example'] }),
  otherBank: root.issue({ subject: '/C=VN/O=Ngân hàng B/CN=rp' }),
  expired: root.issue({ subject, days: -1 }),
  forged: stranger.issue({ subject }),
  own: selfSigned({ subject: '/CN=self' }),
  unknown: selfSigned({ subject: '/CN=self' }),
  ownExpired: selfSigned({ subject: '/CN=self', days: -1 }),
}

let site: Site
let clients: Record<string, TestClient> = {}
const byCertificate = (name: string, metadata: Record<string, unknown>) =>
  testClient({ name, profile: 'fapi2', proof: 'none', metadata: { ...metadata, tls_client_certificate_bound_access_tokens: true } })
const makeClients = (): Record<string, TestClient> => ({
  portal: testClient({ name: 'portal' }),
  bank: byCertificate('bank', { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=rp,O=Ngân hàng A,C=VN' }),
  'by-name': byCertificate('by-name', { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'bank.example' }),
  self: byCertificate('self', { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [asJwk(certified.own), asJwk(certified.ownExpired)] } }),
  'self-by-uri': byCertificate('self-by-uri', { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks_uri: `${site.at}/keys` }),
  bound: testClient({ name: 'bound', profile: 'fapi2', metadata: { tls_client_certificate_bound_access_tokens: true } }),
})

/** Our own TLS, and a proxy of ours at one address of this machine. */
const proxy = '127.0.0.2'
let server: TestServer
let someone: Enrolled
const before = getCACertificates('default')

beforeAll(async () => {
  setDefaultCACertificates([...before, root.cert])
  site = await startSite(json({ keys: [asJwk(certified.own)] }, { 'cache-control': 'max-age=3600' }))
  clients = makeClients()
  const host = root.issue({ subject: '/CN=localhost', names: ['DNS.1=localhost'], use: 'serverAuth' })
  server = await startServer({
    clients: () => Object.values(clients).map(({ metadata }) => metadata),
    files: { host: host.cert, key: host.key, ca: root.cert },
    env: {
      TLS_CERT_FILE: 'host', TLS_KEY_FILE: 'key', TLS_CLIENT_CA_FILE: 'ca',
      TRUSTED_PROXIES: proxy, TLS_CLIENT_CERT_HEADER: 'Client-Cert', TLS_CLIENT_VERIFY_HEADER: 'Client-Verify', OUTBOUND_ALLOW: 'localhost',
    },
  })
  someone = await enrol(server, await makeRelyingParty(party('portal')))
})
afterAll(async () => {
  setDefaultCACertificates(before)
  await server.close()
  await site.close()
})

function party(name: string): Party {
  const client = clients[name]
  if (client === undefined) throw new Error(name)
  return client.party(server.issuer)
}

const push = (name: string, how: Call) => call(`${server.issuer}/par`, { ...how, fields: { ...authorization(party(name)), ...how.fields } })
async function pushed(name: string, how: Call): Promise<string> {
  const { status, json: told } = await push(name, how)
  return status === 201 ? 'taken' : `${status} ${String(told['error'])}`
}

/** As our proxy hands it on. */
const handed = (cert: string, verdict = 'SUCCESS'): Call => ({ from: proxy, headers: { 'client-cert': cert, 'client-verify': verdict } })
const through = (one: Certified, verdict?: string): Call => handed(asBytes(one), verdict)

describe('P08: a certificate in our own TLS', () => {
  test.each<[string, Certified]>([['bank', certified.bank], ['by-name', certified.bank], ['self', certified.own]])('proves that it is %s', async (name, as) => {
    expect(await pushed(name, { as })).toBe('taken')
  })

  test.each<[string, string, Call]>([
    ['none', 'bank', {}],
    ['one of another subject', 'bank', { as: certified.otherBank }],
    ['one without the registered name', 'by-name', { as: certified.otherBank }],
    ['one of an authority that only has the same name', 'bank', { as: certified.forged }],
    ['one that vouches for itself', 'bank', { as: certified.own }],
    ['none, self-signed', 'self', {}],
    ['one that is not registered', 'self', { as: certified.unknown }],
    ['one of an authority, self-signed', 'self', { as: certified.bank }],
    ['the header of a proxy that is none of ours', 'bank', { ...through(certified.bank), from: '127.0.0.1' }],
    ['another one with such a header', 'bank', { ...through(certified.bank), from: '127.0.0.1', as: certified.otherBank }],
    ['the certificate of our own proxy', 'bank', { as: certified.bank, from: proxy }],
    ['the certificate of our own proxy, self-signed', 'self', { as: certified.own, from: proxy }],
  ])('%s proves nothing', async (_what, name, how) => {
    expect(await pushed(name, how)).toBe('401 invalid_client')
  })

  test('proves nothing for a client that is registered for something else', async () => {
    expect(await pushed('portal', { as: certified.bank })).toBe('401 invalid_client')
  })
})

describe('P08: a certificate through a proxy that we trust', () => {
  test.each<[string, string, Call]>([
    ['as bytes (RFC 9440)', 'bank', through(certified.bank)],
    ['as escaped PEM (nginx)', 'bank', handed(asEscapedPem(certified.bank))],
    ['with a registered name', 'by-name', through(certified.bank)],
    ['self-signed, which no authority verifies', 'self', through(certified.own, 'FAILED:self-signed certificate')],
  ])('is taken %s', async (_what, name, how) => {
    expect(await pushed(name, how)).toBe('taken')
  })

  test.each<[string, Call]>([
    ['of another subject', through(certified.otherBank)],
    ['of an authority that only has the same name', through(certified.forged)],
    ['that the proxy has not verified', through(certified.bank, 'FAILED:certificate revoked')],
    ['without a word of the proxy', { from: proxy, headers: { 'client-cert': asBytes(certified.bank) } }],
    ['with two words of it', through(certified.bank, 'SUCCESS, SUCCESS')],
    ['twice', handed(`${asBytes(certified.bank)}, ${asBytes(certified.bank)}`)],
    ['after one that the client itself sent', handed(`${asBytes(certified.otherBank)}, ${asBytes(certified.bank)}`)],
    ['without its colons', handed(asBytes(certified.bank).replaceAll(':', ''))],
    ['that is none', handed(':AAAA:')],
    ['that is no base64', handed(':!!!!:')],
    ['with half a percent sign', handed('-----BEGIN%20CERTIFICATE-----%zz%-----END%20CERTIFICATE-----')],
    ['in plain PEM on one line', handed(certified.bank.cert.replaceAll('\n', ' ').trim())],
    ['that is empty', handed('')],
  ])('%s proves nothing', async (_what, how) => {
    expect(await pushed('bank', how)).toBe('401 invalid_client')
  })
})

test.each<[string, string, Call]>([
  ['in our own TLS', 'self', { as: certified.ownExpired }],
  ['through a proxy', 'self', through(certified.ownExpired)],
  ['through a proxy, of an authority', 'bank', through(certified.expired)],
])('P08: a certificate that is over (%s) is refused, and it is said why', async (_what, name, how) => {
  expect((await push(name, how)).json).toMatchObject({ error: 'invalid_request', error_description: expect.stringContaining('expired') })
})

test('P20: a certificate that the client has just published at its address is taken at once', async () => {
  expect(await pushed('self-by-uri', { as: certified.own })).toBe('taken')
  site.answers(json({ keys: [asJwk(certified.unknown)] }))
  expect([await pushed('self-by-uri', { as: certified.unknown }), await pushed('self-by-uri', { as: certified.own })]).toEqual(['taken', '401 invalid_client'])
  expect(site.asked).toHaveLength(2)
})

test('P18: discovery offers certificates, and tokens bound to them', async () => {
  const { json: metadata } = await get(`${server.issuer}/.well-known/openid-configuration`)
  expect(metadata['token_endpoint_auth_methods_supported']).toEqual(expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']))
  expect(metadata['tls_client_certificate_bound_access_tokens']).toBe(true)
})

describe('P09: a token that is bound to a certificate', () => {
  /** One sign-in at a client, and what it got for it with this certificate. */
  async function tokenOf(name: string, how: Call): Promise<{ status: number; token: string; json: Record<string, unknown> }> {
    const proof = async () => (party(name).proof.method === 'private_key_jwt' ? assertionOf(party(name)) : {})
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    const { json: request } = await push(name, { ...how, fields: await proof() })
    const start = `${server.issuer}/authorize?client_id=${name}&request_uri=${encodeURIComponent(String(request['request_uri']))}`
    const { visitor, citizen } = someone
    const { url } = await agree(visitor, await arrive(visitor, await visitor.open(start), citizen))
    const fields = { ...redemption(party(name), url, { state: '', nonce: '', verifier }), ...(await proof()) }
    const { status, json: told } = await call(`${server.issuer}/token`, { ...how, fields })
    return { status, token: String(told['access_token']), json: told }
  }
  const userinfo = async (token: string, how: Call) =>
    (await call(`${server.issuer}/userinfo`, { ...how, headers: { ...how.headers, authorization: `Bearer ${token}` } })).status

  test('is worth something with that one alone, whichever way it comes', async () => {
    const { status, token } = await tokenOf('bank', { as: certified.bank })
    expect(status).toBe(200)
    expect(await userinfo(token, { as: certified.bank })).toBe(200)
    expect(await userinfo(token, through(certified.bank, 'NONE'))).toBe(200)
    expect([await userinfo(token, {}), await userinfo(token, { as: certified.otherBank }), await userinfo(token, through(certified.otherBank))]).toEqual([401, 401, 401])
    expect(await userinfo(token, { ...through(certified.bank), from: '127.0.0.1' })).toBe(401)
  })

  test('is given to a client with a key of its own too, for any certificate', async () => {
    const { status, token } = await tokenOf('bound', { as: certified.unknown })
    expect([status, await userinfo(token, { as: certified.unknown }), await userinfo(token, { as: certified.own })]).toEqual([200, 200, 401])
  })

  test('is not given without one', async () => {
    expect(await tokenOf('bound', {})).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })
})

test('P18: a server that has no source of certificates offers none and takes no header for one', async () => {
  const plain = await startServer({ clients: () => [testClient({ name: 'portal' }).metadata, byCertificate('bank', { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'bank.example' }).metadata] })
  try {
    const { json: metadata } = await get(`${plain.issuer}/.well-known/openid-configuration`)
    expect(metadata['token_endpoint_auth_methods_supported']).not.toEqual(expect.arrayContaining(['tls_client_auth']))
    expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens')
    const answer = await post(`${plain.issuer}/par`, authorization(clients['bank']?.party(plain.issuer) ?? party('bank')), { 'client-cert': asBytes(certified.bank), 'client-verify': 'SUCCESS' })
    expect(answer.status).not.toBe(201)
  } finally {
    await plain.close()
  }
})
