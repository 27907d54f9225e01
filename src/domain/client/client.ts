import { z } from 'zod'
import { accountId, clientId, sector } from '#kernel/id.ts'
import { apiScopeNames } from '#domain/api/scope.ts'
import { placeCode } from '#domain/registry/residence.ts'
import { logoAddress } from './logo.ts'
import { profileFault, profiles } from './profile.ts'
import { resourceServer } from './resource-server.ts'

/** A text in both languages of the pages. */
const bilingual = z.strictObject({ vi: z.string().min(1).max(500), en: z.string().min(1).max(500) })
export type Bilingual = z.infer<typeof bilingual>

/**
 * Why a client receives some claims (Law 91/2025 Art 9, 19; Decree 69/2024 Art 19): `law` is a public task with its legal
 * reference and shows a notice, `consent` asks. `optional` items are offered unticked.
 */
const purpose = z.strictObject({
  claims: z.array(z.string().min(1).max(64)).min(1),
  basis: z.enum(['law', 'consent']),
  reference: bilingual.optional(),
  purpose: bilingual,
  optional: z.boolean().default(false),
  /** The places that `resident_of` may ask about; it asks nothing without them. */
  resident_of: z.array(placeCode).max(100).optional(),
})
  .refine(({ basis, reference }) => basis !== 'law' || reference !== undefined, { path: ['reference'], message: 'a purpose by law names the act and article' })
  .refine(({ basis, optional }) => basis !== 'law' || !optional, { path: ['optional'], message: 'what the law asks for is not optional' })
export type Purpose = z.infer<typeof purpose>

const agreement = z.strictObject({ number: z.string().min(1).max(100), signed_on: z.iso.date(), ends_on: z.iso.date() })
  .refine(({ signed_on: from, ends_on: until }) => from < until, { path: ['ends_on'], message: 'an agreement ends after it was signed' })

/**
 * For which officer a client calls the API of administrators, to which day, and in what: it may do no more than that person may at that
 * moment, and no more than what two people thought of when they agreed to it.
 */
const agency = z.strictObject({ officer: accountId, until: z.iso.date(), scopes: z.array(z.enum(apiScopeNames)).min(1) })
export type Agency = z.infer<typeof agency>

/** Our part of a client's registration, beside RFC 7591. */
export const ownMetadata = z.strictObject({
  profile: z.enum(profiles).default('fapi2'),
  /** The last day of a registration that ends (see `profile.ts`). */
  ends_on: z.iso.date().optional(),
  sector,
  /** The legal entity, as people know it; shown on every page. */
  legal_name: bilingual,
  /** Decree 69/2024 Art 19: `A` state, political and public-service bodies; `B` all others, asked at each sign-in. */
  relying_party_class: z.enum(['A', 'B']).default('B'),
  purposes: z.array(purpose).default([]),
  minimum_account_level: z.union([z.literal(1), z.literal(2)]).default(1),
  minimum_authentication_level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).default(2),
  /** Identifiers of the resource servers it may have access tokens for (RFC 8707). */
  resources: z.array(z.string().max(500)).max(50).default([]),
  resource_server: resourceServer.optional(),
  /** The written agreement (Decree 69/2024 Art 18). One that has run out raises an alarm; whether the client is then stopped, people decide. */
  agreement: agreement.optional(),
  /** Of its information system, by the approved dossier (Decree 85/2016 Art 7–11; Decree 69/2024 Art 18). */
  security_level: z.int().min(1).max(5).optional(),
  acts_for: agency.optional(),
  /** For whom people may sign in here besides themselves: a child or ward whom the register lets them represent (Decree 69/2024 Art 14.2), or an organisation that they may act for (Art 12). */
  in_name_of: z.array(z.enum(['ward', 'organisation'])).min(1).max(2).optional(),
})
export type OwnMetadata = z.infer<typeof ownMetadata>
export const ownMetadataNames = z.keyof(ownMetadata).options

