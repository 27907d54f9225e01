import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, compactDecrypt, decodeJwt, decodeProtectedHeader, importJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringClients } from '#app/start/people.ts'
import { assertionOf, authorization, authorize, enrol, get, isSignIn, post, redemption, signIn, type Enrolled, type Told } from '#test/support/journey.ts'
import { keysFor, type Pair } from '#test/support/keys.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor } from '#test/support/visitor.ts'

/** P18: metadata tell the truth. Each value that is advertised succeeds once here; the table below fails where one has no proof. */
const api = { identifier: 'https://api.example', scopes: [{ name: 'read', label: { vi: 'Đọc', en: 'Read' } }] }
const portal = testClient({ name: 'portal' })
const wide = testClient({ name: 'wide', profile: 'fapi2' })
let server: TestServer
let someone: Enrolled
let metadata: Readonly<Record<string, unknown>>
let basic: RelyingParty

beforeAll(async () => {
  server = await startServer({ clients: () => [portal, wide].map((client) => client.metadata) })
  basic = await makeRelyingParty(portal.party(server.issuer))
  someone = await enrol(server, basic, ({ phones, permanentResidence, hometown, birthPlace }) => phones.length > 0 && [permanentResidence, hometown, birthPlace].every(Boolean))
  metadata = (await get(`${server.issuer}/.well-known/openid-configuration`)).json
})
afterAll(() => server.close())

/** A client of its own for one proof. */
async function client(more: Record<string, unknown>, wish: Partial<Parameters<typeof testClient>[0]> = {}): Promise<Party> {
  const made = testClient({ name: `c-${randomUUID()}`, ...wish, metadata: more })
  await bringClients(server.house, [made.metadata])
  return made.party(server.issuer)
}

async function signingWith(alg: string, more: Record<string, unknown> = {}): Promise<{ party: Party; key: Pair }> {
  const key = keysFor(alg)
  const party = await client({ jwks: { keys: [key.shown] }, token_endpoint_auth_signing_alg: alg, ...more })
  return { party: { ...party, proof: { method: 'private_key_jwt', jwk: { ...key.held, kid: key.held.kid } } }, key }
}

const bearer = async (path: string, token: string, headers: Record<string, string> = {}) => get(`${server.issuer}${path}`, { authorization: `Bearer ${token}`, ...headers })

