import { errors, Provider, type Configuration } from 'oidc-provider'
import { clocksApart, epochSeconds } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import { Problem } from '#kernel/problem.ts'
import { reachableAcrs } from '#domain/assurance/level.ts'
import type { HealthNotes } from '#domain/statistic/health.ts'
import type { CookieSigner } from '#keys/cookies.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { actingClaimNames, organisationClaimNames, organisationScope } from './acting.ts'
import { makeAdapter } from './adapter/adapter.ts'
import { assertionFault } from './client/assertion.ts'
import { throughHint } from './approval/hint.ts'
import { makeFindAccount } from './account.ts'
import { profileMember, profileOf } from './client/metadata.ts'
import { translated } from './errors.ts'
import { discoveryExtras } from './discovery.ts'
import { featuresOf, type FeatureTools } from './features.ts'
import { makeLoadExistingGrant } from './grants.ts'
import { makePolicy } from './request/prompts.ts'
import { withFormerSecret } from './client/former-secret.ts'
import { heldBack } from './client/held-back.ts'
import { certificateMethods, presentedBy } from './client/mtls.ts'
import { makeFetch, outboundLimits, withKeyEdition } from './client/outbound.ts'
import { guardedFetch } from './outbound/fetch.ts'
import { makeKeySets } from './outbound/key-sets.ts'
import { interactionRoot, protocolRoutes } from './routes.ts'
import { cookieNames, showSignIn, type CookieName } from './sign-in-cookie.ts'
import type { Subjects } from './subjects.ts'
import { extraTokenClaims, issuesRefreshToken, rotatesRefreshToken } from './tokens.ts'
import { lifetimes, type Ttl } from './ttl.ts'

export type ProviderTools = Parameters<typeof makePolicy>[0] & Parameters<typeof makeFindAccount>[0] & Parameters<typeof throughHint>[0] &
  Parameters<typeof makeLoadExistingGrant>[0] & Omit<Parameters<typeof makeAdapter>[0], 'clientMetadata'> & Omit<FeatureTools, 'findAccount'> & {
    issuer: string
    /** What our cookies are called: a browser tells servers of one host apart by nothing else (RFC 6265 §8.5). */
    cookieName: CookieName
    /** Where programs register themselves (RFC 7591); a server that has no such place has none in its discovery. */
    registration: string | undefined
    outboundAllow: readonly string[]
    log: Log
    healthNotes: HealthNotes
    jwks: NonNullable<Configuration['jwks']>
    cookieSigner: CookieSigner
    subjects: Subjects
    catalogue: Catalogue
    ttl: Ttl
  }

/** oidc-provider, set up for this house through its public hooks and nothing else (docs/decisions/0002). */
export function makeProvider(tools: ProviderTools): Provider {
  const provider = new Provider(tools.issuer, configurationOf(tools))
  // The issuer decides what addresses look like; `web/server.ts` has put it in place of whatever Host the request named.
  provider.proxy = true
  return provider
}

function configurationOf(tools: ProviderTools): Configuration {
  const secure = tools.issuer.startsWith('https:')
  const fetch = guardedFetch({ ...tools, allowed: tools.outboundAllow })
  const keySets = makeKeySets({ ...tools, fetch, heard: (client, fault) => noteKeys(tools, client, fault) })
  const presented = presentedBy(tools.mutualTls, tools.throughProxy)
  const findAccount = translated(throughHint(tools, makeFindAccount(tools)))
  return {
    adapter: makeAdapter({ ...tools, clientMetadata: withFormerSecret(withKeyEdition(tools.clients.metadata, { keySets, presented }), tools) }),
    jwks: tools.jwks,
    cookies: cookiesOf(tools, secure),
    ttl: lifetimes(tools.ttl, tools.clock),
    findAccount,
    loadExistingGrant: translated(makeLoadExistingGrant(tools)),
    interactions: { policy: makePolicy(tools), url: interactionUrl(tools) },
    ...clientRules(tools.catalogue),
    clientAuthMethods: [...clientAuthMethods, ...certificateMethods(tools.mutualTls)],
    // `none` is for our own pages: a registration that asks for it is refused, and discovery does not name it.
    responseTypes: ['code', 'none'],
    pairwiseIdentifier: translated((_ctx, account, client) => subjectFor(tools, account, client.clientId)),
    routes: { ...protocolRoutes },
    acrValues: reachableAcrs(tools.best),
    clientBasedCORS: () => true,
    fetch: heldBack(makeFetch({ fetch, keySets })),
    fetchResponseBodyLimits: outboundLimits,
    // OIDC Core §3.1.2.1: required, also where only one is registered (P05).
    allowOmittingSingleRegisteredRedirectUri: false,
    clockTolerance: clocksApart,
    issueRefreshToken: translated(issuesRefreshToken(tools)),
    rotateRefreshToken: rotatesRefreshToken,
    extraTokenClaims: translated(extraTokenClaims(tools)),
    assertJwtClientAuthClaimsAndHeader: (_ctx, claims, header, client) => {
      const fault = assertionFault({ claims, header }, { issuer: tools.issuer, now: epochSeconds(tools.clock.now()), profile: profileOf(client) })
      if (fault !== undefined) throw new errors.InvalidClientAuth(fault)
    },
    discovery: { ...discoveryExtras(tools.catalogue), ...(tools.registration !== undefined && { registration_endpoint: tools.registration }) },
    renderError: (ctx, out, error) => tools.pages.error(ctx, out, error),
    features: featuresOf({ ...tools, findAccount }),
  }
}

