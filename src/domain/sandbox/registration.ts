import { createHash } from 'node:crypto'
import { z } from 'zod'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { secretToken } from '#kernel/random.ts'
import { redirectUriFault, type Client } from '#domain/client/client.ts'
import type { ReadEntry } from '#domain/client/entry.ts'
import { secretIn } from '#domain/client/private-parts.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { clientName, clientsPerDeveloper, entryFor, freshId, spoken, type Proving } from './developer-client.ts'

/**
 * A program registers itself at the sandbox (RFC 7591) and looks after its registration (RFC 7592). Its developer, signed in at the portal, has
 * given it a token that is good once; the client is theirs, counts among theirs, and obeys the same rules as one of the form.
 */
export const initialTokenSeconds = 3600

/** Whoever reads the database cannot register with what is in it. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64url')

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const
const uris = z.array(z.string().max(2000)).max(5)

/** What is understood of RFC 7591 §2; the rest is passed over, as §2 has it, and the answer says what was registered. */
const metadata = z.object({
  client_name: clientName.optional(),
  redirect_uris: uris.min(1),
  post_logout_redirect_uris: uris.optional(),
  token_endpoint_auth_method: z.enum(methods).default('client_secret_basic'),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.json())).min(1).max(5) }).optional(),
  grant_types: z.array(z.enum(['authorization_code', 'refresh_token'])).min(1).default(['authorization_code']),
  response_types: z.array(z.literal('code')).min(1).default(['code']),
  scope: z.string().max(1000).optional(),
  id_token_signed_response_alg: z.string().max(20).optional(),
  /** Ours: `fapi2` is what banks and new services speak in earnest. */
  profile: z.enum(['baseline', 'fapi2']).default('baseline'),
})
type Metadata = z.output<typeof metadata>

/** Addresses that we would call; of programs that register themselves we call none. */
const called = ['jwks_uri', 'sector_identifier_uri', 'backchannel_logout_uri', 'backchannel_client_notification_endpoint', 'request_uris'] as const
/** RFC 7592 §2.2. */
const ofAnswers = ['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at'] as const

/** RFC 7591 §3.2.2. */
export type MetadataError = 'invalid_redirect_uri' | 'invalid_client_metadata'
/** `unknown`: the token is none, or was used, or is over. */
export type Refused = { is: 'refused'; error: MetadataError; fault: string } | { is: 'unknown' } | { is: 'full' }
/** A registration as its program reads it, with the token that manages it from here on. */
export type Registered = { is: 'registered'; metadata: Readonly<Record<string, unknown>>; token: string }

/** A client that registered itself, for whoever has its token. */
export type Kept = { owner: AccountId; client: Client; createdAt: Date }

export type RegistrationStore = {
  /** `full` where as many clients, and tokens for further ones, are the owner's as may be. */
  issue: (owner: AccountId, token: { hash: string; expires: Date }, how: { most: number; at: Date }) => Promise<'issued' | 'full'>
  /** Whether this token could be used now. */
  isGood: (hash: string, at: Date) => Promise<boolean>
  /** Uses the token up and writes the client that it is for, all or nothing: of racing users one gets in. */
  register: (hash: string, client: Client, how: { access: string; most: number; at: Date }) => Promise<'registered' | 'unknown' | 'full' | 'taken'>
  find: (id: ClientId, access: string) => Promise<Kept | undefined>
  /** Puts the client and a new token in place of what was, all or nothing: of racing ones with the same token one is heard. */
  change: (client: Client, how: { access: string; next: string; at: Date }) => Promise<boolean>
  end: (id: ClientId, access: string, at: Date) => Promise<boolean>
}

export type Registrations = {
  /** For a developer: a token that is told here once. */
  issue: (owner: AccountId) => Promise<{ token: string; expires: Date } | undefined>
  register: (token: string, body: unknown) => Promise<Registered | Refused>
  read: (id: ClientId, token: string) => Promise<Registered | Refused>
  update: (id: ClientId, token: string, body: unknown) => Promise<Registered | Refused>
  remove: (id: ClientId, token: string) => Promise<boolean>
}

type Tools = { store: RegistrationStore; readEntry: ReadEntry; catalogue: Catalogue; clock: Clock }

