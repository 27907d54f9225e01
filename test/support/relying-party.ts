import * as client from 'openid-client'

/** How the client proves itself at the token endpoint (RFC 7591 §2 `token_endpoint_auth_method`). */
export type Proof =
  | { method: 'private_key_jwt'; jwk: JsonWebKey & { kid?: string } }
  | { method: 'client_secret_basic' | 'client_secret_post'; secret: string }
  | { method: 'none' }

export type Party = { issuer: string; clientId: string; redirectUri: string; proof: Proof; idTokenAlg?: string }

/** What the answer must match; made by `begin`, asked for by `finish`. */
export type Checks = { state: string; nonce: string; verifier: string }

export type SignedIn = {
  tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>
  /** Claims of the ID token, verified by the library. */
  claims: Readonly<Record<string, unknown>> & { sub: string }
}

export type RelyingParty = {
  config: client.Configuration
  /** Pushes the request (RFC 9126) unless told not to; `parameters` override any of the usual ones, an empty value removes it. */
  begin: (parameters?: Readonly<Record<string, string>>, options?: { pushed?: boolean }) => Promise<{ url: URL; checks: Checks }>
  finish: (answer: URL, checks: Checks) => Promise<SignedIn>
  userinfo: (signedIn: SignedIn) => Promise<client.UserInfoResponse>
  signOutUrl: (signedIn: SignedIn, returnTo?: string) => URL
}

const importParameters: Record<string, EcKeyImportParams | RsaHashedImportParams | Algorithm> = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
}

async function authOf(proof: Proof): Promise<client.ClientAuth> {
  if (proof.method === 'none') return client.None()
  if (proof.method !== 'private_key_jwt') {
    return proof.method === 'client_secret_basic' ? client.ClientSecretBasic(proof.secret) : client.ClientSecretPost(proof.secret)
  }
  const parameters = importParameters[proof.jwk.alg ?? 'ES256'] ?? importParameters['ES256']
  if (!parameters) throw new Error(`no way to import a key for ${proof.jwk.alg}`)
  const key = await crypto.subtle.importKey('jwk', proof.jwk, parameters, false, ['sign'])
  return client.PrivateKeyJwt(proof.jwk.kid === undefined ? key : { key, kid: proof.jwk.kid })
}

/** A relying party made with the certified client library, so that what it accepts is what the world accepts. */
export async function makeRelyingParty(party: Party): Promise<RelyingParty> {
  const plain = party.issuer.startsWith('http://localhost')
  const config = await client.discovery(
    new URL(party.issuer),
    party.clientId,
    { id_token_signed_response_alg: party.idTokenAlg ?? 'ES256' },
    await authOf(party.proof),
    { timeout: 10, execute: plain ? [client.allowInsecureRequests] : [] },
  )
  return {
    config,
    begin: (parameters = {}, { pushed = true } = {}) => begin(config, party, { parameters, pushed }),
    finish: (answer, checks) => finish(config, answer, checks),
    userinfo: ({ tokens, claims }) => client.fetchUserInfo(config, tokens.access_token, claims.sub),
    signOutUrl: ({ tokens }, returnTo) => client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      ...(returnTo === undefined ? {} : { post_logout_redirect_uri: returnTo }),
    }),
  }
}

async function begin(
  config: client.Configuration,
  party: Party,
  { parameters, pushed }: { parameters: Readonly<Record<string, string>>; pushed: boolean },
): Promise<{ url: URL; checks: Checks }> {
  const checks = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
  const asked = {
    response_type: 'code',
    redirect_uri: party.redirectUri,
    scope: 'openid',
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
    ...parameters,
  }
  const sent = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''))
  const url = pushed ? await client.buildAuthorizationUrlWithPAR(config, sent) : client.buildAuthorizationUrl(config, sent)
  return { url, checks }
}

async function finish(config: client.Configuration, answer: URL, checks: Checks): Promise<SignedIn> {
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: checks.verifier,
    expectedState: checks.state,
    expectedNonce: checks.nonce,
    idTokenExpected: true,
  })
  const claims = tokens.claims()
  if (!claims) throw new Error('no ID token although one was expected')
  return { tokens, claims }
}
