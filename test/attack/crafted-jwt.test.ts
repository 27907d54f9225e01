import { createPrivateKey, hash, randomUUID, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { crafts, make, twinsOf, type Honest } from '#test/support/crafted.ts'
import { makeHolder, signedBytes, tokenOf, type Holder } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, signIn, type Told } from '#test/support/journey.ts'

/*
 * P13 (RFC 8725): JWTs that no library would make, at every place that takes one: a client's assertion, a request object, a proof of
 * possession, an ID token as a hint. Each is compared with an honest one that works, so that a refusal says something.
 */
let scene: Scene
let holder: Holder
let token: string
let hint: string
beforeAll(async () => {
  scene = await makeScene()
  holder = await makeHolder()
  token = await tokenOf(holder, { party: scene.party('bank'), who: scene.victim })
  hint = (await signIn(scene.at.bank, scene.victim)).tokens.id_token ?? ''
})
afterAll(() => scene.server.close())

const url = (path: string) => `${scene.server.issuer}${path}`
const now = () => Math.floor(Date.now() / 1000)
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How an honest message for a place is made, how it is sent, and whether it was taken. */
type Place = Honest & {
  send: (jwt: string) => Promise<Told>
  taken: (told: Told) => boolean
}

function clientKey(): KeyObject {
  const { proof } = scene.party('bank')
  if (proof.method !== 'private_key_jwt') throw new Error('a key')
  return createPrivateKey({ key: { ...proof.jwk }, format: 'jwk' })
}

const places: Readonly<Record<string, Place>> = {
  'a client assertion': {
    key: clientKey,
    header: () => ({ alg: 'ES256', kid: 'one' }),
    payload: () => ({ iss: 'bank', sub: 'bank', aud: scene.server.issuer, jti: randomUUID(), iat: now(), exp: now() + 60 }),
    send: (jwt) => post(url('/introspect'), { token: 'x', client_assertion_type: assertionType, client_assertion: jwt }),
    taken: ({ status }) => status === 200,
  },
  'a request object': {
    key: clientKey,
    header: () => ({ alg: 'ES256', kid: 'one', typ: 'oauth-authz-req+jwt' }),
    payload: () => ({ ...authorization(scene.party('bank')), iss: 'bank', aud: scene.server.issuer, jti: randomUUID(), iat: now(), nbf: now(), exp: now() + 60 }),
    send: async (jwt) => post(url('/par'), { client_id: 'bank', request: jwt, ...(await assertionOf(scene.party('bank'))) }),
    taken: ({ status }) => status === 201,
  },
  'a proof of possession': {
    key: () => holder.key,
    header: () => ({ alg: 'ES256', typ: 'dpop+jwt', jwk: holder.jwk }),
    payload: () => ({ htm: 'GET', htu: url('/userinfo'), jti: randomUUID(), iat: now(), ath: hash('sha256', token, 'base64url') }),
    send: (jwt) => get(url('/userinfo'), { authorization: `DPoP ${token}`, dpop: jwt }),
    taken: ({ status }) => status === 200,
  },
  'an ID token as a hint': {
    key: () => {
      const jwk = scene.server.house.keyring.jwks.keys.find(({ kid }) => kid === decodeProtectedHeader(hint).kid)
      return createPrivateKey({ key: { ...jwk }, format: 'jwk' })
    },
    header: () => ({ ...decodeProtectedHeader(hint) }),
    payload: () => ({ ...decodeJwt(hint) }),
    send: (jwt) => get(url(`/end-session?id_token_hint=${encodeURIComponent(jwt)}`)),
    taken: ({ status }) => status === 200,
  },
}

const refused = ({ status }: Told) => status >= 400 && status < 500

describe.each(Object.entries(places))('P13: %s', (_name, place) => {
  test.each(Object.entries(crafts))('%s is refused', async (name, craft) => {
    const all = [craft(place)].flat()
    for (const [at, jwt] of all.entries()) {
      // The address of a hint has an end, and what is longer is refused for that.
      const told = await place.send(jwt.slice(0, 60_000))
      expect([name, at, told.status, refused(told)]).toEqual([name, at, told.status, true])
      expect(told.text).not.toMatch(/node_modules|\.ts:|TypeError/)
    }
    expect(place.taken(await place.send(make(place)))).toBe(true)
  })

  test('with any byte changed is refused', async () => {
    const honest = make(place)
    const signed = honest.length - 1
    const change = fc.tuple(fc.nat({ max: signed - 1 }), fc.constantFrom(...'AZaz09-_.+/=~'), fc.constantFrom('put', 'insert', 'cut'))
    await fc.assert(fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bent = changes.reduce((text, [at, sign, how]) => `${text.slice(0, at)}${how === 'cut' ? '' : sign}${text.slice(how === 'insert' ? at : at + 1)}`, honest)
      fc.pre(bent !== honest)
      expect([bent, refused(await place.send(bent))]).toEqual([bent, true])
    }), { numRuns: 60 })
    expect(place.taken(await place.send(honest))).toBe(true)
  })

  test('of any JSON in its payload ends in no error of ours', async () => {
    await fc.assert(fc.asyncProperty(fc.dictionary(fc.constantFrom('iss', 'sub', 'aud', 'jti', 'iat', 'exp', 'nbf', 'htm', 'htu', 'ath', 'nonce', 'client_id', 'claims'), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1, maxKeys: 3 }), async (claims) => {
      const told = await place.send(make(place, {}, claims))
      expect([claims, told.status < 500]).toEqual([claims, true])
    }), { numRuns: 60, examples: [[{ iat: { toString: null } }]] })
  })

  test('of a thousand levels is refused or read, and ends in no error of ours', async () => {
    for (const [open, close] of [['[', ']'], ['{"a":', '}']] as const) {
      const depth = open === '[' ? 2000 : 700
      const text = JSON.stringify({ ...place.payload(), deep: 'DEEP' }).replace('"DEEP"', `${open.repeat(depth)}1${close.repeat(depth)}`)
      expect((await place.send(signedBytes(place.key(), JSON.stringify(place.header()), text))).status).toBeLessThan(500)
    }
  })
})

