/**
 * What protocol a client speaks. A profile is one client's, never the server's: `fapi2` is the FAPI 2.0 Security Profile and what
 * new clients get, `fapi2-ms` adds FAPI 2.0 Message Signing, `baseline` is for software that can do no better, and ends.
 */
export const profiles = ['fapi2', 'fapi2-ms', 'baseline'] as const
export type Profile = (typeof profiles)[number]

type Rule = {
  /** How the client may prove itself; the first is what it does unless it registers another (RFC 7591 §2). */
  authentication: readonly AuthenticationMethod[]
  /** What the client may sign with: assertions, request objects, proofs of possession. */
  clientSignatures: readonly string[]
  /** What we may sign with for it. */
  ourSignatures: readonly string[]
  grants: readonly string[]
  /** FAPI 2.0 §5.3: pushed requests and sender-constrained tokens, for all that such a client does. */
  fapi: boolean
  /** FAPI 2.0 Message Signing §5: requests (JAR), responses (JARM) and introspection are signed. */
  signed: boolean
  /** The registration says on which day it ends. */
  ends: boolean
}

export const cibaGrant = 'urn:openid:params:grant-type:ciba'
export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** FAPI 2.0 §5.4.1 takes PS256, ES256 and Ed25519; both names of the last are in use (RFC 9864). */
const strong = ['ES256', 'EdDSA', 'Ed25519', 'PS256'] as const
/** Every way in which a client of some profile proves itself (RFC 7591 §2). */
export const authenticationMethods = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', 'client_secret_basic', 'client_secret_post', 'none'] as const
export type AuthenticationMethod = (typeof authenticationMethods)[number]

const codeGrants = ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant] as const

const fapi: Rule = {
  authentication: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
  clientSignatures: strong,
  ourSignatures: strong,
  grants: [...codeGrants, cibaGrant],
  fapi: true,
  signed: false,
  ends: false,
}

export const profileRules = {
  fapi2: fapi,
  'fapi2-ms': { ...fapi, signed: true },
  baseline: {
    authentication: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    // Older libraries sign RS256 only.
    clientSignatures: [...strong, 'RS256'],
    ourSignatures: [...strong, 'RS256'],
    grants: codeGrants,
    fapi: false,
    signed: false,
    ends: true,
  },
} satisfies Record<Profile, Rule>

/** RFC 7591 metadata as it was handed in. */
type Metadata = Readonly<Record<string, unknown>>

/**
 * What a profile settles in a registration: it outweighs what was handed in, but for what `defaults` fill in. Without `certificates`
 * the server sees none, and a token that was to be bound to one is bound to a proof key instead: never to nothing.
 */
export function settledBy(profile: Profile, registered: Metadata, { certificates = true }: { certificates?: boolean } = {}): { defaults: Metadata; imposed: Metadata } {
  const rule: Rule = profileRules[profile]
  const [authentication] = rule.authentication
  const boundToCertificate = certificates && registered['tls_client_certificate_bound_access_tokens'] === true
  const atCounter = rule.fapi && [registered['grant_types']].flat().includes(cibaGrant)
  const signed = { request_object_signing_alg: 'ES256', authorization_signed_response_alg: 'ES256', introspection_signed_response_alg: 'ES256' }
  return {
    defaults: { token_endpoint_auth_method: authentication, ...(rule.signed && signed) },
    imposed: {
      ...(rule.fapi && { require_pushed_authorization_requests: true, dpop_bound_access_tokens: !boundToCertificate }),
      ...(atCounter && { backchannel_authentication_request_signing_alg: counterAlgorithm(registered) }),
      ...(rule.signed && { require_signed_request_object: true, response_modes: ['jwt', 'query.jwt', 'form_post.jwt', 'fragment.jwt'] }),
    },
  }
}

/** FAPI-CIBA §5.2.2: what is asked at a counter is signed, with what the client signs with anyway where it names nothing for it. */
function counterAlgorithm(registered: Metadata): string {
  const named = ['backchannel_authentication_request', 'request_object', 'token_endpoint_auth'].map((what) => registered[`${what}_signing_alg`])
  return named.find((alg) => typeof alg === 'string') ?? 'ES256'
}

/** Whether it proves itself by a secret that both sides hold (RFC 6749 §2.3.1). */
export function needsSecret(profile: Profile, registered: Metadata): boolean {
  const { defaults } = settledBy(profile, registered)
  const method: unknown = registered['token_endpoint_auth_method'] ?? defaults['token_endpoint_auth_method']
  return method === 'client_secret_basic' || method === 'client_secret_post'
}

type Asked = { field: string; allowed: (rule: Rule) => readonly string[] }

/** Which members of a registration name a choice that the profile limits. */
const limited: readonly Asked[] = [
  { field: 'token_endpoint_auth_method', allowed: ({ authentication }) => authentication },
  { field: 'grant_types', allowed: ({ grants }) => grants },
  { field: 'response_types', allowed: () => ['code'] },
  { field: 'token_endpoint_auth_signing_alg', allowed: ({ clientSignatures }) => clientSignatures },
  { field: 'request_object_signing_alg', allowed: ({ clientSignatures }) => clientSignatures },
  { field: 'backchannel_authentication_request_signing_alg', allowed: ({ clientSignatures }) => clientSignatures },
  ...['id_token', 'userinfo', 'authorization', 'introspection'].map((answer) => (
    { field: `${answer}_signed_response_alg`, allowed: ({ ourSignatures }: Rule) => ourSignatures })),
]

type Registration = { profile: Profile; endsOn?: string | undefined; registered: Metadata }

/** The first reason why a registration cannot have its profile, or `undefined`. */
export function profileFault({ profile, endsOn, registered }: Registration): string | undefined {
  const rule: Rule = profileRules[profile]
  if (rule.ends && endsOn === undefined) return `ends_on: a ${profile} client says on which day it ends (YYYY-MM-DD)`
  if (!rule.ends && endsOn !== undefined) return `ends_on: a ${profile} client does not end by itself`
  const settled: Metadata = { ...settledBy(profile, registered).defaults, ...registered }
  const grants: unknown = settled['grant_types']
  if (settled['token_endpoint_auth_method'] === 'none' && Array.isArray(grants) && grants.includes('client_credentials')) {
    return 'grant_types: client_credentials is not for a client that proves nothing: anybody could be it (RFC 6749 §4.4)'
  }
  for (const { field, allowed } of limited) {
    const asked: unknown = settled[field]
    const named = [asked].flat().filter((value) => typeof value === 'string')
    const outside = named.find((value) => !allowed(rule).includes(value))
    if (outside !== undefined) return `${field}: ${outside} is not for a ${profile} client, which may use ${allowed(rule).join(', ')}`
  }
  return undefined
}

/** Whether a registration that ends on a day has ended. The last day itself still counts. */
export function hasEnded(endsOn: string | undefined, today: string): boolean {
  return endsOn !== undefined && endsOn < today
}
