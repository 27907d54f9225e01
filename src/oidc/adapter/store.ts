/** What the provider needs of a store that may be lost: single-key acts, times to live in whole seconds. */
export type ProviderStore = {
  get: (key: string) => Promise<string | undefined>
  put: (key: string, value: string, ttl: number) => Promise<void>
  /** Writes only if the key is not there: of racing claimers exactly one hears `true`. */
  claim: (key: string, value: string, ttl: number) => Promise<boolean>
  drop: (key: string) => Promise<void>
}
