import { createHash, timingSafeEqual } from 'node:crypto'
import { Provider, type AdapterPayload } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import type { KnownClients } from './known.ts'

type Metadata = KnownClients['metadata']
type Tools = { clients: Pick<KnownClients, 'find'>; clock: Clock }

/**
 * Metadata with the secret that a client had before, where just that is shown and is still good: after a replacement both are for some days. The
 * library compares with what it is given, and makes another client of other metadata, so nothing of it is changed.
 */
export function withFormerSecret(metadata: Metadata, { clients, clock }: Tools): Metadata {
  return async (id) => {
    const known = await metadata(id)
    const former = known?.client_secret === undefined ? undefined : (await clients.find(id))?.former
    if (known === undefined || former === undefined || former.until <= clock.now()) return known
    const shown = shownSecret(Provider.ctx)
    return shown !== undefined && isSame(shown, former.secret) ? ({ ...known, client_secret: former.secret } satisfies AdapterPayload) : known
  }
}

/** The secret that a request came with, in its form or by name and password (RFC 6749 §2.3.1). */
function shownSecret(ctx: typeof Provider.ctx): string | undefined {
  const posted: unknown = ctx?.oidc?.params?.['client_secret']
  if (typeof posted === 'string') return posted
  const [, basic] = /^basic ([A-Za-z0-9+/=]+)$/i.exec(ctx?.headers.authorization ?? '') ?? []
  if (basic === undefined) return undefined
  const text = Buffer.from(basic, 'base64').toString()
  const encoded = text.slice(text.indexOf(':') + 1).replaceAll('+', ' ')
  try {
    return decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}

/** However much of it is right, it takes as long. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}
