import type { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Provider, type AdapterPayload, type Configuration } from 'oidc-provider'
import type { GuardedFetch } from '#oidc/outbound/fetch.ts'
import { thumbprint, type KeySets } from '#oidc/outbound/key-sets.ts'
import { purposes, type Fault } from '#oidc/outbound/fetch.ts'
import { wantedKeys } from '#oidc/outbound/wanted.ts'

/** What a client's address may answer with at most, in bytes (P20). The sector's is never fetched. */
export const outboundLimits = { jwks_uri: purposes.keys.bytes, sector_identifier_uri: 0 }

type Tools = { fetch: GuardedFetch; keySets: KeySets }

/** The library's way out: it reads nothing but keys, and posts nothing but messages (sign-outs, notifications). */
export function makeFetch({ fetch, keySets }: Tools): NonNullable<Configuration['fetch']> {
  return async (address, { method = 'GET', headers, body } = {}) => {
    const url = new URL(address instanceof Request ? address.url : address)
    if (method === 'GET') return keySets.fetch(url.href)
    if (method !== 'POST') throw new TypeError('nothing else is sent to clients')
    const fetched = await fetch(url, 'message', { method, headers: new Headers(headers), body: await new Response(body).text() })
    if ('fault' in fetched) throw new Unreached(fetched.fault)
    return fetched.answer
  }
}

/** A message that found nobody, and why. */
export class Unreached extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(`the address of a client cannot be reached: ${fault}`)
    this.name = 'Unreached'
    this.fault = fault
  }
}

type Metadata = (id: string) => Promise<AdapterPayload | undefined>
type Editions = { keySets: Pick<KeySets, 'edition'>; presented: (request: IncomingMessage) => X509Certificate | undefined }

/**
 * Metadata with the edition of the keys that counts now. The library keeps one client for each metadata it has seen, so another
 * edition makes another client, whose keys it fetches by itself.
 */
export function withKeyEdition(metadata: Metadata, { keySets, presented }: Editions): Metadata {
  return async (id) => {
    const known = await metadata(id)
    if (known?.jwks_uri === undefined || !URL.canParse(known.jwks_uri)) return known
    const ctx = Provider.ctx
    // RFC 8705 §2.2: such a client proves itself by a certificate among its keys, which then is the name of one.
    const shown = ctx && known.token_endpoint_auth_method === 'self_signed_tls_client_auth' ? presented(ctx.req) : undefined
    const wanted = [...wantedKeys(ctx?.oidc?.params ?? {}, id), ...(shown ? [thumbprint(shown.raw)] : [])]
    return { ...known, jwks_edition: keySets.edition({ uri: new URL(known.jwks_uri).href, client: id }, wanted) }
  }
}
