import { createHmac, createPublicKey } from 'node:crypto'
import { createRemoteJWKSet, decodeProtectedHeader, importJWK, jwtVerify, SignJWT } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assertionOf, authorization, authorize, enrol, get, post, redemption, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient, type TestClient } from '#test/support/test-clients.ts'

const clients = {
  portal: testClient({ name: 'portal', sector: 'government.example' }),
  tax: testClient({ name: 'tax', sector: 'government.example', proof: 'client_secret_basic' }),
  health: testClient({ name: 'health', proof: 'client_secret_post' }),
  rs256: testClient({ name: 'rs256', alg: 'RS256' }),
  ps256: testClient({ name: 'ps256', alg: 'PS256' }),
  eddsa: testClient({ name: 'eddsa', alg: 'EdDSA' }),
} satisfies Record<string, TestClient>
type Name = keyof typeof clients

let server: TestServer
let someone: Enrolled
const parties = new Map<string, Party>()
const services = new Map<string, RelyingParty>()

beforeAll(async () => {
  server = await startServer({ clients: () => Object.values(clients).map(({ metadata }) => metadata) })
  for (const [name, { party }] of Object.entries(clients)) {
    parties.set(name, party(server.issuer))
    services.set(name, await makeRelyingParty(party(server.issuer)))
  }
  someone = await enrol(server, at('portal'))
})
afterAll(() => server.close())

function at(name: Name): RelyingParty {
  const service = services.get(name)
  if (service === undefined) throw new Error(name)
  return service
}

function party(name: Name): Party {
  const found = parties.get(name)
  if (found === undefined) throw new Error(name)
  return found
}

const fetchable = (path: string) => new URL(path, server.issuer)

