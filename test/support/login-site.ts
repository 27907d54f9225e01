import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose'
import * as client from 'openid-client'
import { cookieIn } from '#kernel/cookie.ts'
import { clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import { publicKey } from '#domain/sandbox/public-key.ts'
import type { OpenSandbox } from '#app/sandbox/sandbox.ts'
import { freePorts } from './ports.ts'

/** What a careless program leaves out. */
export type Careless = { signature?: boolean; browser?: boolean; acr?: boolean; /** Takes every logout. */ logout?: boolean; /** Looks at a logout as at any token. */ logoutClaims?: boolean; /** Has no page for a code that was refused. */ refusal?: boolean }

export type LoginSite = { id: ClientId; origin: string; addresses: { initiate: string; logout: string }; /** How many signed in. */ signedIn: () => number; close: () => Promise<void> }

type Begun = { state: string; nonce: string; verifier: string }

/** What a developer copies from the pages of an application, and the key made there. */
export type Values = { issuer: string; id: string; redirectUri: string; key: JsonWebKey & { kid?: string } }

/** A service of a developer's that listens, with a client of its own. */
export async function openLoginSite({ sandbox }: Pick<OpenSandbox, 'sandbox'>, owner: AccountId, careless: Careless = {}): Promise<LoginSite> {
  const [port = 0] = await freePorts(1)
  const redirectUri = `http://localhost:${port}/callback`
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'one', alg: 'ES256', use: 'sig' }
  const made = await sandbox.clients.register(owner, { name: 'Cổng thử', redirectUri, kind: 'key', key: publicKey.parse({ ...pair.publicKey.export({ format: 'jwk' }), ...named }) })
  if (made.is !== 'done') throw new Error(JSON.stringify(made))
  return serveLoginSite({ issuer: sandbox.issuer, id: made.done.id, redirectUri, key: { ...pair.privateKey.export({ format: 'jwk' }), ...named } }, careless)
}

/** With an ordinary library: begins a sign-in where it is asked to, and ends it at its redirect URI. */
export async function serveLoginSite({ issuer, id, redirectUri, key: jwk }: Values, careless: Careless = {}): Promise<LoginSite> {
  const { origin, port } = new URL(redirectUri)
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  const discover = () => client.discovery(new URL(issuer), id, { id_token_signed_response_alg: 'ES256' }, client.PrivateKeyJwt({ key, kid: jwk.kid ?? 'one' }), {
    execute: [client.allowInsecureRequests, ...(careless.signature === true ? [] : [client.enableNonRepudiationChecks])],
  })
  const began = new Map<string, Begun>()
  const heard = new Set<string>()
  let count = 0

  async function begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (new URL(request.url ?? '', origin).searchParams.get('iss') !== issuer) return answer(response, 400, 'another issuer')
    const [state, nonce, verifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
    const browser = careless.browser === true ? state : randomUUID()
    began.set(browser, { state, nonce, verifier })
    const url = client.buildAuthorizationUrl(await discover(), {
      redirect_uri: redirectUri, scope: 'openid profile', state, nonce, code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    })
    response.writeHead(303, { location: url.href, 'set-cookie': `browser=${browser}; HttpOnly; SameSite=Lax; Path=/` }).end()
  }

  async function finish(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', origin)
    const browser = careless.browser === true ? url.searchParams.get('state') ?? '' : cookieIn(request.headers, 'browser') ?? ''
    const expected = began.get(browser)
    began.delete(browser)
    if (expected === undefined) return answer(response, 400, 'nobody began this here')
    const tokens = await client.authorizationCodeGrant(await discover(), url, { pkceCodeVerifier: expected.verifier, expectedState: expected.state, expectedNonce: expected.nonce, idTokenExpected: true })
    if (careless.acr !== true && tokens.claims()?.['acr'] !== 'urn:vn:eid:loa:2') return answer(response, 403, 'too low')
    count += 1
    response.writeHead(303, { location: '/home', 'set-cookie': 'session=yes; HttpOnly; Path=/' }).end()
  }

  /** Back-Channel Logout 1.0 §2.6. */
  function mustBeLogout({ jti = '', nonce, events }: JWTPayload): void {
    const isLogout = typeof events === 'object' && events !== null && 'http://schemas.openid.net/event/backchannel-logout' in events
    if (!isLogout || nonce !== undefined || heard.has(jti)) throw new Error('no logout, or an old one')
    heard.add(jti)
  }

  async function logout(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk)
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? ''
    if (careless.logout !== true) {
      const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${issuer}/jwks`)), { issuer, audience: id, typ: 'logout+jwt' })
      if (careless.logoutClaims !== true) mustBeLogout(payload)
    }
    answer(response, 200, '')
  }

  const paths: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void>> = {
    '/login': begin, '/callback': finish, '/logout': logout, '/home': (_, response) => answer(response, 200, 'hello'),
  }
  const server = createServer((request, response) => {
    const act = paths[new URL(request.url ?? '', origin).pathname] ?? nothing
    Promise.resolve(act(request, response)).catch((error: unknown) => answer(response, careless.refusal === true && error instanceof client.ResponseBodyError ? 500 : 400, 'not signed in'))
  })
  await new Promise<void>((listening) => server.listen(Number(port), listening))
  return {
    id: clientId.parse(id), origin, addresses: { initiate: `${origin}/login`, logout: `${origin}/logout` }, signedIn: () => count,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

const nothing = (_: IncomingMessage, response: ServerResponse) => answer(response, 404, 'nothing')

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
}
