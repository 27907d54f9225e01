import { randomBytes } from 'node:crypto'
import slotOf from 'cluster-key-slot'
import { Cluster } from 'ioredis'
import type { Clock } from '#kernel/clock.ts'
import type { RedisClient } from './open.ts'

/**
 * A mark that nothing was lost since it was made. It is written beside what is kept and never removed, so whoever finds none knows that the server
 * was emptied (FLUSHALL), of which its replication id tells nothing. In a cluster each server may be emptied by itself, and an act there reaches
 * no further than its key's slot: so each slot has a mark of its own.
 */
export function markPlaces(client: RedisClient, prefix: string): { of: (name: string) => string; all: () => readonly string[] } {
  if (!(client instanceof Cluster)) return { of: () => `${prefix}era`, all: () => [`${prefix}era`] }
  const words = wordsBySlot()
  const place = (word: string | undefined) => `${prefix}era:{${word ?? ''}}`
  return { of: (name) => place(words[slotOf(name)]), all: () => words.map(place) }
}

const slots = 16_384

/** For each slot of a cluster a word that belongs there (Redis Cluster specification, "Hash tags"). */
function wordsBySlot(): readonly string[] {
  const words = new Map<number, string>()
  for (let count = 0; words.size < slots; count += 1) {
    const word = count.toString(36)
    if (!words.has(slotOf(word))) words.set(slotOf(word), word)
  }
  return Array.from({ length: slots }, (_, slot) => words.get(slot) ?? '')
}

/** The mark of a store in which nothing was lost, ever; also that of a release before, which knew no other. */
export const ofOld = '1'

/** A mark that no other server makes at the same moment. */
export function newMark({ now }: Clock): string {
  return `${now().getTime()}-${randomBytes(6).toString('hex')}`
}

/** When it was made: everything older may have been lost. */
export function madeAt(mark: string): Date {
  return new Date(Number.parseInt(mark, 10))
}

/** So many at a time: one answer has 300 milliseconds. */
const atOnce = 512

/** Puts a mark wherever there is none. */
export async function markAll(client: RedisClient, places: readonly string[], mark: string): Promise<void> {
  for (let from = 0; from < places.length; from += atOnce) await Promise.all(places.slice(from, from + atOnce).map((place) => client.set(place, mark, 'NX')))
}
