import { randomUUID } from 'node:crypto'
import { decodeJwt, importJWK, SignJWT } from 'jose'
import { api, otherApi, type Scene } from './attack-scene.ts'
import { fillIn } from './citizen.ts'
import { openRequest, sayYes } from './counter.ts'
import { authorizeBy, ask, bearing, nonceOf, postProven, proofBy, redeem, said, type Holder } from './hand-made.ts'
import { arrive, assertionOf, authorization, post, redemption, type Told } from './journey.ts'
import { leaveAt } from './test-clients.ts'
import { embeddedJson, formAt, hiddenFields, makeVisitor } from './visitor.ts'

/** Who asks: a client of the scene with a key, and the key that its tokens are bound to, if they are. */
export type Asker = { scene: Scene; name: 'bank' | 'tax'; holder: Holder | undefined }

export type Kind = 'access token' | 'access token for an API' | 'JWT access token' | 'own token' | 'ID token' | 'refresh token' | 'code' | 'verifier' | 'request_uri' | 'id of a pushed request'
  | 'client assertion' | 'request object' | 'proof of possession' | 'nonce of proofs' | 'signed response' | 'signed introspection' | 'signed UserInfo' | 'logout token'
  | 'session cookie' | 'session cookie with its signature' | 'interaction cookie' | 'interaction id' | 'CSRF token' | 'token of the sign-out' | 'challenge of a passkey' | 'pairwise subject' | 'session id'
  | 'auth_req_id' | 'device_code' | 'user_code' | 'personal number' | 'id of a request on "my e-ID"'

export const partyOf = ({ scene, name }: Asker) => scene.party(name)
export const url = ({ scene }: Asker, path: string) => `${scene.server.issuer}${path}`

/** Sends a form as this client would, proven or not. */
export function send(asker: Asker, path: string, fields: () => Promise<Record<string, string>>) {
  return asker.holder === undefined ? fields().then((form) => post(url(asker, path), form)) : postProven(asker.holder, url(asker, path), fields)
}

async function tokens(asker: Asker, parameters: Record<string, string> = {}, more: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const from = { party: partyOf(asker), who: asker.scene.victim, parameters }
  const given = await authorizeBy(asker.holder, from)
  const { json, text } = asker.holder === undefined
    ? await post(url(asker, '/token'), { ...redemption(from.party, given.answer, given.checks), ...(await assertionOf(from.party)), ...more })
    : await redeem(asker.holder, from.party, given, more)
  if (typeof json['access_token'] !== 'string') throw new Error(text)
  return json
}

const accessToken = async (asker: Asker) => String((await tokens(asker))['access_token'])
const forApi = async (asker: Asker, { identifier, scopes: [scope] }: typeof api) =>
  String((await tokens(asker, { scope: `openid ${scope?.name}`, resource: identifier }, { resource: identifier }))['access_token'])

async function signInPage(asker: Asker) {
  const visitor = makeVisitor({ leaveAt })
  return { visitor, page: await visitor.open((await asker.scene.at[asker.name].begin()).url) }
}

const victimCookies = ({ scene }: Asker) => scene.victim.visitor.jar.read(new URL(scene.server.issuer))

