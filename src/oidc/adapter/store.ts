import type { AdapterPayload } from 'oidc-provider'

/** What the provider needs of a store: single-key acts, times to live in whole seconds. */
export type ProviderStore = {
  get: (key: string) => Promise<string | undefined>
  put: (key: string, value: string, ttl: number) => Promise<void>
  /** Writes only if the key is not there: of racing claimers exactly one hears `true`. */
  claim: (key: string, value: string, ttl: number, only?: { era?: string; madeAt?: Date | undefined }) => Promise<boolean>
  /** Of a store that may forget marks of use: in which of its times it is (`storage/volatile.ts`). */
  era?: (key: string) => Promise<string>
  drop: (key: string) => Promise<void>
}

/** What `put` was given. */
export function read(text: string): AdapterPayload {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the adapter, and sealed where others could reach it
  return JSON.parse(text) as AdapterPayload
}