describe('P08: private_key_jwt', () => {
  const push = (proof: Record<string, string>) => post(`${server.issuer}/par`, { ...authorization(party('portal')), ...proof })
  const now = () => Math.floor(Date.now() / 1000)

  test('is taken once', async () => {
    const proof = await assertionOf(party('portal'))
    const [first, second] = [await push(proof), await push(proof)]
    expect([first.status, second.status, second.json['error']]).toEqual([201, 401, 'invalid_client'])
  })

  test('once means once at every endpoint', async () => {
    const proof = await assertionOf(party('portal'))
    const { answer, checks } = await authorize(at('portal'), someone)
    expect((await push(proof)).status).toBe(201)
    expect((await post(`${server.issuer}/token`, { ...redemption(party('portal'), answer, checks), ...proof })).json['error']).toBe('invalid_client')
  })

  const lies: Record<string, () => Parameters<typeof assertionOf>[1]> = {
    'for somebody else': () => ({ aud: 'https://elsewhere.example' }),
    'for nobody': () => ({ aud: undefined }),
    'issued by another client': () => ({ iss: 'tax' }),
    'about another client': () => ({ sub: 'tax' }),
    'issued by nobody': () => ({ iss: undefined }),
    'about nobody': () => ({ sub: undefined }),
    'expired a minute ago': () => ({ iat: now() - 120, exp: now() - 60 }),
    'that never ends': () => ({ exp: undefined }),
    'made in a minute': () => ({ iat: now() + 60, exp: now() + 120 }),
    'for us and another': () => ({ aud: [server.issuer, 'https://elsewhere.example'] }),
    'for us in a list': () => ({ aud: [server.issuer] }),
    'for an endpoint': () => ({ aud: `${server.issuer}/token` }),
    'that lives an hour': () => ({ exp: now() + 3600 }),
    'not valid yet': () => ({ nbf: now() + 60 }),
    'without a name': () => ({ jti: undefined }),
  }

  test.each(Object.entries(lies))('an assertion %s is refused', async (_name, lie) => {
    const told = await push(await assertionOf(party('portal'), lie()))
    expect(['invalid_client', 'invalid_request']).toContain(told.json['error'])
    expect(told.status).toBeGreaterThanOrEqual(400)
    expect(told.text).not.toContain('stack')
  })

  test('an assertion without a signature, signed with the public key as a secret, by another’s key or with a key of its own is refused', async () => {
    const { proof } = party('portal')
    if (proof.method !== 'private_key_jwt') throw new Error('a key')
    const { d: _private, ...shown } = proof.jwk
    const usual = { iss: 'portal', sub: 'portal', aud: server.issuer, iat: now(), exp: now() + 60 }
    const plain = (header: object, claims: object) => [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    const hmac = (secret: string | Buffer) => {
      const head = plain({ alg: 'HS256', kid: 'one' }, { ...usual, jti: `h-${secret.length}` })
      return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
    }
    const pem = createPublicKey({ key: shown, format: 'jwk' })
    const other = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
    const embedded = await crypto.subtle.exportKey('jwk', other.publicKey)
    const signed = (header: Record<string, unknown>) => new SignJWT({ ...usual, jti: JSON.stringify(header).length.toString() }).setProtectedHeader({ alg: 'ES256', ...header }).sign(other.privateKey)
    const forged = {
      none: `${plain({ alg: 'none' }, { ...usual, jti: 'n' })}.`,
      'none with a signature': `${plain({ alg: 'none' }, { ...usual, jti: 'n2' })}.AAAA`,
      'HS256 with the PEM': hmac(pem.export({ format: 'pem', type: 'spki' })),
      'HS256 with the DER': hmac(pem.export({ format: 'der', type: 'spki' })),
      'HS256 with the JWK': hmac(JSON.stringify(shown)),
      'r = s = 0': `${plain({ alg: 'ES256', kid: 'one' }, { ...usual, jti: 'z' })}.${Buffer.alloc(64).toString('base64url')}`,
      'another key': await signed({ kid: 'one' }),
      'a key in the header': await signed({ jwk: embedded }),
      'a key at an address': await signed({ jku: 'http://localhost:1/keys' }),
      'a critical header nobody knows': await new SignJWT({ ...usual, jti: 'c' }).setProtectedHeader({ alg: 'ES256', kid: 'one', crit: ['soul'], soul: true })
        .sign(await importJWK(proof.jwk, 'ES256'), { crit: { soul: true } }),
    }
    for (const [name, client_assertion] of Object.entries(forged)) {
      const told = await push({ client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion })
      expect([name, told.status]).toEqual([name, 401])
      expect(told.json['request_uri'], name).toBeUndefined()
    }
  })

  test('a client proves itself in its own way only: no secret, a wrong one, another method and two at once are refused', async () => {
    const basic = (id: string, secret: string) => ({ authorization: `Basic ${btoa(`${id}:${secret}`)}` })
    const right = 'a-secret-of-a-test-client-and-nobody-else-0123456789'
    const fields = (name: Name) => authorization(party(name))
    const attempts = [
      post(`${server.issuer}/par`, fields('tax')),
      post(`${server.issuer}/par`, fields('tax'), basic('tax', 'wrong')),
      post(`${server.issuer}/par`, fields('tax'), basic('tax', '')),
      post(`${server.issuer}/par`, { ...fields('tax'), client_id: 'nobody' }, basic('nobody', right)),
      post(`${server.issuer}/par`, { ...fields('health'), client_secret: 'wrong' }),
      post(`${server.issuer}/par`, { ...fields('health'), client_secret: '' }),
      post(`${server.issuer}/par`, fields('portal'), basic('portal', right)),
      post(`${server.issuer}/par`, { ...fields('health'), client_secret: right }, basic('health', right)),
    ]
    for (const told of await Promise.all(attempts)) {
      expect([400, 401]).toContain(told.status)
      expect(['invalid_client', 'invalid_request']).toContain(told.json['error'])
    }
    expect((await post(`${server.issuer}/par`, fields('tax'), basic('tax', right))).status).toBe(201)
    expect((await post(`${server.issuer}/par`, { ...fields('health'), client_secret: right })).status).toBe(201)
  })
})

describe('P11, P13: an ID token', () => {
  const algorithms: Record<Name, string> = { portal: 'ES256', tax: 'ES256', health: 'ES256', rs256: 'RS256', ps256: 'PS256', eddsa: 'EdDSA' }

  test.each(Object.entries(algorithms))('of %s is signed with %s, verifies with the published keys and says what it must and no more', async (name, alg) => {
    const { claims, tokens } = await signIn(at(name as Name), someone)
    const keys = createRemoteJWKSet(fetchable('/jwks'))
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token ?? '', keys, { issuer: server.issuer, audience: name, algorithms: [alg] })
    expect(protectedHeader).toMatchObject({ alg, kid: expect.any(String) })
    const { at_hash: _optional, ...said } = payload
    expect(said).toEqual({
      iss: server.issuer, aud: name, sub: expect.stringMatching(/^[a-z2-7]{52}$/), nonce: claims['nonce'], sid: expect.stringMatching(/^.{16,}$/),
      acr: 'urn:vn:eid:loa:2', amr: ['swk', 'user', 'mfa'], auth_time: expect.any(Number), iat: expect.any(Number), exp: expect.any(Number),
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300)
    expect(Number(payload['auth_time'])).toBeLessThanOrEqual(payload.iat ?? 0)
  })

  test('names the person alike inside a sector and differently outside, never by their number', async () => {
    const subjects = new Map<string, string>()
    for (const name of ['portal', 'tax', 'health'] as const) subjects.set(name, (await signIn(at(name), someone)).claims.sub)
    expect(subjects.get('portal')).toBe(subjects.get('tax'))
    expect(subjects.get('portal')).not.toBe(subjects.get('health'))
    expect([...subjects.values()].join()).not.toContain(someone.citizen.number)
  })

  test('the published keys hold nothing private, no name twice and no foreign certificate', async () => {
    const { json } = await get(`${server.issuer}/jwks`)
    const keys = json['keys'] as Record<string, unknown>[]
    expect(keys.length).toBeGreaterThan(2)
    for (const key of keys) for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth', 'x5u']) expect(key).not.toHaveProperty(secret)
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
  })
})

describe('P12: one kind of token', () => {
  test('is not taken for another, wherever it is shown', async () => {
    const { answer, checks } = await authorize(at('portal'), someone)
    const unspent = answer.searchParams.get('code') ?? ''
    const { tokens } = await signIn(at('portal'), someone)
    const { url } = await at('portal').begin()
    const pushed = url.searchParams.get('request_uri') ?? ''
    const session = someone.visitor.jar.read(fetchable('/')).get('eid-session') ?? ''
    const { client_assertion: assertion = '' } = await assertionOf(party('portal'))
    const kinds = { unspent, access: tokens.access_token, id: tokens.id_token ?? '', pushed, jti: pushed.split(':').at(-1) ?? '', session, assertion }

    const except = (kind: string) => Object.entries(kinds).filter(([name]) => name !== kind)

    for (const [kind, value] of Object.entries(kinds)) {
      const bearer = await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${value}` })
      expect([kind, bearer.status]).toEqual([kind, kind === 'access' ? 200 : 401])
      const asRequest = await get(`${server.issuer}/authorize?client_id=portal&request_uri=${encodeURIComponent(kind === 'pushed' ? `${value}x` : value)}`)
      expect([kind, asRequest.status, asRequest.headers.has('location')]).toEqual([kind, 400, false])
    }
    for (const [kind, value] of except('unspent')) {
      const told = await post(`${server.issuer}/token`, { ...redemption(party('portal'), answer, checks), code: value, ...(await assertionOf(party('portal'))) })
      expect([kind, told.status]).toEqual([kind, 400])
    }
    for (const [, value] of except('assertion')) {
      const told = await post(`${server.issuer}/par`, {
        ...authorization(party('portal')), client_assertion: value, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
      expect(['invalid_client', 'invalid_request']).toContain(told.json['error'])
    }
    for (const [kind, value] of except('id')) {
      const hinted = await get(`${server.issuer}/end-session?id_token_hint=${encodeURIComponent(value)}`)
      expect([kind, hinted.status]).toEqual([kind, 400])
    }
    // Of all that, nothing has hurt the code.
    expect((await post(`${server.issuer}/token`, { ...redemption(party('portal'), answer, checks), ...(await assertionOf(party('portal'))) })).status).toBe(200)
  })

  test('an access token says nothing about itself, and is not taken from an address', async () => {
    const { tokens } = await signIn(at('portal'), someone)
    expect(() => decodeProtectedHeader(tokens.access_token)).toThrow()
    expect((await get(`${server.issuer}/userinfo?access_token=${tokens.access_token}`)).status).toBeGreaterThanOrEqual(400)
    expect((await get(`${server.issuer}/userinfo`)).headers.get('www-authenticate')).toContain('Bearer')
    const twice = await post(`${server.issuer}/userinfo`, { access_token: tokens.access_token }, { authorization: `Bearer ${tokens.access_token}` })
    expect(twice.status).toBe(400)
  })
})

test('every token that was issued has its event, and each event a reason to be there', async () => {
  const rows = await server.house.database.rows(sql<{ type: string; data: Record<string, unknown> }>`select type, data from audit_event where type in ('token.issued', 'authorization.granted')`)
  const issued = rows.filter(({ type }) => type === 'token.issued')
  expect(issued.length).toBeGreaterThan(5)
  expect(rows.length).toBeGreaterThan(issued.length)
  expect(JSON.stringify(rows)).not.toContain(someone.citizen.number)
})