/** One of each kind, made now. All are this client's, of the same person: nothing but their kind keeps them apart. */
export const makers: Readonly<Record<Kind, (asker: Asker) => Promise<string>>> = {
  'access token': accessToken,
  'access token for an API': (asker) => forApi(asker, api),
  'JWT access token': (asker) => forApi(asker, otherApi),
  'own token': async (asker) => {
    const told = await send(asker, '/token', async () => ({ grant_type: 'client_credentials', resource: api.identifier, scope: 'payments', ...(await assertionOf(partyOf(asker))) }))
    return String(told.json['access_token'])
  },
  'ID token': async (asker) => String((await tokens(asker))['id_token']),
  'refresh token': async (asker) => String((await tokens(asker, { scope: 'openid offline_access', prompt: 'consent' }))['refresh_token']),
  code: async (asker) => (await authorizeBy(asker.holder, { party: partyOf(asker), who: asker.scene.victim })).answer.searchParams.get('code') ?? '',
  verifier: async (asker) => (await authorizeBy(asker.holder, { party: partyOf(asker), who: asker.scene.victim })).checks.verifier,
  request_uri: async (asker) => (await asker.scene.at[asker.name].begin()).url.searchParams.get('request_uri') ?? '',
  'id of a pushed request': async (asker) => (await asker.scene.at[asker.name].begin()).url.searchParams.get('request_uri')?.split(':').at(-1) ?? '',
  'client assertion': async (asker) => (await assertionOf(partyOf(asker)))['client_assertion'] ?? '',
  'request object': (asker) => requestObject(asker),
  'proof of possession': async (asker) => (asker.holder === undefined ? 'none' : proofBy(asker.holder, { url: url(asker, '/userinfo'), method: 'GET', token: 'x' })),
  'nonce of proofs': async (asker) => (asker.holder === undefined ? 'none' : nonceOf(asker.holder, partyOf(asker))),
  'signed response': async (asker) => (await authorizeBy(asker.holder, { party: partyOf(asker), who: asker.scene.victim, parameters: { response_mode: 'jwt' } })).answer.searchParams.get('response') ?? '',
  'signed introspection': async (asker) => {
    const fields = { token: await accessToken(asker), ...(await assertionOf(partyOf(asker))) }
    return (await post(url(asker, '/introspect'), fields, { accept: 'application/token-introspection+jwt' })).text
  },
  'signed UserInfo': async (asker) => {
    const token = await accessToken(asker)
    const at = url(asker, '/userinfo')
    return (await (asker.holder === undefined ? ask(at, { authorization: `Bearer ${token}` }) : ask(at, await bearing(asker.holder, token, at)))).text
  },
  'logout token': async (asker) => logoutToken(asker),
  'session cookie': async (asker) => victimCookies(asker).get('eid-session') ?? '',
  'session cookie with its signature': async (asker) => `${victimCookies(asker).get('eid-session') ?? ''}.${victimCookies(asker).get('eid-session.sig') ?? ''}`,
  'interaction cookie': async (asker) => {
    const { visitor, page } = await signInPage(asker)
    return visitor.jar.read(page.url).get('eid-interaction') ?? ''
  },
  'interaction id': async (asker) => (await signInPage(asker)).page.url.pathname.split('/').at(-1) ?? '',
  'CSRF token': async (asker) => formAt((await signInPage(asker)).page.text, '/cancel').fields['csrf'] ?? '',
  'token of the sign-out': async (asker) => hiddenFields((await asker.scene.victim.visitor.open(url(asker, '/end-session'))).text)['xsrf'] ?? '',
  'challenge of a passkey': async (asker) => {
    const options = embeddedJson((await signInPage(asker)).page.text, 'passkey-options')
    return String(Reflect.get(Object(options), 'challenge'))
  },
  'pairwise subject': async (asker) => String(decodeJwt(String((await tokens(asker))['id_token']))['sub']),
  'session id': async (asker) => String(decodeJwt(String((await tokens(asker))['id_token']))['sid']),
  // Said yes to: nothing is missing but that it is sent to the right place.
  auth_req_id: async (asker) => {
    const asked = await askAtCounter(asker)
    await comeHome(asker)
    await sayYes(asker.scene.server, asker.scene.victim)
    return String(asked.json['auth_req_id'])
  },
  device_code: async (asker) => {
    const asked = await askOnDevice(asker)
    await comeHome(asker)
    await letIn(asker, String(asked.json['user_code']))
    return String(asked.json['device_code'])
  },
  user_code: async (asker) => String((await askOnDevice(asker)).json['user_code']),
  'personal number': async (asker) => asker.scene.victim.citizen.number,
  'id of a request on "my e-ID"': async (asker) => {
    await askAtCounter(asker)
    await comeHome(asker)
    return (await openRequest(asker.scene.server, asker.scene.victim)).url.pathname.split('/').at(-1) ?? ''
  },
}

/** Asks for the victim by number, or for whomever else is hinted at (CIBA Core §7.1). */
export async function askAtCounter(asker: Asker, hint: Record<string, string> = { login_hint: asker.scene.victim.citizen.number }): Promise<Told> {
  const request = await asker.scene.at[asker.name].signed({ scope: 'openid', binding_message: '47', ...hint })
  return post(url(asker, '/backchannel-authentication'), { ...request, ...(await assertionOf(partyOf(asker))) })
}

/** RFC 8628 §3.1. */
export async function askOnDevice(asker: Asker): Promise<Told> {
  return post(url(asker, '/device-authorization'), { scope: 'openid', ...(await assertionOf(partyOf(asker))) })
}

/** The victim is signed in on "my e-ID", again if need be. */
async function comeHome({ scene: { server, victim: { visitor, citizen } } }: Asker): Promise<void> {
  await arrive(visitor, await visitor.open(`${server.issuer}/tai-khoan`), citizen)
}

async function letIn(asker: Asker, code: string): Promise<void> {
  const { visitor, citizen } = asker.scene.victim
  const confirm = await fillIn(visitor, await visitor.open(url(asker, '/thiet-bi')), '/thiet-bi', { user_code: code })
  await arrive(visitor, await fillIn(visitor, confirm, '/thiet-bi', { confirm: 'yes' }), citizen)
}

export async function requestObject(asker: Asker, claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
  const party = partyOf(asker)
  const now = Math.floor(Date.now() / 1000)
  const request = { ...authorization(party), iss: party.clientId, sub: undefined, nbf: now, exp: now + 60, ...claims }
  return (await assertionOf(party, request, { typ: 'oauth-authz-req+jwt', kid: 'one', ...header }))['client_assertion'] ?? ''
}

/** What a sign-out sends to the client, by the same key (OpenID Back-Channel Logout 1.0 §2.4). */
async function logoutToken(asker: Asker): Promise<string> {
  const hint = decodeJwt(String((await tokens(asker))['id_token']))
  const keys = asker.scene.server.house.keyring.jwks.keys
  const jwk = keys.find(({ alg }) => alg === 'ES256')
  if (jwk === undefined) throw new Error('a key')
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: hint['iss'], aud: hint['aud'], sub: hint['sub'], sid: hint['sid'], iat: now, exp: now + 120, jti: randomUUID(), events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }
  return new SignJWT(said(claims)).setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', kid: String(jwk.kid) }).sign(await importJWK({ ...jwk }, 'ES256'))
}
