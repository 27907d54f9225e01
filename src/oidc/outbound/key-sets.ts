import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Fetched, GuardedFetch } from './fetch.ts'
import { keyLife } from './key-life.ts'

/**
 * Keys that clients publish at an address. The library holds what it fetched for as long as signatures fit, so the bounds are
 * kept here: used as long as the answer says, a day at most; older ones for a day when the address fails.
 */
export type KeySets = {
  /**
   * Says which edition of the keys counts now. Another one than before tells the library to ask again: because the time of
   * the keys is over, or because `wanted` (a `kid` or a certificate) is not among them. The latter is believed once a minute.
   */
  edition: (source: { uri: string; client: string }, wanted: readonly string[]) => number
  /** The keys as an answer to the library; throws when there are none to go on with. */
  fetch: (uri: string) => Promise<Response>
}

type Keys = { text: string; names: ReadonlySet<string>; freshUntil: number; bearableUntil: number }
type KeySet = { client: string; edition: number; due: boolean; keys?: Keys; wantedAt: number; failedAt: number; running?: Promise<string> }

/** More than there will be clients. Forgetting that of one that is there means fetching at each of its requests. */
const keySetsAtMost = 10_000
/** Between two fetches that somebody's wish for an unknown key brings about. */
const wishMilliseconds = 60_000
/** How long an address that failed is left alone: while there is nothing to go on with, and while there are older keys. */
const pauseMilliseconds = { without: 10_000, older: 60_000 }
const bearableMilliseconds = 86_400_000

type Tools = {
  fetch: GuardedFetch
  clock: Clock
  log: Log
  /** Hears how each fetch of a client's keys went: the fault, or nothing. */
  heard?: (client: string, fault: string | undefined) => void
}

export function makeKeySets({ fetch, clock, log, heard }: Tools): KeySets {
  const now = () => clock.now().getTime()
  const { keySetOf, askAgain } = makeShelf((keySet) => isOver(keySet, now()))

  async function load(uri: string, keySet: KeySet): Promise<string> {
    const fetched = await fetch(new URL(uri), 'keys', { headers: new Headers({ accept: 'application/json' }) })
    const read = await readKeys(fetched, clock.now())
    heard?.(keySet.client, 'fault' in read ? read.fault : undefined)
    if ('fault' in read) {
      keySet.failedAt = now()
      log.warn({ client: keySet.client, fault: read.fault, older: hasOlder(keySet, now()) }, 'the keys of a client could not be fetched')
      return older(keySet)
    }
    keySet.keys = read
    keySet.due = false
    return read.text
  }

  function older(keySet: KeySet): string {
    if (keySet.keys === undefined || !hasOlder(keySet, now())) throw new Error('there are no keys of this client to go on with')
    keySet.keys.freshUntil = keySet.failedAt + pauseMilliseconds.older
    keySet.due = false
    return keySet.keys.text
  }

  return {
    edition({ uri, client }, wanted) {
      const keySet = keySetOf(uri)
      keySet.client = client
      if (keySet.due || keySet.keys === undefined) return keySet.edition
      const { names, freshUntil } = keySet.keys
      const wish = now() >= keySet.wantedAt + wishMilliseconds && wanted.some((name) => !names.has(name))
      if (wish) keySet.wantedAt = now()
      return wish || now() >= freshUntil ? askAgain(keySet) : keySet.edition
    },

    async fetch(uri) {
      const keySet = keySetOf(uri)
      if (!keySet.due && keySet.keys !== undefined && now() < keySet.keys.freshUntil) return answer(keySet.keys.text)
      if (now() < keySet.failedAt + pauseMilliseconds.without) return answer(older(keySet))
      keySet.running ??= load(uri, keySet).finally(() => delete keySet.running)
      return answer(await keySet.running)
    },
  }
}

const hasOlder = ({ keys }: KeySet, now: number): boolean => keys !== undefined && keys.bearableUntil > now

/** Nothing in it counts any more: no keys, no failure to wait after and no fetch under way. */
const isOver = (keySet: KeySet, now: number): boolean =>
  !hasOlder(keySet, now) && keySet.running === undefined && now >= keySet.failedAt + pauseMilliseconds.without

/** Key sets, made as they are first asked for. When there are too many, those go that are over; only when none is, the one asked for longest ago. */
function makeShelf(isOver: (keySet: KeySet) => boolean) {
  const keySets = new Map<string, KeySet>()
  // Counted over all key sets, so that one that was forgotten does not come back under an old number.
  let editions = 0

  function keySetOf(uri: string): KeySet {
    const never = Number.NEGATIVE_INFINITY
    const keySet = keySets.get(uri) ?? { client: '', edition: (editions += 1), due: true, wantedAt: never, failedAt: never }
    keySets.delete(uri)
    if (keySets.size >= keySetsAtMost) makeRoom()
    keySets.set(uri, keySet)
    return keySet
  }

  function makeRoom(): void {
    for (const [uri, keySet] of keySets) if (isOver(keySet)) keySets.delete(uri)
    const [oldest] = keySets.keys()
    if (keySets.size >= keySetsAtMost && oldest !== undefined) keySets.delete(oldest)
  }

  function askAgain(keySet: KeySet): number {
    keySet.due = true
    keySet.edition = editions += 1
    return keySet.edition
  }

  return { keySetOf, askAgain }
}

/** Without a word on caching: the library then holds it for its shortest time, and how long it counts is said here. */
const answer = (text: string): Response => new Response(text, { headers: { 'content-type': 'application/json' } })

const jwks = z.looseObject({ keys: z.array(z.looseObject({ kid: z.string().optional(), x5c: z.array(z.string()).optional() })) })

async function readKeys(fetched: Fetched, now: Date): Promise<Keys | { fault: string }> {
  if ('fault' in fetched) return fetched
  const { status, headers } = fetched.answer
  if (status !== 200) return { fault: `status-${status}` }
  const text = await fetched.answer.text()
  const names = namesIn(text)
  if (names === undefined) return { fault: 'no-key-set' }
  const freshUntil = now.getTime() + keyLife(headers, now) * 1000
  return { text, names, freshUntil, bearableUntil: freshUntil + bearableMilliseconds }
}

function namesIn(text: string): ReadonlySet<string> | undefined {
  const { data } = jwks.safeParse(parsed(text))
  return data && new Set(data.keys.flatMap(({ kid, x5c = [] }) => [
    ...(kid === undefined ? [] : [kid]),
    ...x5c.slice(0, 1).map((certificate) => thumbprint(Buffer.from(certificate, 'base64'))),
  ]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** RFC 8705 §3.1 `x5t#S256`, of a certificate in DER. */
export const thumbprint = (certificate: Uint8Array): string => createHash('sha256').update(certificate).digest('base64url')