export function registrations(tools: Tools): Registrations {
  const { store, clock } = tools
  return {
    async issue(owner) {
      const [token, at] = [secretToken(), clock.now()]
      const expires = new Date(at.getTime() + initialTokenSeconds * 1000)
      const issued = await store.issue(owner, { hash: tokenHash(token), expires }, { most: clientsPerDeveloper, at })
      return issued === 'full' ? undefined : { token, expires }
    },

    async register(token, body) {
      const [at, access] = [clock.now(), secretToken()]
      if (!(await store.isGood(tokenHash(token), at))) return { is: 'unknown' }
      const read = await clientFrom(tools, freshId(), body, undefined)
      if ('is' in read) return read
      const outcome = await store.register(tokenHash(token), read.client, { access: tokenHash(access), most: clientsPerDeveloper, at })
      if (outcome === 'registered') return told(read.client, at, access)
      return outcome === 'taken' ? refused('invalid_client_metadata', 'client_id: try again') : { is: outcome }
    },

    async read(id, token) {
      const kept = await store.find(id, tokenHash(token))
      return kept === undefined ? { is: 'unknown' } : told(kept.client, kept.createdAt, token)
    },

    async update(id, token, body) {
      const kept = await store.find(id, tokenHash(token))
      if (kept === undefined) return { is: 'unknown' }
      const secret = kept.client.registered.client_secret
      const fault = updateFault(body, { id, secret })
      if (fault !== undefined) return refused('invalid_client_metadata', fault)
      const read = await clientFrom(tools, id, withoutSecret(body), secret)
      if ('is' in read) return read
      const next = secretToken()
      const changed = await store.change(read.client, { access: tokenHash(token), next: tokenHash(next), at: clock.now() })
      return changed ? told(read.client, kept.createdAt, next) : { is: 'unknown' }
    },

    remove: (id, token) => store.end(id, tokenHash(token), clock.now()),
  }
}

const refused = (error: MetadataError, fault: string): Refused => ({ is: 'refused', error, fault })
const anyObject = z.record(z.string(), z.unknown())

/** RFC 7592 §2.2: what was told is not said again, the client is the one it was, and so is its secret. */
function updateFault(body: unknown, { id, secret }: { id: ClientId; secret: string | undefined }): string | undefined {
  const given = anyObject.safeParse(body).data ?? {}
  const told = ofAnswers.find((name) => name in given)
  if (told !== undefined) return `${told}: is not for a request`
  if (given['client_id'] !== id) return 'client_id: is not the one that is managed here'
  return 'client_secret' in given && given['client_secret'] !== secret ? 'client_secret: is not the one that was issued' : undefined
}

function withoutSecret(body: unknown): unknown {
  const { client_secret: _secret, ...rest } = anyObject.safeParse(body).data ?? {}
  return rest
}

/** The client that was asked for, with the rules of the form and of the provider itself. `secret` is what it has already. */
async function clientFrom(tools: Tools, id: ClientId, body: unknown, secret: string | undefined): Promise<{ client: Client } | Refused> {
  const given = anyObject.safeParse(body).data
  if (given === undefined) return refused('invalid_client_metadata', 'a registration is a JSON object')
  const [outbound, ours] = [called.find((name) => name in given), secretIn(given)]
  if (outbound !== undefined) return refused('invalid_client_metadata', `${outbound}: the sandbox calls no address of a program that registers itself`)
  if (ours !== undefined) return refused('invalid_client_metadata', `${ours}: is yours alone, and not for a registration`)
  const parsed = metadata.safeParse(given)
  if (!parsed.success) return refused(parsed.error.issues.some(({ path }) => path[0] === 'redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata', faultOf(parsed.error))
  const uri = parsed.data.redirect_uris.map((one) => redirectUriFault(one, { allowLocal: true })).find((fault) => fault !== undefined)
  if (uri !== undefined) return refused('invalid_redirect_uri', uri)
  const proving = provingOf(parsed.data, secret)
  if (proving === undefined) return refused('invalid_client_metadata', 'jwks: a client with private_key_jwt shows its public keys')
  const read = await tools.readEntry(entryFor(tools, { id, profile: parsed.data.profile, proving, said: saidBy(id, parsed.data) }))
  return 'fault' in read ? refused('invalid_client_metadata', read.fault) : read
}

function faultOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || '(metadata)'}: ${message}`).join('; ')
}

function provingOf({ token_endpoint_auth_method: method, jwks }: Metadata, secret: string | undefined): Proving | undefined {
  if (method !== 'private_key_jwt') return { token_endpoint_auth_method: method, client_secret: secret ?? secretToken() }
  return jwks && { token_endpoint_auth_method: method, jwks }
}

function saidBy(id: ClientId, { client_name: name = id, redirect_uris: all, post_logout_redirect_uris: after, scope, id_token_signed_response_alg: alg, grant_types, response_types }: Metadata) {
  const [first = '', ...others] = all
  return {
    ...spoken({ name, redirectUri: first }, others), grant_types, response_types,
    ...(after !== undefined && { post_logout_redirect_uris: after }), ...(scope !== undefined && { scope }), ...(alg !== undefined && { id_token_signed_response_alg: alg }),
  }
}

/** RFC 7591 §3.2.1: everything that was registered, and nothing of what is only ours. */
function told({ id, own: { profile, ends_on: endsOn }, registered: { client_secret: secret, ...registered } }: Client, issued: Date, token: string): Registered {
  return {
    is: 'registered',
    metadata: {
      ...registered, client_id: id, client_id_issued_at: epochSeconds(issued), profile,
      // A registration that ends takes its secret along.
      ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: endsOn === undefined ? 0 : epochSeconds(new Date(`${endsOn}T23:59:59+07:00`)) }),
    },
    token,
  }
}