/** RFC 7591 metadata is checked by the provider, which knows it; here only what we rely on ourselves. */
const registered = z.looseObject({
  client_id: clientId,
  client_name: z.string().min(1).max(200),
  redirect_uris: z.array(z.string().max(2000)).max(50).default([]),
  post_logout_redirect_uris: z.array(z.string().max(2000)).max(50).default([]),
  client_secret: z.string().min(32).max(512).optional(),
  contacts: z.array(z.string().max(254)).max(20).optional(),
  logo_uri: logoAddress.optional(),
  initiate_login_uri: z.string().max(2000).optional(),
  jwks_uri: z.string().max(2000).optional(),
  backchannel_logout_uri: z.string().max(2000).optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  backchannel_client_notification_endpoint: z.string().max(2000).optional(),
})

/** Our own pages, a service among the others (`own-pages.ts`). Built in: nobody registers under this name. */
export const ownPagesId = clientId.parse('dinh-danh')
/** The API of administrators, likewise. */
export const ownApiId = clientId.parse('dinh-danh-api')
const ownIds: readonly string[] = [ownPagesId, ownApiId]

export type ClientState = 'live' | 'suspended' | 'ended'

export type Client = {
  id: z.infer<typeof clientId>
  own: OwnMetadata
  registered: z.infer<typeof registered>
  /** Absent while it is live. A suspended client is known and gets nothing; one that has ended stays so. */
  state?: Exclude<ClientState, 'live'>
  /** The secret before the one it has, and until when it is good too. */
  former?: { secret: string; until: Date }
}

/** `outboundAllow` are the hosts that the operator lets us call besides the public internet (`OUTBOUND_ALLOW`). */
export type Callable = { allowLocal: boolean; outboundAllow?: readonly string[] | undefined }

/** Takes one entry of a client file apart. The fault names the field and what is wrong with it. */
export function readClient(entry: unknown, rules: Callable): { client: Client } | { fault: string } {
  const all = z.looseObject({}).safeParse(entry)
  if (!all.success) return { fault: 'each client is a JSON object' }
  const split = Object.groupBy(Object.entries(all.data), ([name]) => (isOwn(name) ? 'own' : 'registered'))
  const own = ownMetadata.safeParse(Object.fromEntries(split.own ?? []))
  const known = registered.safeParse(Object.fromEntries(split.registered ?? []))
  if (!own.success || !known.success) return { fault: faultOf(known.error, own.error) }
  if (ownIds.includes(known.data.client_id)) return { fault: `client_id: ${known.data.client_id} is this server itself` }
  const { profile, ends_on: endsOn } = own.data
  const uris = [...known.data.redirect_uris, ...known.data.post_logout_redirect_uris, ...[known.data.initiate_login_uri ?? []].flat()]
  const called = [known.data.jwks_uri, known.data.backchannel_logout_uri, known.data.backchannel_client_notification_endpoint].filter((uri) => uri !== undefined)
  const bad = profileFault({ profile, endsOn, registered: known.data })
    ?? agentFault(own.data, known.data)
    ?? uris.map((uri) => redirectUriFault(uri, rules)).find((fault) => fault !== undefined)
    ?? called.map((uri) => calledUriFault(uri, rules)).find((fault) => fault !== undefined)
  return bad === undefined ? { client: { id: known.data.client_id, own: own.data, registered: known.data } } : { fault: bad }
}

/**
 * A program that acts for an officer proves itself with keys that two people saw, and not with whatever an address answers today; its
 * tokens are bound, and it signs nobody in.
 */
function agentFault({ acts_for: agency, profile }: OwnMetadata, registered: Readonly<Record<string, unknown>>): string | undefined {
  if (agency === undefined) return undefined
  const { grant_types: grants, token_endpoint_auth_method: method = 'private_key_jwt', jwks, jwks_uri: address } = registered
  if (profile === 'baseline' || method !== 'private_key_jwt') return 'acts_for: is for a fapi2 client that proves itself with private_key_jwt'
  if (!Array.isArray(grants) || grants.join() !== 'client_credentials') return 'acts_for: is for a client whose only grant type is client_credentials'
  return jwks === undefined || address !== undefined ? 'acts_for: is for a client whose keys stand in jwks' : undefined
}

function isOwn(name: string): boolean {
  return ownMetadataNames.some((own) => own === name)
}

function faultOf(...errors: readonly (z.ZodError | undefined)[]): string {
  const issues = errors.flatMap((error) => error?.issues ?? [])
  return issues.map((issue) => `${issue.path.join('.') || '(entry)'}: ${issue.message}`).join('; ')
}

