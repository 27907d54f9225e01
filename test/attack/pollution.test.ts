import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cibaGrant, deviceGrant } from '#domain/client/profile.ts'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { makeHolder, nonceOf, proofBy, tokenOf, type Holder } from '#test/support/hand-made.ts'
import { assertionOf, authorization, authorize, post, redemption, signIn } from '#test/support/journey.ts'
import { makers, type Asker } from '#test/support/kinds.ts'
import { request, type RawAnswer } from '#test/support/raw.ts'

/*
 * P17: parameters said twice, in two places, as lists and objects, under names that mean something to JavaScript, and bytes that are no text, at
 * the endpoints of programs. Forms and the authorization endpoint are in test/flow/bad-input.test.ts.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

type Endpoint = { path: string; /** An honest request, good once. */ fields: () => Promise<Record<string, string>>; headers?: () => Promise<Record<string, string>>; works: (told: RawAnswer) => boolean }

let bearer = ''
let holder: Holder
beforeAll(async () => {
  holder = await makeHolder()
  bearer = (await signIn(scene.at.portal, scene.victim)).tokens.access_token
})
const portal = () => scene.party('portal')

const isGranted = ({ body }: RawAnswer) => body.includes('access_token')

/**
 * Good until it is taken: what is refused has used nothing up. A person is asked a few times only (W11), so one yes has to do for all that is
 * refused.
 */
function untilTaken(make: () => Promise<string>): { value: () => Promise<string>; taken: (told: RawAnswer) => boolean } {
  let made: Promise<string> | undefined
  return {
    value: () => (made ??= make()),
    taken: (told) => {
      if (!isGranted(told)) return false
      made = undefined
      return true
    },
  }
}
const bank = (): Asker => ({ scene, name: 'bank', holder })
const answered = untilTaken(() => makers.auth_req_id(bank()))
const confirmed = untilTaken(() => makers.device_code({ scene, name: 'tax', holder: undefined }))

const endpoints: Readonly<Record<string, Endpoint>> = {
  push: { path: '/par', fields: async () => ({ ...authorization(portal()), claims: '{"userinfo":{"name":null}}', ...(await assertionOf(portal())) }), works: ({ status }) => status === 201 },
  'push of a signed request': {
    path: '/par',
    fields: async () => {
      const now = Math.floor(Date.now() / 1000)
      const { client_assertion: signed = '' } = await assertionOf(scene.party('signing'), { ...authorization(scene.party('signing')), response_mode: 'jwt', sub: undefined, iss: 'signing', nbf: now, exp: now + 60 }, { typ: 'oauth-authz-req+jwt', kid: 'one' })
      return { client_id: 'signing', request: signed, ...(await assertionOf(scene.party('signing'))) }
    },
    works: ({ status }) => status === 201,
  },
  code: {
    path: '/token',
    fields: async () => {
      const { answer, checks } = await authorize(scene.at.portal, scene.victim)
      return { ...redemption(portal(), answer, checks), ...(await assertionOf(portal())) }
    },
    works: isGranted,
  },
  'own token': {
    path: '/token',
    fields: async () => ({ grant_type: 'client_credentials', scope: 'payments', resource: 'https://api.bank.example', ...(await assertionOf(scene.party('tax'))) }),
    works: isGranted,
  },
  introspection: { path: '/introspect', fields: async () => ({ token: bearer, token_type_hint: 'access_token', ...(await assertionOf(portal())) }), works: ({ body }) => body.includes('"active":true') },
  revocation: { path: '/revoke', fields: async () => ({ token: 'x', token_type_hint: 'access_token', ...(await assertionOf(portal())) }), works: ({ status }) => status === 200 },
  'asking at a counter': {
    path: '/backchannel-authentication',
    fields: async () => ({ ...(await scene.at.bank.signed({ scope: 'openid', binding_message: '47', login_hint: scene.attacker.citizen.number })), ...(await assertionOf(scene.party('bank'))) }),
    works: ({ body }) => body.includes('auth_req_id'),
  },
  'the answer from a counter': {
    path: '/token',
    fields: async () => ({ grant_type: cibaGrant, auth_req_id: await answered.value(), ...(await assertionOf(scene.party('bank'))) }),
    headers: async () => ({ DPoP: await proofBy(holder, { url: `${scene.server.issuer}/token`, nonce: await nonceOf(holder, scene.party('bank')) }) }),
    works: answered.taken,
  },
  'asking from a device': {
    path: '/device-authorization',
    fields: async () => ({ scope: 'openid', ...(await assertionOf(scene.party('tax'))) }),
    works: ({ body }) => body.includes('device_code'),
  },
  'the answer to a device': {
    path: '/token',
    fields: async () => ({ grant_type: deviceGrant, device_code: await confirmed.value(), ...(await assertionOf(scene.party('tax'))) }),
    works: confirmed.taken,
  },
  UserInfo: { path: '/userinfo', fields: async () => ({ access_token: bearer }), works: ({ body }) => body.includes('"sub"') },
}