function noteKeys({ healthNotes, clock }: Pick<ProviderTools, 'healthNotes' | 'clock'>, name: string, fault: string | undefined): void {
  const client = clientId.safeParse(name).data
  if (client !== undefined) healthNotes.mark({ client, what: fault === undefined ? 'keys-fetched' : 'keys-failed', at: clock.now(), detail: fault ?? '' })
}

/** ES256 unless a client registers another; which of these a client may have is its profile's word. */
const signatures = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const
/** Proofs of possession are new; nothing old has to be served (FAPI 2.0 §5.4.1). */
const proofs = ['ES256', 'EdDSA', 'Ed25519', 'PS256'] as const
/** Only to a key of the client's own, and authenticated (RFC 8725 §3.2; CVE-2022-36083). */
const encryption = ['ECDH-ES', 'RSA-OAEP-256'] as const
const algorithms: NonNullable<Configuration['enabledJWA']> = {
  idTokenSigningAlgValues: [...signatures],
  userinfoSigningAlgValues: [...signatures],
  authorizationSigningAlgValues: [...signatures],
  introspectionSigningAlgValues: [...signatures],
  clientAuthSigningAlgValues: [...signatures, 'Ed25519'],
  requestObjectSigningAlgValues: [...signatures, 'Ed25519'],
  dPoPSigningAlgValues: [...proofs],
  idTokenEncryptionAlgValues: [...encryption],
  idTokenEncryptionEncValues: ['A256GCM'],
  userinfoEncryptionAlgValues: [...encryption],
  userinfoEncryptionEncValues: ['A256GCM'],
  authorizationEncryptionAlgValues: [...encryption],
  authorizationEncryptionEncValues: ['A256GCM'],
  introspectionEncryptionAlgValues: [...encryption],
  introspectionEncryptionEncValues: ['A256GCM'],
  // What comes to us comes signed, over TLS, and holds no secret.
  requestObjectEncryptionAlgValues: [],
  requestObjectEncryptionEncValues: [],
}

/** Without certificates, which need a source (`client/mtls.ts`). */
export const clientAuthMethods = ['private_key_jwt', 'client_secret_basic', 'client_secret_post', 'none'] as const

/** What decides whether a client's metadata is one we can serve. */
export const clientRules = (catalogue: Catalogue) => ({
  subjectTypes: ['pairwise'],
  // The sector is registered with us by an administrator; nothing is fetched from an address that a client names.
  sectorIdentifierUriValidate: () => false,
  responseTypes: ['code'],
  pkce: { required: () => true },
  clientDefaults: {
    grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256', introspection_signed_response_alg: 'ES256',
  },
  clientAuthMethods: [...clientAuthMethods],
  enabledJWA: algorithms,
  extraClientMetadata: { properties: [profileMember] },
  scopes: ['openid', 'offline_access'],
  claims: claimsOf(catalogue),
} satisfies Configuration)

/** Where the pages of a sign-in are. Whoever is sent there shows from now on that they are in the middle of one (R09). */
function interactionUrl(tools: ProviderTools): NonNullable<NonNullable<Configuration['interactions']>['url']> {
  const show = showSignIn(tools)
  return (ctx, { uid, returnTo }) => {
    const path = `${interactionRoot}/${uid}`
    show(ctx.res, uid, [path, new URL(returnTo).pathname])
    return path
  }
}

function cookiesOf({ cookieSigner: keys, cookieName: name }: Pick<ProviderTools, 'cookieSigner' | 'cookieName'>, secure: boolean): NonNullable<Configuration['cookies']> {
  const options = { httpOnly: true, sameSite: 'lax', secure, signed: true } as const
  return {
    keys,
    names: cookieNames(name, secure),
    long: { ...options, path: '/' },
    short: options,
  }
}

function claimsOf({ scopes, attributes }: Catalogue): NonNullable<Configuration['claims']> {
  const single = Object.fromEntries(attributes.flatMap(({ claims }) => claims).map((claim) => [claim, null]))
  const scoped = Object.fromEntries(Object.entries(scopes).map(([scope, claims]) => [scope, [...claims]]))
  return { ...single, openid: ['sub', ...actingClaimNames], [organisationScope]: [...organisationClaimNames], ...scoped, acr: null, amr: null, auth_time: null, iss: null, sid: null, verified_claims: null }
}

async function subjectFor({ clients, subjects }: ProviderTools, account: string, client: string): Promise<string> {
  const known = await clients.find(client)
  if (known === undefined) throw new Problem('internal')
  return subjects(accountId.parse(account), known.own.sector)
}