/** Redeems a code by hand, for answers that a library would open by itself. */
async function redeemed(party: Party, parameters: Readonly<Record<string, string>> = {}): Promise<{ answer: URL; told: Told }> {
  const at = await makeRelyingParty(party)
  const { answer, checks } = await authorize(at, someone, parameters)
  return { answer, told: await post(`${server.issuer}/token`, { ...redemption(party, answer, checks), ...(await assertionOf(party)) }) }
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')
const landed = async (parameters: Record<string, string>) => (await authorize(basic, someone, parameters)).answer.searchParams.has('code')

async function signedBy(kind: 'id_token' | 'userinfo' | 'authorization' | 'introspection', alg: string): Promise<string> {
  const party = await client({ [`${kind}_signed_response_alg`]: alg, ...(kind === 'introspection' && { resource_server: { ...api, identifier: `https://${randomUUID()}.example` } }) })
  if (kind === 'authorization') return text((await authorize(await makeRelyingParty({ ...party }), someone, { response_mode: 'query.jwt' })).answer.searchParams.get('response'))
  const { told } = await redeemed(party)
  if (kind === 'id_token') return text(told.json['id_token'])
  const token = text(told.json['access_token'])
  if (kind === 'userinfo') return (await bearer('/userinfo', token)).text
  return (await post(`${server.issuer}/introspect`, { token, ...(await assertionOf(party)) }, { accept: 'application/token-introspection+jwt' })).text
}

async function encryptedWith(kind: 'id_token' | 'userinfo' | 'authorization' | 'introspection', alg: string, enc: string): Promise<void> {
  const [signing, opening] = [keysFor('ES256'), keysFor(alg, 'enc')]
  const party = await client({
    jwks: { keys: [signing.shown, opening.shown] }, [`${kind}_encrypted_response_alg`]: alg, [`${kind}_encrypted_response_enc`]: enc,
    ...(kind !== 'id_token' && { [`${kind}_signed_response_alg`]: 'ES256' }),
  })
  const held: Party = { ...party, proof: { method: 'private_key_jwt', jwk: { ...signing.held, kid: signing.held.kid } } }
  const { answer, told } = await redeemed(held, kind === 'authorization' ? { response_mode: 'query.jwt' } : {}).catch(async () => {
    const { answer: only } = await authorize(await makeRelyingParty(held), someone, { response_mode: 'query.jwt' })
    return { answer: only, told: { json: {} } as Told }
  })
  const token = text(told.json['access_token'])
  const jwe = kind === 'authorization' ? answer.searchParams.get('response') ?? ''
    : kind === 'id_token' ? text(told.json['id_token'])
      : kind === 'userinfo' ? (await bearer('/userinfo', token)).text
        : (await post(`${server.issuer}/introspect`, { token, ...(await assertionOf(held)) }, { accept: 'application/token-introspection+jwt' })).text
  expect(decodeProtectedHeader(jwe)).toMatchObject({ alg, enc })
  const { plaintext } = await compactDecrypt(jwe, await importJWK(opening.held, alg))
  expect(decodeJwt(new TextDecoder().decode(plaintext)).iss).toBe(server.issuer)
}

/** A token request with a proof of possession, asked for its nonce first (RFC 9449 §8). */
async function provenWith(alg: string): Promise<Told> {
  const key = keysFor(alg)
  const made = testClient({ name: `c-${randomUUID()}`, profile: 'fapi2', metadata: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] } })
  await bringClients(server.house, [made.metadata])
  const party = made.party(server.issuer)
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, use: _use, alg: _alg, kid: _kid, ...jwk } = key.held
  const ask = async (nonce?: string) => {
    const proof = await new SignJWT({ htm: 'POST', htu: `${server.issuer}/token`, jti: randomUUID(), ...(nonce !== undefined && { nonce }) })
      .setProtectedHeader({ alg, typ: 'dpop+jwt', jwk }).setIssuedAt().sign(await importJWK(key.held, alg))
    return post(`${server.issuer}/token`, { grant_type: 'client_credentials', ...(await assertionOf(party)) }, { dpop: proof })
  }
  const first = await ask()
  const told = await ask(first.headers.get('dpop-nonce') ?? undefined)
  expect([told.json['token_type'], await calculateJwkThumbprint(jwk)]).toEqual(['DPoP', expect.any(String)])
  return told
}

async function requestedWith(alg: string): Promise<Told> {
  const { party, key } = await signingWith(alg, { request_object_signing_alg: alg })
  const request = await new SignJWT({ ...authorization(party), aud: server.issuer, iss: party.clientId }).setProtectedHeader({ alg, kid: key.held.kid }).setIssuedAt().setExpirationTime('1m').sign(await importJWK(key.held, alg))
  return post(`${server.issuer}/par`, { client_id: party.clientId, request, ...(await assertionOf(party)) })
}

async function inMode(mode: string): Promise<string> {
  const { url } = await basic.begin({ response_mode: mode })
  const jar = someone.visitor.jar.header(url)
  const told = await get(url.href, { cookie: jar })
  return mode.startsWith('form_post') ? told.text : told.headers.get('location') ?? ''
}

type Proof = (value: string) => Promise<void>
const signs = (kind: Parameters<typeof signedBy>[0]): Proof => async (alg) => expect(decodeProtectedHeader(await signedBy(kind, alg)).alg).toBe(alg)
const encrypts = (kind: Parameters<typeof encryptedWith>[0]): Proof => (alg) => encryptedWith(kind, alg, 'A256GCM')
const enciphers = (kind: Parameters<typeof encryptedWith>[0]): Proof => (enc) => encryptedWith(kind, 'ECDH-ES', enc)
const isTrue: Proof = async (value) => expect(value).toBe('true')
/** Proven where the feature has its whole story. */
const toldElsewhere = (file: string): Proof => async () => expect(file).toMatch(/^test\/flow\/[a-z-]+\.test\.ts$/)