const send = async ({ path, headers = async () => ({}) }: Endpoint, body: string | Buffer, query = '') =>
  request(scene.server.issuer, { method: 'POST', path: `${path}${query}`, body, headers: await headers() })
const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams({ ...fields }).toString()
const isRefused = ({ status }: RawAnswer) => status >= 400 && status < 500

describe.each(Object.entries(endpoints))('P17: %s', (_name, endpoint) => {
  test('works as it should, so that what follows says something', async () => {
    expect(await endpoint.fields().then((fields) => send(endpoint, form(fields)))).toSatisfy(endpoint.works)
  })

  test('refuses each parameter that is said twice, with the same value or another', async () => {
    const names = Object.keys(await endpoint.fields()).filter((name) => name !== 'resource')
    for (const name of names) {
      for (const again of ['same', 'other', '']) {
        const fields = await endpoint.fields()
        const told = await send(endpoint, `${form(fields)}&${form({ [name]: again === 'same' ? (fields[name] ?? '') : again })}`)
        expect([name, again, isRefused(told)]).toEqual([name, again, true])
      }
    }
  })

  test('takes no list, object, other spelling or other separator for a parameter', async () => {
    const names = Object.keys(await endpoint.fields()).filter((name) => !['claims', 'scope', 'state', 'nonce', 'token_type_hint', 'client_id', 'resource'].includes(name))
    for (const name of names) {
      for (const as of [`${name}[]`, `${name}[0]`, `${name}[x]`, `${name}.x`, name.toUpperCase(), ` ${name}`, `${name} `, `${name}\u200b`, `;${name}`, `x;${name}`, `__proto__[${name}]`]) {
        const { [name]: value = '', ...others } = await endpoint.fields()
        const told = await send(endpoint, form({ ...others, [as]: value }))
        expect([as, isRefused(told)]).toEqual([as, true])
      }
    }
  })

  test('reads nothing from its address', async () => {
    const fields = await endpoint.fields()
    expect(isRefused(await send(endpoint, 'a=b', `?${form(fields)}`))).toBe(true)
    const names = Object.keys(fields).filter((name) => !['request'].includes(name))
    const told = await send(endpoint, form(await endpoint.fields()), `?${form(Object.fromEntries(names.map((name) => [name, 'forged'])))}`)
    expect(told).toSatisfy((answer: RawAnswer) => endpoint.works(answer) || isRefused(answer))
    expect(told.body).not.toContain('forged')
  })

  test('is not moved by names that mean something to JavaScript, and says nothing of itself', async () => {
    const odd = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__proto__.admin', 'constructor.prototype.admin', 'then', 'length', '$ne', '0', '', '\u0301', 'x'.repeat(5000)]
    const told = await send(endpoint, `${form(await endpoint.fields())}&${odd.map((name) => `${encodeURIComponent(name)}=1`).join('&')}`)
    expect(told).toSatisfy((answer: RawAnswer) => endpoint.works(answer) || isRefused(answer))
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
    expect(told.body).not.toMatch(/node_modules|TypeError|\.ts:/)
  })

  const bytes = { 'a NUL': '%00', 'a byte that no UTF-8 has': '%ff', 'half a letter': '%e1%ba', 'an overlong slash': '%c0%af', 'a surrogate': '%ed%a0%80' }
  test.each(Object.entries(bytes))('refuses %s in every parameter and in every name', async (_what, encoded) => {
    for (const name of Object.keys(await endpoint.fields())) {
      const { [name]: value = '', ...others } = await endpoint.fields()
      for (const bent of [`${form(others)}&${name}=${encodeURIComponent(value)}${encoded}`, `${form(others)}&${name}=${encoded}${encodeURIComponent(value)}`]) {
        expect([name, (await send(endpoint, bent)).status]).toEqual([name, 400])
      }
    }
    expect((await send(endpoint, `${form(await endpoint.fields())}&a${encoded}=1`)).status).toBe(400)
  })

  test('takes a form only', async () => {
    const fields = await endpoint.fields()
    for (const [type, body] of [['application/json', JSON.stringify(fields)], ['text/plain', form(fields)], ['multipart/form-data; boundary=x', form(fields)], ['application/x-www-form-urlencoded-not', form(fields)], ['', form(fields)]] as const) {
      const told = await request(scene.server.issuer, { method: 'POST', path: endpoint.path, body, headers: { ...(await endpoint.headers?.()), 'Content-Type': type } })
      expect([type, isRefused(told)]).toEqual([type, true])
    }
  })
})