type UriRule = { code: UriFault; says: string; broken: (uri: string, parsed: URL | undefined, allowLocal: boolean) => boolean }

/** What may be wrong with an address, for those who say it in words of their own. */
export const uriFaults = [
  'not-absolute', 'ambiguous', 'encoded', 'empty-part', 'not-normal', 'credentials-or-fragment', 'not-https', 'address', 'host-dots', 'host-characters', 'not-public',
] as const
export type UriFault = (typeof uriFaults)[number]

const local = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Redirect URIs are compared byte by byte; what cannot be compared so is not registered (P05). */
const uriRules: readonly UriRule[] = [
  { code: 'not-absolute', says: 'is not an absolute URL', broken: (_, parsed) => parsed === undefined },
  { code: 'ambiguous', says: 'has characters that browsers and libraries read differently', broken: (uri) => !/^[\x21-\x7e]+$/.test(uri) || /[\\*<>"'`{}|^]/.test(uri) },
  // `%25`: encoded twice, and a reader that decodes twice sees them again.
  { code: 'encoded', says: 'has an encoded dot, slash or backslash', broken: (uri) => /%(25)*(2e|2f|5c|00|0a|0d)/i.test(uri) },
  // To a reader that joins addresses, `//` begins a host (P05).
  { code: 'empty-part', says: 'has an empty part in its path', broken: (_, parsed) => parsed?.pathname.includes('//') === true },
  { code: 'not-normal', says: 'is not written the way it is parsed', broken: (uri, parsed) => parsed !== undefined && parsed.href !== uri && `${parsed.href.replace(/\/$/, '')}` !== uri },
  { code: 'credentials-or-fragment', says: 'has a user name, password or fragment', broken: (uri, parsed) => parsed?.username !== '' || parsed.password !== '' || uri.includes('#') },
  { code: 'not-https', says: 'must be https', broken: (_, parsed, allowLocal) => parsed?.protocol !== 'https:' && !(allowLocal && parsed?.protocol === 'http:' && local.has(parsed.hostname)) },
  { code: 'address', says: 'must name a host, not an address', broken: (_, parsed, allowLocal) => /^[\d.]+$|^\[/.test(parsed?.hostname ?? '') && !(allowLocal && local.has(parsed?.hostname ?? '')) },
  { code: 'host-dots', says: 'must name a host as certificates do', broken: (_, parsed) => (parsed?.hostname ?? '').split('.').includes('') },
  // RFC 6761 §6.3: every name under localhost is this machine.
  { code: 'host-characters', says: 'has a host with characters that no host has', broken: (_, parsed) => !/^[a-z0-9.-]+$|^\[[0-9a-f:]+\]$/.test(parsed?.hostname ?? '') },
  { code: 'not-public', says: 'must name a public host', broken: (_, parsed, allowLocal) => /\.localhost$/.test(parsed?.hostname ?? '') || (!allowLocal && !(parsed?.hostname ?? '').includes('.')) },
]

/** The first rule that this URI breaks, or `undefined`. `allowLocal` lets http://localhost in, for development. */
export function brokenRule(uri: string, { allowLocal }: { allowLocal: boolean }): Pick<UriRule, 'code' | 'says'> | undefined {
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined
  return uriRules.find(({ broken }) => broken(uri, parsed, allowLocal))
}

/** The first reason why this URI is not registered, or `undefined`. */
export function redirectUriFault(uri: string, rules: { allowLocal: boolean }): string | undefined {
  const rule = brokenRule(uri, rules)
  return rule && `redirect URI ${JSON.stringify(uri)} ${rule.says}`
}

/**
 * The first reason why we would not call this address of a client, or `undefined`: what holds for a redirect URI, but for hosts
 * that the operator named (P20). What it resolves to is looked at when it is called.
 */
export function calledUriFault(uri: string, { allowLocal, outboundAllow = [] }: Callable): string | undefined {
  const parsed = URL.canParse(uri) ? new URL(uri) : undefined
  const isNamed = parsed !== undefined && outboundAllow.includes(parsed.hostname) && /^https?:$/.test(parsed.protocol)
  if (isNamed && parsed.username === '' && parsed.password === '' && !uri.includes('#')) return undefined
  return redirectUriFault(uri, { allowLocal })?.replace('redirect URI', 'address to call')
}
