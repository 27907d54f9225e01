import * as client from 'openid-client'
import type { Pending, SignedIn } from './session.ts'

/** One service that hands sign-in over to the provider. Its keys never leave this program. */
export type Service = {
  issuer: URL
  clientId: string
  /** Where this service lives, without a trailing slash. */
  origin: string
  clientAuth: client.ClientAuth
  /** What it asks for: scope, claims, acr_values. */
  wants: Readonly<Record<string, string>>
  /**
   * FAPI 2.0: the request goes straight to the provider (RFC 9126), so that the browser carries only a reference, and tokens are bound to a
   * key that never leaves this program (RFC 9449).
   */
  fapi: boolean
}

export type SignIn = {
  /** `more` takes the place of what is usually asked for. */
  begin: (language: string, more?: Readonly<Record<string, string>>) => Promise<{ to: URL; pending: Pending }>
  /** Throws what openid-client throws: `AuthorizationResponseError` for a refusal, others for an answer that is not sound. */
  finish: (answer: URL, pending: Pending) => Promise<SignedIn>
  /** Where to sign out of the provider too (OpenID Connect RP-Initiated Logout §2), when it can. */
  signOut: (signedIn: SignedIn) => Promise<URL>
}

export async function privateKeyJwt(jwk: JsonWebKey & { kid: string }): Promise<client.ClientAuth> {
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])
  return client.PrivateKeyJwt({ key, kid: jwk.kid })
}

export function makeSignIn(service: Service): SignIn {
  const config = discoverOnce(service)
  return {
    begin: async (language, more = {}) => begin({ ...service, wants: { ...service.wants, ...more } }, await config(), language),
    finish: async (answer, pending) => finish(await config(), answer, pending),
    signOut: async (signedIn) => {
      const home = new URL('/signed-out', service.origin)
      const { config: known } = await config()
      if (known.serverMetadata().end_session_endpoint === undefined) return home
      return client.buildEndSessionUrl(known, { id_token_hint: signedIn.idToken, post_logout_redirect_uri: home.href })
    },
  }
}

/** The provider as this service knows it, and the proof of possession that goes with each request where it speaks FAPI. */
type Known = { config: client.Configuration; proof: client.DPoPOptions }

/** Discovery waits for the first visitor and is tried again after a failure: the provider may start later than we do. */
function discoverOnce(service: Service): () => Promise<Known> {
  let found: Known | undefined
  const plainHttp = service.issuer.protocol === 'http:' && service.issuer.hostname === 'localhost'
  return async () => {
    found ??= await discover(service, plainHttp)
    return found
  }
}

async function discover({ issuer, clientId, clientAuth, fapi }: Service, plainHttp: boolean): Promise<Known> {
  const metadata = { id_token_signed_response_alg: 'ES256' }
  const config = await client.discovery(issuer, clientId, metadata, clientAuth, { timeout: 10, execute: plainHttp ? [client.allowInsecureRequests] : [] })
  return { config, proof: fapi ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair()) } : {} }
}

async function begin(service: Service, { config, proof }: Known, language: string) {
  const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
  const parameters = {
    ...service.wants,
    response_type: 'code',
    redirect_uri: new URL('/callback', service.origin).href,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ui_locales: language,
  }
  const to = service.fapi
    ? await client.buildAuthorizationUrlWithPAR(config, parameters, proof)
    : client.buildAuthorizationUrl(config, parameters)
  return { to, pending }
}

async function finish({ config, proof }: Known, answer: URL, pending: Pending): Promise<SignedIn> {
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: pending.verifier,
    expectedState: pending.state,
    expectedNonce: pending.nonce,
    idTokenExpected: true,
  }, {}, proof)
  const token = tokens.claims()
  if (!token || !tokens.id_token) throw new Error('no ID token although one was expected')
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, token.sub, proof)
  return { idToken: tokens.id_token, token, userinfo }
}