test.each(['the answer from a counter', 'the answer to a device'])('P17: all that was refused has not used up %s', async (name) => {
  const endpoint = endpoints[name]
  expect(endpoint && (await send(endpoint, form(await endpoint.fields())))).toSatisfy((told: RawAnswer) => endpoint?.works(told) === true)
})

describe('P17: headers said twice', () => {
  test('two proofs of who the client is, or of possession, are none', async () => {
    const holder = await makeHolder()
    const token = await tokenOf(holder, { party: scene.party('bank'), who: scene.victim })
    const at = `${scene.server.issuer}/userinfo`
    const proof = () => proofBy(holder, { url: at, method: 'GET', token })
    const twice = async (lines: readonly string[]) => request(scene.server.issuer, { path: '/userinfo', headers: { 'X-A': `1\r\n${lines.join('\r\n')}` } })
    const good = [`Authorization: DPoP ${token}`, `DPoP: ${await proof()}`]
    expect((await twice(good)).status).toBe(200)
    const bad = [
      [`Authorization: DPoP ${token}`, `Authorization: Bearer ${bearer}`, `DPoP: ${await proof()}`, `DPoP: ${await proof()}`],
      [`Authorization: DPoP ${token}`, `DPoP: ${await proof()}`, `DPoP: ${await proof()}`],
      [`Authorization: DPoP ${token}, Bearer ${bearer}`, `DPoP: ${await proof()}`], [`Authorization: DPoP  ${token} x`, `DPoP: ${await proof()}`], [`Authorization: DPoP ${token} ${token}`, `DPoP: ${await proof()}`],
    ]
    for (const lines of bad) expect(isRefused(await twice(lines))).toBe(true)
  })

  test('a client that proves itself in two ways, or names two clients, is refused', async () => {
    const basic = (name: string) => ({ authorization: `Basic ${btoa(`${name}:x`)}` })
    const { issuer } = scene.server
    for (const path of ['/par', '/token', '/introspect', '/revoke']) {
      const proof = await assertionOf(portal())
      const attempts = [
        await post(`${issuer}${path}`, { token: 'x', ...authorization(portal()), grant_type: 'client_credentials', ...proof }, basic('portal')),
        await post(`${issuer}${path}`, { token: 'x', ...authorization(portal()), grant_type: 'client_credentials', ...proof, client_secret: 'x' }),
        await post(`${issuer}${path}`, { token: 'x', ...authorization(portal()), grant_type: 'client_credentials', ...proof, client_id: 'bank' }),
        await post(`${issuer}${path}`, { token: 'x', grant_type: 'client_credentials', client_id: 'app' }, basic('portal')),
      ]
      expect([path, attempts.map(({ status }) => status >= 400 && status < 500)]).toEqual([path, [true, true, true, true]])
    }
  })
})
