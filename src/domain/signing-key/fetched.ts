import type { Client } from '#domain/client/client.ts'
import type { KeyStanding } from './standing.ts'

/** An address that the servers of a service call from, and when the key set was last fetched from there. */
export type SeenFrom = { calledAt: Date; fetchedAt: Date | undefined }

/** The key that a service has to know: one that begins to sign on a day that is decided, or else the newest. */
export type KeyToKnow = { kid: string; alg: string; publishedAt: Date; signs: boolean; signsFrom: Date | undefined }

/**
 * Whether a service has the key, as far as can be seen. Nobody says their name at the key set, so a fetch counts for those who called from
 * the same address; one through another way out is not seen.
 */
export type Fetches =
  | { is: 'fetched'; at: Date; /** From so many of its addresses. */ from: number; of: number }
  | { is: 'not-since'; at: Date }
  | { is: 'never' }
  | { is: 'unknown'; why: 'no-calls' | 'not-watched' }

/** Every node publishes a key within this time after the public log has it (`rotation.ts`); what was fetched meanwhile may lack it. */
const followMilliseconds = 5000

export function judgeFetches(seen: readonly SeenFrom[], { publishedAt, watchedSince }: { publishedAt: Date; watchedSince: Date }): Fetches {
  if (seen.length === 0) return { is: 'unknown', why: 'no-calls' }
  const since = publishedAt.getTime() + followMilliseconds
  const fetched = seen.flatMap(({ fetchedAt }) => fetchedAt ?? []).toSorted((one, other) => other.getTime() - one.getTime())
  const [last] = fetched
  if (last !== undefined && last.getTime() >= since) return { is: 'fetched', at: last, from: fetched.filter((at) => at.getTime() >= since).length, of: seen.length }
  if (publishedAt < watchedSince) return { is: 'unknown', why: 'not-watched' }
  return last === undefined ? { is: 'never' } : { is: 'not-since', at: last }
}

/** Nothing where no key was ever published beside the first: then nobody can lack one. */
export function keyToKnow(standing: readonly KeyStanding[], publishedAt: ReadonlyMap<string, Date>, alg: string): KeyToKnow | undefined {
  const keys = standing.flatMap(({ kid, state, next, ...key }): readonly KeyToKnow[] => {
    const published = publishedAt.get(kid)
    if (key.alg !== alg || published === undefined || (state !== 'staged' && state !== 'active')) return []
    return [{ kid, alg, publishedAt: published, signs: state === 'active', signsFrom: next?.to === 'active' ? next.at : undefined }]
  })
  const [first] = keys.toSorted((one, other) => startOf(one) - startOf(other) || other.publishedAt.getTime() - one.publishedAt.getTime())
  return first
}

const startOf = ({ signsFrom }: KeyToKnow): number => signsFrom?.getTime() ?? Number.MAX_SAFE_INTEGER

/** With what the ID tokens of a client are signed (OpenID Connect Registration §2); where it does not say, with what we sign by default. */
export function algorithmOf({ registered }: Pick<Client, 'registered'>): string {
  const alg = registered['id_token_signed_response_alg']
  return typeof alg === 'string' ? alg : 'ES256'
}

/** Why fetches tell nothing of a client. */
export type Unwatched = 'public' | 'own-tokens'

/**
 * Fetches tell something of services whose own servers call. The calls of a public client come from people's browsers and phones, which are
 * nobody's to watch, and who only ever asks for tokens of its own is given no ID token.
 */
export function unwatched({ method, grants }: { method: unknown; grants: readonly unknown[] | undefined }): Unwatched | undefined {
  if (method === 'none') return 'public'
  return grants?.every((grant) => grant === 'client_credentials') === true ? 'own-tokens' : undefined
}

export function unwatchedClient({ registered: { token_endpoint_auth_method: method, grant_types: grants } }: Pick<Client, 'registered'>): Unwatched | undefined {
  return unwatched({ method, grants: Array.isArray(grants) && grants.length > 0 ? grants : undefined })
}