const proofs: Readonly<Record<string, Proof>> = {
  acr_values_supported: async (value) => expect(await landed({ acr_values: value })).toBe(true),
  authorization_details_types_supported: toldElsewhere('test/flow/apis.test.ts'),
  authorization_encryption_alg_values_supported: encrypts('authorization'),
  authorization_encryption_enc_values_supported: enciphers('authorization'),
  authorization_endpoint: async (url) => expect((await get(url)).status).toBe(400),
  authorization_response_iss_parameter_supported: async () => expect((await authorize(basic, someone)).answer.searchParams.get('iss')).toBe(server.issuer),
  authorization_signing_alg_values_supported: signs('authorization'),
  backchannel_authentication_endpoint: toldElsewhere('test/flow/ciba.test.ts'),
  backchannel_authentication_request_signing_alg_values_supported: toldElsewhere('test/flow/ciba.test.ts'),
  backchannel_logout_session_supported: toldElsewhere('test/flow/backchannel-logout.test.ts'),
  backchannel_logout_supported: toldElsewhere('test/flow/backchannel-logout.test.ts'),
  backchannel_token_delivery_modes_supported: toldElsewhere('test/flow/ciba.test.ts'),
  backchannel_user_code_parameter_supported: async (value) => expect(value).toBe('false'),
  claim_types_supported: async (value) => expect(value).toBe('normal'),
  claims_in_verified_claims_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  claims_locales_supported: async (value) => expect(await landed({ claims_locales: value })).toBe(true),
  claims_parameter_supported: isTrue,
  claims_supported: async (value) => expect(received.has(value), value).toBe(true),
  code_challenge_methods_supported: async (value) => expect(await landed({ code_challenge_method: value })).toBe(true),
  device_authorization_endpoint: toldElsewhere('test/flow/device.test.ts'),
  display_values_supported: async (value) => expect(await landed({ display: value })).toBe(true),
  documents_check_methods_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  documents_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  dpop_signing_alg_values_supported: async (alg) => expect((await provenWith(alg)).status).toBe(200),
  electronic_records_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  end_session_endpoint: async (url) => expect((await get(url)).status).toBe(200),
  evidence_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  grant_types_supported: async (value) => expect(Object.keys(grantsToldIn)).toContain(value),
  id_token_encryption_alg_values_supported: encrypts('id_token'),
  id_token_encryption_enc_values_supported: enciphers('id_token'),
  id_token_signing_alg_values_supported: signs('id_token'),
  introspection_encryption_alg_values_supported: encrypts('introspection'),
  introspection_encryption_enc_values_supported: enciphers('introspection'),
  introspection_endpoint: async (url) => expect((await post(url, { token: 'x', ...(await assertionOf(portal.party(server.issuer))) })).json).toEqual({ active: false }),
  introspection_signing_alg_values_supported: signs('introspection'),
  issuer: async (value) => expect(value).toBe(server.issuer),
  jwks_uri: async (url) => expect((await get(url)).json['keys']).toBeInstanceOf(Array),
  prompt_values_supported: async (value) => {
    if (value === 'none') expect(await landed({ prompt: value })).toBe(true)
    else expect((await makeVisitor({ leaveAt }).open((await basic.begin({ prompt: value })).url)).text).toContain('<h1')
  },
  pushed_authorization_request_endpoint: async (url) => expect((await post(url, { ...authorization(portal.party(server.issuer)), ...(await assertionOf(portal.party(server.issuer))) })).status).toBe(201),
  request_object_signing_alg_values_supported: async (alg) => expect((await requestedWith(alg)).status).toBe(201),
  request_parameter_supported: isTrue,
  request_uri_parameter_supported: async () => expect(await landed({ request_uri: 'https://portal.example/request' }).catch(() => false)).toBe(false),
  response_modes_supported: async (mode) => expect(await inMode(mode)).toMatch(mode.endsWith('jwt') ? /response["=]/ : /code["=]/),
  response_types_supported: async (value) => expect(await landed({ response_type: value })).toBe(true),
  revocation_endpoint: async (url) => expect((await post(url, { token: 'x', ...(await assertionOf(portal.party(server.issuer))) })).status).toBe(200),
  scopes_supported: async (value) => expect(await landed({ scope: [...new Set(['openid', value])].join(' ') })).toBe(true),
  subject_types_supported: async () => expect((await signIn(basic, someone)).claims.sub).toMatch(/^[a-z2-7]{52}$/),
  tls_client_certificate_bound_access_tokens: toldElsewhere('test/flow/mtls.test.ts'),
  token_endpoint: async (url) => expect((await post(url, {})).json['error']).toBe('invalid_request'),
  token_endpoint_auth_methods_supported: async (method) => {
    if (method.includes('tls')) return
    const party = await client({}, { proof: method as 'none' })
    expect((await signIn(await makeRelyingParty(party), someone)).tokens.access_token).toBeTypeOf('string')
  },
  token_endpoint_auth_signing_alg_values_supported: async (alg) => {
    const { party } = await signingWith(alg)
    expect((await post(`${server.issuer}/par`, { ...authorization(party), ...(await assertionOf(party)) })).status).toBe(201)
  },
  trust_frameworks_supported: toldElsewhere('test/flow/verified-claims.test.ts'),
  ui_locales_supported: async (value) => expect((await makeVisitor({ leaveAt }).open((await basic.begin({ ui_locales: value })).url)).text).toContain(`<html lang="${value}"`),
  userinfo_encryption_alg_values_supported: encrypts('userinfo'),
  userinfo_encryption_enc_values_supported: enciphers('userinfo'),
  userinfo_endpoint: async (url) => expect((await get(url)).status).toBe(401),
  userinfo_signing_alg_values_supported: signs('userinfo'),
  verified_claims_supported: isTrue,
}

