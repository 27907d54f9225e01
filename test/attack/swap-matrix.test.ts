import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cibaGrant, deviceGrant } from '#domain/client/profile.ts'
import { makeScene, type Scene } from '#test/support/attack-scene.ts'
import { fillIn } from '#test/support/citizen.ts'
import { decline, openRequest } from '#test/support/counter.ts'
import { ask, authorizeBy, makeHolder, proofBy } from '#test/support/hand-made.ts'
import { assertionOf, authorization, get, post, redemption } from '#test/support/journey.ts'
import { askAtCounter, makers, partyOf, send, url, type Asker, type Kind } from '#test/support/kinds.ts'
import { formAt, makeVisitor } from '#test/support/visitor.ts'
import { leaveAt } from '#test/support/test-clients.ts'

/*
 * P12 (RFC 8725 §3.11, §3.12): every kind of token, handle and secret that we make or take is sent to every place that takes one. All are of
 * the same client and the same person and alive, so that only their kind is wrong. What a place takes is written beside it; a combination
 * that is not written there and works, and one that is written there and does not, are both faults.
 */
let scene: Scene
beforeAll(async () => {
  scene = await makeScene()
})
afterAll(() => scene.server.close())

type Place = {
  takes: readonly Kind[]
  /** The one client that has this place, where it is not of every client. */
  of?: Asker['name']
  /** Whether the value did there what its place is for. */
  works: (asker: Asker, value: string) => Promise<boolean>
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const ok = ({ status }: { status: number }) => status === 200
const victimCookie = ({ scene: { server, victim } }: Asker) => victim.visitor.jar.header(new URL('/authorize', server.issuer))
const redirected = (told: { headers: Headers }) => new URL(told.headers.get('location') ?? 'none:').searchParams
const isAnswer = (parameters: URLSearchParams) => parameters.has('code') || parameters.has('response')
const authorizeUrl = (asker: Asker, query: Record<string, string>) => url(asker, `/authorize?${new URLSearchParams(query).toString()}`)
const tokenRequest = (asker: Asker, fields: Record<string, string>) => send(asker, '/token', async () => ({ ...fields, ...(await assertionOf(partyOf(asker))) }))

async function asksUserInfo(asker: Asker, value: string): Promise<boolean> {
  const at = url(asker, '/userinfo')
  const bearer = ok(await ask(at, { authorization: `Bearer ${value}` }).catch(() => ({ status: 400 })))
  if (asker.holder === undefined) return bearer
  return bearer || ok(await ask(at, { authorization: `DPoP ${value}`, dpop: await proofBy(asker.holder, { url: at, method: 'GET', token: value }) }))
}

async function hints(asker: Asker, value: string): Promise<boolean> {
  const told = await post(url(asker, '/par'), { ...authorization(partyOf(asker)), id_token_hint: value, prompt: 'none', ...(await assertionOf(partyOf(asker))) })
  const pushed = authorizeUrl(asker, { client_id: asker.name, request_uri: String(told.json['request_uri']) })
  return told.status === 201 && isAnswer(redirected(await get(pushed, { cookie: victimCookie(asker) })))
}

async function seesInteraction(asker: Asker, path: string): Promise<boolean> {
  return ok(await get(url(asker, path), { cookie: victimCookie(asker), accept: 'text/html' }))
}

async function isSession(asker: Asker, value: string): Promise<boolean> {
  const { url: begun } = await asker.scene.at[asker.name].begin({ prompt: 'none' })
  const [id, signature] = value.split('.')
  const told = await get(begun.href, { cookie: `eid-session=${id}; eid-session.sig=${signature ?? 'A'.repeat(27)}` })
  return isAnswer(redirected(told))
}

async function provesKey(asker: Asker, value: string, path: string): Promise<boolean> {
  const party = partyOf(asker)
  const fields = path === '/par' ? authorization(party) : { grant_type: 'client_credentials' }
  return (await post(url(asker, path), { ...fields, ...(await assertionOf(party)) }, { dpop: value })).status < 300
}

/** Nobody is signed out: the page that would ask is enough. */
async function hintsSignOut(asker: Asker, value: string): Promise<boolean> {
  return ok(await get(url(asker, `/end-session?id_token_hint=${encodeURIComponent(value)}`), { accept: 'text/html', cookie: victimCookie(asker) }))
}

async function endsForm(asker: Asker, value: string): Promise<boolean> {
  const visitor = makeVisitor({ leaveAt })
  const page = await visitor.open((await asker.scene.at[asker.name].begin()).url)
  const told = await visitor.submit(new URL(formAt(page.text, '/cancel').action, page.url), { csrf: value }, page.url)
  return told.status === 0
}

/** As it is, then with a sign-out on its way that it could be the token of. */
async function endsSession(asker: Asker, value: string): Promise<boolean> {
  const confirm = async () => (await post(url(asker, '/end-session/confirm'), { xsrf: value }, { cookie: victimCookie(asker) })).status < 400
  if (await confirm()) return true
  await asker.scene.victim.visitor.open(url(asker, '/end-session'))
  return confirm()
}

/** Ends what hangs on it, or nothing: asked of a token that stands beside it. */
async function revokes(asker: Asker, value: string): Promise<boolean> {
  const client = () => assertionOf(partyOf(asker))
  const beside = await makers['access token'](asker)
  await post(url(asker, '/revoke'), { token: value, ...(await client()) })
  return (await post(url(asker, '/introspect'), { token: beside, ...(await client()) })).json['active'] !== true
}

/** Known for what it is, also where nothing is to be heard of it yet. */
async function isWaitedFor(asker: Asker, fields: Record<string, string>): Promise<boolean> {
  const told = await tokenRequest(asker, fields)
  return ok(told) || ['authorization_pending', 'slow_down', 'access_denied', 'expired_token'].includes(String(told.json['error']))
}

/** Whoever was asked says no, so that nobody's requests pile up (W11). */
async function asksSomebody(asker: Asker, hint: Record<string, string>): Promise<boolean> {
  const told = await askAtCounter(asker, hint)
  if (told.json['error'] === 'temporarily_unavailable') throw new Error('a limit answered, so this says nothing')
  if (ok(told)) await decline(asker.scene.victim, await openRequest(asker.scene.server, asker.scene.victim), 'not-me')
  return ok(told)
}

/** In a browser of its own, for each has so many guesses. */
async function isCodeOfDevice(asker: Asker, value: string): Promise<boolean> {
  const visitor = makeVisitor({ leaveAt })
  const page = await fillIn(visitor, await visitor.open(url(asker, '/thiet-bi')), '/thiet-bi', { user_code: value })
  if (page.status === 429) throw new Error('a limit answered, so this says nothing')
  return ok(page) && page.text.includes('name="confirm"')
}

async function isRequestToAnswer(asker: Asker, value: string): Promise<boolean> {
  const page = await asker.scene.victim.visitor.open(url(asker, `/tai-khoan/yeu-cau/${encodeURIComponent(value)}`))
  return ok(page) && page.text.includes('/ma-so"')
}

const places: Readonly<Record<string, Place>> = {
  'as a token at UserInfo': { takes: ['access token'], works: asksUserInfo },
  'as a form field at UserInfo': { takes: [], works: async (asker, value) => asker.holder !== undefined && ok(await post(url(asker, '/userinfo'), { access_token: value })) },
  'as a code': {
    takes: [],
    works: async (asker, value) => {
      const given = await authorizeBy(asker.holder, { party: partyOf(asker), who: asker.scene.victim })
      return ok(await tokenRequest(asker, { ...redemption(partyOf(asker), given.answer, given.checks), code: value }))
    },
  },
  'as a refresh token': { takes: ['refresh token'], works: async (asker, value) => ok(await tokenRequest(asker, { grant_type: 'refresh_token', refresh_token: value })) },
  'as a verifier': {
    takes: [],
    works: async (asker, value) => {
      const given = await authorizeBy(asker.holder, { party: partyOf(asker), who: asker.scene.victim })
      return ok(await tokenRequest(asker, { ...redemption(partyOf(asker), given.answer, given.checks), code_verifier: value }))
    },
  },
  'as a client assertion': {
    takes: ['client assertion'],
    works: async (asker, value) => ok(await post(url(asker, '/introspect'), { token: 'x', client_assertion_type: assertionType, client_assertion: value })),
  },
  'as a client secret': {
    takes: [],
    works: async (asker, value) => ok(await post(url(asker, '/introspect'), { token: 'x', client_id: asker.name, client_secret: value })) ||
      ok(await post(url(asker, '/introspect'), { token: 'x' }, { authorization: `Basic ${btoa(`${asker.name}:${encodeURIComponent(value)}`)}` })),
  },
  'to be told about': {
    takes: ['access token', 'access token for an API', 'own token', 'refresh token'],
    works: async (asker, value) => (await post(url(asker, '/introspect'), { token: value, ...(await assertionOf(partyOf(asker))) })).json['active'] === true,
  },
  'as a pushed request': {
    takes: ['request_uri'],
    works: async (asker, value) => isAnswer(redirected(await get(authorizeUrl(asker, { client_id: asker.name, request_uri: value }), { cookie: victimCookie(asker) }))),
  },
  'as a request object that is pushed': {
    takes: ['request object'],
    works: async (asker, value) => (await post(url(asker, '/par'), { request: value, client_id: asker.name, ...(await assertionOf(partyOf(asker))) })).status === 201,
  },
  'as a request object in the browser': {
    takes: [],
    works: async (asker, value) => asker.name === 'bank' && isAnswer(redirected(await get(authorizeUrl(asker, { client_id: asker.name, request: value }), { cookie: victimCookie(asker) }))),
  },
  'as a hint who signs in': { takes: ['ID token'], works: hints },
  'as a hint who signs out': { takes: ['ID token'], works: hintsSignOut },
  'as a proof of possession at the push': { takes: [], works: (asker, value) => provesKey(asker, value, '/par') },
  'as a proof of possession at the token endpoint': { takes: [], works: async (asker, value) => asker.holder !== undefined && provesKey(asker, value, '/token') },
  'as a nonce of a proof': {
    takes: ['nonce of proofs'],
    works: async (asker, nonce) => asker.holder !== undefined && provesKey(asker, await proofBy(asker.holder, { url: url(asker, '/token'), nonce }), '/token'),
  },
  'as a session': { takes: ['session cookie with its signature'], works: isSession },
  'as an interaction': { takes: [], works: (asker, value) => seesInteraction(asker, `/interaction/${encodeURIComponent(value)}`) },
  'as a way back from an interaction': {
    takes: [],
    works: async (asker, value) => isAnswer(redirected(await get(url(asker, `/authorize/${encodeURIComponent(value)}`), { cookie: victimCookie(asker) }))),
  },
  'as the token of a form': { takes: [], works: endsForm },
  'as what ends the session': {
    takes: ['token of the sign-out'],
    works: endsSession,
  },
  'to be revoked': { takes: ['access token', 'access token for an API', 'refresh token'], works: revokes },
  'as an auth_req_id': { takes: ['auth_req_id'], works: (asker, value) => isWaitedFor(asker, { grant_type: cibaGrant, auth_req_id: value }) },
  'as a device code': { takes: ['device_code'], works: (asker, value) => isWaitedFor(asker, { grant_type: deviceGrant, device_code: value }) },
  'as the code on a device': { takes: ['user_code'], works: isCodeOfDevice },
  'as a hint at the counter': { takes: ['personal number'], of: 'bank', works: (asker, login_hint) => asksSomebody(asker, { login_hint }) },
  'as an ID token at the counter': { takes: ['ID token'], of: 'bank', works: (asker, id_token_hint) => asksSomebody(asker, { id_token_hint }) },
  'as a request on "my e-ID"': { takes: ['id of a request on "my e-ID"'], works: isRequestToAnswer },
}

const everywhere = Object.entries(places)
const ofBank: readonly Kind[] = ['proof of possession', 'nonce of proofs', 'auth_req_id', 'personal number', 'id of a request on "my e-ID"']
const isKind = (name: string): name is Kind => Object.hasOwn(makers, name)
const kinds = Object.keys(makers).filter(isKind)
let combinations = 0

describe.each(['bank', 'tax'] as const)('P12: of %s', (name) => {
  let asker: Asker
  beforeAll(async () => {
    asker = { scene, name, holder: name === 'bank' ? await makeHolder() : undefined }
  })

  test.each(kinds.filter((kind) => name === 'bank' || !ofBank.includes(kind)))('%s works where it belongs and nowhere else', async (kind) => {
    const value = await makers[kind](asker)
    expect(value).toMatch(/^.{4,}$/)
    for (const [place, { takes, of = name, works }] of everywhere) {
      combinations += 1
      expect([place, await works(asker, value)]).toEqual([place, of === name && takes.includes(kind)])
    }
  })
})

test('P12: the matrix is as large as it says', () => {
  console.log(`swap matrix: ${kinds.length} kinds at ${everywhere.length} places for two clients, ${combinations} combinations`)
  expect(combinations).toBe((2 * kinds.length - ofBank.length) * everywhere.length)
})
