import * as client from 'openid-client'

/** How the client proves itself at the token endpoint (RFC 7591 §2 `token_endpoint_auth_method`). */
export type Proof =
  | { method: 'private_key_jwt'; jwk: JsonWebKey & { kid?: string } }
  | { method: 'client_secret_basic' | 'client_secret_post'; secret: string }
  | { method: 'none' }

export type Party = { issuer: string; clientId: string; redirectUri: string; proof: Proof; idTokenAlg?: string; profile?: 'baseline' | 'fapi2' | 'fapi2-ms'; /** Opens what is encrypted to it. */ decryption?: client.DecryptionKey; /** Further members of the client's metadata, for the library. */ metadata?: Partial<client.ClientMetadata> }

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
  /** The parameters of a request as the one that signs them all. */
  signed: (parameters: Readonly<Record<string, string>>) => Promise<Record<string, string>>
  /** Redeems the code; `parameters` are sent along (RFC 8707 `resource`). */
  finish: (answer: URL, checks: Checks, parameters?: Readonly<Record<string, string>>) => Promise<SignedIn>
  refresh: (refreshToken: string, parameters?: Readonly<Record<string, string>>) => Promise<client.TokenEndpointResponse>
  /** Tokens of the service itself (RFC 6749 §4.4). */
  ownToken: (parameters?: Readonly<Record<string, string>>) => Promise<client.TokenEndpointResponse>
  /** Any other grant, proven as the profile has it. */
  grant: (type: string, parameters: Readonly<Record<string, string>>) => Promise<Awaited<ReturnType<typeof client.genericGrantRequest>>>
  introspect: (token: string) => Promise<client.IntrospectionResponse>
  revoke: (token: string) => Promise<void>
  /** Asks an API with a token, as the profile has it (Bearer or DPoP). */
  call: (url: URL, accessToken: string) => Promise<Response>
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
  const config = await discover(party)
  const proven = provesPossession(party) ? { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair()) } : {}
  return {
    config,
    begin: (parameters = {}, { pushed = true } = {}) => begin(config, party, { parameters, pushed, proven }),
    signed: (parameters) => signed(config, party, parameters),
    finish: (answer, checks, parameters = {}) => finish(config, answer, { checks, parameters, proven }),
    refresh: (token, parameters = {}) => client.refreshTokenGrant(config, token, { ...parameters }, proven),
    ownToken: (parameters = {}) => client.clientCredentialsGrant(config, { ...parameters }, proven),
    grant: (type, parameters) => client.genericGrantRequest(config, type, { ...parameters }, proven),
    introspect: (token) => client.tokenIntrospection(config, token),
    revoke: (token) => client.tokenRevocation(config, token),
    call: (url, token) => client.fetchProtectedResource(config, token, url, 'GET', undefined, undefined, proven),
    userinfo: ({ tokens, claims }) => client.fetchUserInfo(config, tokens.access_token, claims.sub, proven),
    signOutUrl: ({ tokens }, returnTo) => client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      ...(returnTo === undefined ? {} : { post_logout_redirect_uri: returnTo }),
    }),
  }
}

const isFapi = ({ profile = 'baseline' }: Party) => profile !== 'baseline'
const provesPossession = (party: Party) => isFapi(party) && party.metadata?.['tls_client_certificate_bound_access_tokens'] !== true

async function discover(party: Party): Promise<client.Configuration> {
  const plain = party.issuer.startsWith('http://localhost')
  const alg = { id_token_signed_response_alg: party.idTokenAlg ?? 'ES256', authorization_signed_response_alg: 'ES256' }
  const metadata = { ...alg, ...(isFapi(party) && { use_mtls_endpoint_aliases: false }), ...party.metadata }
  const execute = [...(plain ? [client.allowInsecureRequests] : []), ...(party.profile === 'fapi2-ms' ? [client.useJwtResponseMode] : [])]
  const config = await client.discovery(new URL(party.issuer), party.clientId, metadata, await authOf(party.proof), { timeout: 10, execute })
  if (party.decryption !== undefined) client.enableDecryptingResponses(config, ['A256GCM'], party.decryption)
  return config
}

type Beginning = { parameters: Readonly<Record<string, string>>; pushed: boolean; proven: client.DPoPOptions }

async function begin(config: client.Configuration, party: Party, { parameters, pushed, proven }: Beginning): Promise<{ url: URL; checks: Checks }> {
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
  const plain = party.profile === 'fapi2-ms' ? await signed(config, party, { response_mode: 'jwt', ...sent }) : sent
  const url = pushed ? await client.buildAuthorizationUrlWithPAR(config, plain, proven) : client.buildAuthorizationUrl(config, plain)
  return { url, checks }
}

/** A signed request object (RFC 9101), as the one parameter of the request. */
async function signed(config: client.Configuration, party: Party, parameters: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  if (party.proof.method !== 'private_key_jwt') throw new Error('signed by a key of the client')
  const key = await crypto.subtle.importKey('jwk', party.proof.jwk, importParameters['ES256'] ?? '', false, ['sign'])
  const url = await client.buildAuthorizationUrlWithJAR(config, parameters, { key, kid: party.proof.jwk.kid ?? 'one' })
  return { request: url.searchParams.get('request') ?? '', client_id: party.clientId }
}

type Ending = { checks: Checks; parameters: Readonly<Record<string, string>>; proven: client.DPoPOptions }

async function finish(config: client.Configuration, answer: URL, { checks, parameters, proven }: Ending): Promise<SignedIn> {
  const expected = { pkceCodeVerifier: checks.verifier, expectedState: checks.state, expectedNonce: checks.nonce, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(config, answer, expected, { ...parameters }, proven)
  const claims = tokens.claims()
  if (!claims) throw new Error('no ID token although one was expected')
  return { tokens, claims }
}