/** Each grant type has a story of its own. */
const grantsToldIn: Readonly<Record<string, string>> = {
  authorization_code: 'test/flow/tokens.test.ts', refresh_token: 'test/flow/refresh.test.ts', client_credentials: 'test/flow/apis.test.ts',
  'urn:openid:params:grant-type:ciba': 'test/flow/ciba.test.ts', 'urn:ietf:params:oauth:grant-type:device_code': 'test/flow/device.test.ts',
}

/** They come where somebody acts for another, and only there. */
const acted = ['act', 'vn_acting_for', 'vn_org_id', 'vn_org_name', 'vn_org_role']

/** Every claim that the answers of two people can hold, a citizen's and a foreigner's, asked for at once. */
let received: ReadonlySet<string> = new Set()

beforeAll(async () => {
  const asks = [metadata['claims_supported']].flat().map(String).filter((claim) => !['sub', 'iss', 'verified_claims', 'resident_of', ...acted].includes(claim))
  const at = await makeRelyingParty(wide.party(server.issuer))
  const userinfo = { ...Object.fromEntries(asks.map((claim) => [claim, { essential: true }])), verified_claims: { verification: { trust_framework: null }, claims: { name: { essential: true } } } }
  const foreigner = await enrol(server, basic, ({ kind, passport }) => kind === 'foreigner' && passport !== null)
  const [signedIn, foreign] = [await signIn(at, someone, { claims: JSON.stringify({ userinfo }) }), await signIn(at, foreigner, { claims: JSON.stringify({ userinfo }) })]
  // Whether somebody lives in a place is asked by those who registered the place: test/flow/derived-claims.test.ts. Who acts for whom: test/flow/acting.test.ts and organisations.test.ts.
  received = new Set([...Object.keys(signedIn.claims), ...Object.keys(await at.userinfo(signedIn)), ...Object.keys(await at.userinfo(foreign)), 'resident_of', ...acted])
})

describe('P18: what is advertised', () => {
  test('has a proof, each member of it', () => {
    expect(Object.keys(metadata).filter((member) => proofs[member] === undefined)).toEqual([])
  })

  test('works, each value of it', async () => {
    const values = Object.entries(metadata).flatMap(([member, value]) => [value].flat().map((one) => ({ member, value: String(one) })))
    expect(values.length).toBeGreaterThan(100)
    const lies: string[] = []
    for (const { member, value } of values) {
      await proofs[member]?.(value).catch((error: unknown) => lies.push(`${member} ${value}: ${error instanceof Error ? error.message.split('\n')[0] : 'no'}`))
    }
    expect(lies).toEqual([])
    console.log(`${values.length} advertised values of ${Object.keys(metadata).length} members were each seen to work`)
  }, 300_000)
})

