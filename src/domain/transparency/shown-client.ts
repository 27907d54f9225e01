import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { canonical } from '#kernel/canonical.ts'
import type { Client } from '#domain/client/client.ts'
import { thumbprint } from './thumbprint.ts'

const bilingual = z.strictObject({ vi: z.string(), en: z.string() })
const texts = z.array(z.string())
const digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** What everybody may know of a client: what it is called and may do. Never a secret, a contact or a person. */
export const shownClient = z.strictObject({
  client_id: z.string(),
  client_name: z.string(),
  legal_name: bilingual,
  sector: z.string(),
  relying_party_class: z.string(),
  profile: z.string(),
  ends_on: z.string().optional(),
  redirect_uris: texts,
  post_logout_redirect_uris: texts,
  purposes: z.array(z.strictObject({
    claims: texts, basis: z.string(), reference: bilingual.optional(), purpose: bilingual, optional: z.boolean(), resident_of: texts.optional(),
  })),
  minimum_account_level: z.int(),
  minimum_authentication_level: z.int(),
  resources: texts,
  resource_server: z.strictObject({ identifier: z.string(), scopes: texts }).optional(),
  in_name_of: texts.optional(),
  authentication: z.string().optional(),
  grant_types: texts.optional(),
  /** RFC 7638 thumbprints of the keys that it registered itself. */
  keys: z.array(digest),
  jwks_uri: z.string().optional(),
  /** SHA-256 of what its certificate must be called (RFC 8705 §2.1.2); the name itself may hold a person's. */
  certificate: digest.optional(),
})
export type ShownClient = z.infer<typeof shownClient>

const list = z.array(z.string())
const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })
const certificateNames = ['tls_client_auth_subject_dn', 'tls_client_auth_san_dns', 'tls_client_auth_san_uri', 'tls_client_auth_san_ip', 'tls_client_auth_san_email']

export function shown({ id, own, registered }: Client): ShownClient {
  const { resource_server: server, purposes } = own
  const keys = keySet.safeParse(registered['jwks']).data?.keys.flatMap((key) => thumbprint(key) ?? []) ?? []
  const parsed = shownClient.parse({
    client_id: id,
    client_name: registered.client_name,
    legal_name: own.legal_name,
    sector: own.sector,
    relying_party_class: own.relying_party_class,
    profile: own.profile,
    ends_on: own.ends_on,
    redirect_uris: registered.redirect_uris,
    post_logout_redirect_uris: registered.post_logout_redirect_uris,
    purposes: purposes.map(({ claims, basis, reference, purpose, optional, resident_of }) => ({ claims, basis, reference, purpose, optional, resident_of })),
    minimum_account_level: own.minimum_account_level,
    minimum_authentication_level: own.minimum_authentication_level,
    resources: own.resources,
    resource_server: server && { identifier: server.identifier, scopes: server.scopes.map(({ name }) => name) },
    in_name_of: own.in_name_of,
    authentication: z.string().safeParse(registered['token_endpoint_auth_method']).data,
    grant_types: list.safeParse(registered['grant_types']).data,
    keys,
    jwks_uri: z.string().safeParse(registered['jwks_uri']).data,
    certificate: certificateOf(registered),
  })
  return withoutGaps(parsed)
}

function certificateOf(registered: Client['registered']): string | undefined {
  const named = certificateNames.flatMap((name) => {
    const value = registered[name]
    return typeof value === 'string' ? [[name, value] as const] : []
  })
  return named.length === 0 ? undefined : hash('sha256', canonical(Object.fromEntries(named)), 'base64url')
}

/** A member that is `undefined` is not there: JSON has no such value. */
function withoutGaps(client: ShownClient): ShownClient {
  return shownClient.parse(JSON.parse(JSON.stringify(client)))
}

/** The names of the members in which two registrations differ, also of those whose values are not shown. */
export function changedMembers(before: Client, after: Client): readonly string[] {
  const [one, other] = [before, after].map(({ own, registered }): Readonly<Record<string, unknown>> => ({ ...registered, ...own }))
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})])
  const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
  return [...names].filter((name) => !isDeepStrictEqual(plain(one?.[name]), plain(other?.[name]))).map((name) => name.slice(0, 80)).toSorted()
}
