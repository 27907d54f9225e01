/**
 * What may be lost (docs/decisions/0003): sessions, interactions, codes, pushed requests, challenges, marks of use, short tokens.
 * Every act touches one slot only, a key or a key and the mark beside it, so that it runs on Redis Cluster as it is. Values are strings; times to live are whole
 * seconds and counted by the store. In Redis, a key's name is hashed and its value sealed with the name as associated
 * data, so a reply that belongs to another key does not open (CVE-2023-28858).
 *
 * A store that is replaced by its copy (failover) may come back without what was written last, marks of use among it: what was
 * consumed could be consumed again. So what may be used once is tied to the store's era, which ends with each loss (decision 0003).
 */
export type Volatile = {
  get: (key: string) => Promise<string | undefined>
  /** Writes, whether the key exists or not. */
  put: (key: string, value: string, ttl: number) => Promise<void>
  /** Puts what is to be taken once. `get` reads it too. */
  offer: (key: string, value: string, ttl: number) => Promise<void>
  /** Reads and forgets in one step what was offered: of racing takers exactly one gets the value, and none when another era has begun since. */
  take: (key: string) => Promise<string | undefined>
  /**
   * Writes only if the key is not there and nothing that `only` speaks of may have been forgotten: of racing claimers at most one hears `true`.
   * Throws `service.unavailable` where `madeAt` is before what is remembered: seconds later whatever is made then is believed.
   */
  claim: (key: string, value: string, ttl: number, only?: Only) => Promise<boolean>
  /** The era of what keeps this key. */
  era: (key: string) => Promise<string>
  /**
   * Adds one, or `by`, and answers the new count; the life starts with the first. By this act the count does not pass `most`, and what has
   * passed it stays: of those who count at once up to the same number none goes beyond.
   */
  count: (key: string, ttl: number, by?: number, most?: number) => Promise<number>
  drop: (key: string) => Promise<void>
  close: () => Promise<void>
}

export type Only = {
  /** The era in which what the mark is for was made. */
  era?: string
  /** When what the mark is for was made, by the word of whoever made it; not known, it may have been at any time in which it is still good. */
  madeAt?: Date | undefined
}