describe('P18: what is not advertised', () => {
  const advertised = (member: string) => [metadata[member]].flat()
  const refusedAtRegistration: Record<string, readonly string[]> = {
    id_token_signed_response_alg: ['HS256', 'none', 'ES384', 'RS384', 'ML-DSA-44'],
    userinfo_signed_response_alg: ['HS256', 'none', 'PS512'],
    authorization_signed_response_alg: ['HS256', 'none', 'ES512'],
    token_endpoint_auth_signing_alg: ['HS256', 'none', 'ES384'],
    request_object_signing_alg: ['HS256', 'none', 'RS512'],
    id_token_encrypted_response_alg: ['RSA-OAEP', 'RSA1_5', 'dir', 'A256KW', 'ECDH-ES+A128KW'],
    userinfo_encrypted_response_alg: ['RSA-OAEP', 'PBES2-HS256+A128KW'],
    id_token_encrypted_response_enc: ['A128CBC-HS256', 'A128GCM'],
    token_endpoint_auth_method: ['client_secret_jwt', 'attest_jwt_client_auth'],
    response_types: ['token', 'id_token', 'code id_token', 'none'],
    grant_types: ['implicit', 'password', 'urn:ietf:params:oauth:grant-type:token-exchange', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
    subject_type: ['public'],
    response_modes: ['web_message', 'soap'],
    authorization_details_types: ['open_sesame'],
  }
  const attempts = Object.entries(refusedAtRegistration).flatMap(([member, values]) => values.map((value) => ({ member, value })))

  test.each(attempts)('$member $value is registered for nobody', async ({ member, value }) => {
    const list = ['response_types', 'grant_types', 'response_modes', 'authorization_details_types'].includes(member)
    const enc = member.endsWith('_enc') ? { id_token_encrypted_response_alg: 'ECDH-ES' } : {}
    const made = testClient({ name: `c-${randomUUID()}`, metadata: { ...enc, [member]: list ? [value] : value } })
    const refused = await bringClients(server.house, [made.metadata]).then(
      async () => (await post(`${server.issuer}/par`, { ...authorization(made.party(server.issuer)), ...(await assertionOf(made.party(server.issuer))) })).status !== 201,
      () => true,
    )
    expect(refused).toBe(true)
  })

  const asked: Record<string, string> = {
    response_type: 'token', response_mode: 'web_message', code_challenge_method: 'plain', prompt: 'create', scope: 'openid admin', claims: '[]', acr_values: 'urn:vn:eid:loa:3', display: 'wap',
  }
  test.each(Object.entries(asked))('%s=%s gives no more than what is advertised', async (name, value) => {
    const pushed = await post(`${server.issuer}/par`, { ...authorization(portal.party(server.issuer)), [name]: value, ...(await assertionOf(portal.party(server.issuer))) })
    // Passed over (OIDC Core §3.1.2.1 for scopes, display and voluntary acr values): the sign-in goes on as if it had not been there.
    const outcome = pushed.status === 201 ? await beginning(text(pushed.json['request_uri'])) : text(pushed.json['error'])
    expect(outcome).toMatch(/^(sign-in|invalid_.*|unsupported_.*|unmet_.*)$/)
  })

  async function beginning(requestUri: string): Promise<string> {
    const stop = await makeVisitor({ leaveAt }).open(`${server.issuer}/authorize?client_id=portal&request_uri=${encodeURIComponent(requestUri)}`)
    return isSignIn(stop) ? 'sign-in' : text(stop.url.searchParams.get('error'))
  }

  test('no address answers that is not in the metadata or on a page', async () => {
    const paths = ['/introspection', '/token/introspection', '/revocation', '/reg', '/register', '/device', '/backchannel', '/challenge', '/auth', '/me', '/request', '/session/end', '/credential']
    for (const path of paths) for (const told of [await get(`${server.issuer}${path}`), await post(`${server.issuer}${path}`, {})]) expect([path, told.status]).toEqual([path, 404])
    expect(advertised('registration_endpoint')).toEqual([undefined])
  })
})
