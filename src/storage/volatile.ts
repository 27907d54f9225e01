/**
 * What may be lost (docs/decisions/0003): sessions, interactions, codes, pushed requests, challenges, marks of use, short tokens.
 * Every act touches one key only, so that it runs on Redis Cluster as it is. Values are strings; times to live are whole
 * seconds and counted by the store. In Redis, a key's name is hashed and its value sealed with the name as associated
 * data, so a reply that belongs to another key does not open (CVE-2023-28858).
 */
export type Volatile = {
  get: (key: string) => Promise<string | undefined>
  /** Writes, whether the key exists or not. */
  put: (key: string, value: string, ttl: number) => Promise<void>
  /** Reads and forgets in one step: of racing takers exactly one gets the value. */
  take: (key: string) => Promise<string | undefined>
  /** Writes only if the key is not there: of racing claimers exactly one hears `true`. */
  claim: (key: string, value: string, ttl: number) => Promise<boolean>
  /** Adds one and answers the new count; the life starts with the first. */
  count: (key: string, ttl: number) => Promise<number>
  drop: (key: string) => Promise<void>
  close: () => Promise<void>
}
