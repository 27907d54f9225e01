import type { ClientId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import { algorithmOf, judgeFetches, keyToKnow, unwatchedClient, type Fetches, type KeyToKnow, type SeenFrom, type Unwatched } from './fetched.ts'
import type { KeyRules } from './rules.ts'
import { standingAt } from './standing.ts'
import type { SigningKeys } from './store.ts'

/** Takes notes without waiting; they are written seconds later, and a few may be lost with a process. Addresses are kept as keyed digests alone. */
export type KeySetNotes = {
  /** A service has proved itself in a call from this address. */
  called: (client: ClientId, address: string) => void
  /** Somebody has fetched the key set. */
  fetched: (address: string) => void
}

/** By digests of addresses. */
export type Called = { client: ClientId; address: string; at: Date }
export type Fetched = { address: string; at: Date }

export const daysWatched = 35
/** Of one service the latest: who has a thousand ways out fills no disk. */
export const mostAddresses = 50

export type KeySetWatch = {
  /** Answers the addresses of fetches that somebody is known to call from; of the others nothing is kept. */
  add: (seen: { calls: readonly Called[]; fetches: readonly Fetched[] }) => Promise<readonly string[]>
  seenOf: (client: ClientId) => Promise<readonly SeenFrom[]>
  watchedSince: () => Promise<Date>
  /** Forgets from where nobody has called since. */
  sweep: (before: Date) => Promise<void>
}

/** `off`: an edge answers in place of these servers, so that nothing is seen. `unrotated`: there is one key, and there was no other. */
export type KeySetStanding = { is: Unwatched | 'off' | 'unrotated' } | { is: 'judged'; key: KeyToKnow; fetches: Fetches }

type Tools = { keySetWatch: Pick<KeySetWatch, 'seenOf' | 'watchedSince'>; signingKeys: Pick<SigningKeys, 'held' | 'list' | 'saidAt'>; keyRules: Pick<KeyRules, 'warnDays'> }

/** Whether this service has the key that it has to know. */
export async function keySetStandingOf({ keySetWatch, signingKeys, keyRules: { warnDays } }: Tools, client: Client, now: Date): Promise<KeySetStanding> {
  const why = unwatchedClient(client)
  if (why !== undefined) return { is: why }
  if (warnDays === 0) return { is: 'off' }
  const standing = standingAt(signingKeys.held, await signingKeys.list(), now)
  const said = await Promise.all(standing.map(async ({ kid }) => [kid, await signingKeys.saidAt(kid, 'staged')] as const))
  const published = new Map(said.flatMap(([kid, at]) => (at === undefined ? [] : [[kid, at] as const])))
  const key = keyToKnow(standing, published, algorithmOf(client))
  if (key === undefined) return { is: 'unrotated' }
  const [seen, watchedSince] = await Promise.all([keySetWatch.seenOf(client.id), keySetWatch.watchedSince()])
  return { is: 'judged', key, fetches: judgeFetches(seen, { publishedAt: key.publishedAt, watchedSince }) }
}
