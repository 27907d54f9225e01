import { errors, type AdapterPayload } from 'oidc-provider'
import type { ProviderStore } from './store.ts'

/** Consumed once; what a second use of the value is answered with. */
const refusals: Readonly<Record<string, () => Error>> = {
  AuthorizationCode: () => new errors.InvalidGrant('authorization code already consumed'),
  PushedAuthorizationRequest: () => new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used'),
  RefreshToken: () => new errors.InvalidGrant('refresh token already used'),
}

const usedOnce: ReadonlySet<string> = new Set([...Object.keys(refusals), 'DeviceCode', 'BackchannelAuthenticationRequest'])

/** Where the era stands in what is stored. */
const member = 'era'

/** What is used once, and the mark of its use, which is a key of its own. */
export function singleUse(model: string, { store, seconds }: { store: ProviderStore; seconds: number }) {
  const name = (id: string) => `used:${model}:${id}`
  return {
    /** Under which name the mark of use stands. */
    name,
    get refusal(): Error {
      return refusals[model]?.() ?? new errors.InvalidGrant('already consumed')
    },
    /** Tied to the memory of its mark: one that is lost at a failover would let it be used again. */
    async tied(id: string, payload: AdapterPayload): Promise<AdapterPayload> {
      const era = usedOnce.has(model) ? await store.era?.(name(id)) : undefined
      return era === undefined ? payload : { ...payload, [member]: era }
    },
    /** As the library wrote it. */
    untied(payload: AdapterPayload): AdapterPayload {
      const { [member]: _era, ...written } = payload
      return written
    },
    /** Of racing uses one is the first. Of what was made before a failover nobody knows whether it was used: it is refused, and is no theft. */
    async mark(id: string, payload: AdapterPayload | undefined, mark: string): Promise<'first' | 'again' | 'unknown'> {
      const era: unknown = payload && Reflect.get(payload, member)
      if (typeof era !== 'string') return (await store.claim(name(id), mark, seconds)) ? 'first' : 'again'
      if (await store.claim(name(id), mark, seconds, { era })) return 'first'
      return (await store.era?.(name(id))) === era ? 'again' : 'unknown'
    },
  }
}