describe('P08, P09: what is used once', () => {
  test.each(Object.entries(places).filter(([name]) => name.startsWith('a client') || name.startsWith('a proof')))('%s is not used again in another text of the same message', async (_name, place) => {
    const honest = make(place)
    expect(place.taken(await place.send(honest))).toBe(true)
    for (const twin of twinsOf(honest)) expect(refused(await place.send(twin))).toBe(true)
    const other = make(place)
    const [first = '', ...others] = twinsOf(other)
    await place.send(first)
    const taken = await Promise.all([...others, other].map((twin) => place.send(twin)))
    expect(taken.filter((told) => place.taken(told)).length).toBeLessThanOrEqual(1)
  })
})

describe('P08: a client assertion', () => {
  const place = places['a client assertion']
  const raw = (text: string) => JSON.stringify(place?.payload()).replace(/"exp":\d+/, text)
  const times = [
    '"exp":"9999999999"', '"exp":1e400', '"exp":-1', '"exp":0', '"exp":null', '"exp":true', '"exp":[9999999999]', '"exp":{"a":1}', '"exp":9999999999', '"exp":1e15', '"x":1', '"exp":"NaN"', '"exp":0.5',
    ...['"9"', 'null', '{}', '[]', 'true', '1e400', '9999999999'].map((value) => `"exp":${now() + 60},"nbf":${value}`),
    ...['"9"', '{}', '[]', 'true', '1e400', '9999999999'].map((value) => `"exp":${now() + 60},"iat":${value}`),
    ...['1', 'null', '[]', '["a"]', '{}', '""', 'true'].map((value) => `"exp":${now() + 60},"jti":${value}`),
    ...['["bank"]', '{"bank":1}', '1', 'null', '""', '"bank "', '"BANK"', '"bank\\u0000"', '"__proto__"'].flatMap((value) => [`"exp":${now() + 60},"sub":${value}`, `"exp":${now() + 60},"iss":${value}`]),
  ]

  test.each(times)('that says %s is refused', async (text) => {
    if (place === undefined) throw new Error('a place')
    const told = await place.send(signedBytes(place.key(), JSON.stringify(place.header()), raw(text)))
    expect([told.status, told.json['error']]).toEqual([told.status, expect.toBeOneOf(['invalid_client', 'invalid_request'])])
    expect(refused(told)).toBe(true)
  })

  test.each(['dpop+jwt', 'at+jwt', 'oauth-authz-req+jwt', 'logout+jwt', 'token-introspection+jwt', 'application/oauth-authz-req+jwt', ''])('P12: that calls itself %s is none', async (typ) => {
    if (place === undefined) throw new Error('a place')
    expect(refused(await place.send(make(place, { typ })))).toBe(true)
    for (const right of ['JWT', 'client-authentication+jwt', 'application/client-authentication+jwt']) expect(place.taken(await place.send(make(place, { typ: right })))).toBe(true)
  })
})

test('P13: a client assertion with an extension that must be understood is refused, also with the one that our library knows (RFC 7797 §7)', async () => {
  const place = places['a client assertion']
  if (place === undefined) throw new Error('a place')
  for (const b64 of [true, false]) expect(refused(await place.send(make(place, { crit: ['b64'], b64 })))).toBe(true)
})

describe('P15: a request object', () => {
  const place = places['a request object']
  const lies: Record<string, () => Record<string, unknown>> = {
    'that never ends': () => ({ exp: undefined }), 'that ends in two hours': () => ({ exp: now() + 7200 }), 'that ended': () => ({ nbf: now() - 120, exp: now() - 60 }), 'that begins in a minute': () => ({ nbf: now() + 60 }),
    'that began at no time': () => ({ nbf: undefined }), 'that ends before it begins': () => ({ nbf: now(), exp: now() - 1 }), 'of times that are text': () => ({ nbf: String(now()), exp: String(now() + 60) }),
    'for nobody': () => ({ aud: undefined }), 'for another': () => ({ aud: 'https://evil.example' }), 'of another client': () => ({ iss: 'evil' }), 'for another client': () => ({ client_id: 'evil' }),
    'for no client': () => ({ client_id: undefined }), 'with a request inside': () => ({ request: 'x' }), 'with a reference inside': () => ({ request_uri: 'https://evil.example/r' }), 'with lists': () => ({ scope: ['openid', 'profile'] }),
    'with two addresses': () => ({ redirect_uri: [scene.party('bank').redirectUri, 'https://evil.example/'] }), 'with another’s address': () => ({ redirect_uri: 'https://evil.example/' }), 'without PKCE': () => ({ code_challenge: undefined }),
  }
  test.each(Object.entries(lies))('%s is refused', async (_name, lie) => {
    if (place === undefined) throw new Error('a place')
    const told = await place.send(make(place, {}, lie()))
    expect([told.status, told.json['request_uri']]).toEqual([400, undefined])
  })
})
