import { randomBytes } from 'node:crypto'
import slotOf from 'cluster-key-slot'
import { Cluster } from 'ioredis'
import type { RedisClient } from './open.ts'

/**
 * A mark that nothing was lost since its era began. It stands beside what is kept and is never removed, so whoever finds none knows that the server
 * was emptied (FLUSHALL), of which its replication id tells nothing. In a cluster each server may be emptied or replaced by itself, slots move from
 * one to the other, and an act there reaches no further than its key's slot: so each slot has a mark of its own, which moves with it.
 */
export function markKeys(client: RedisClient, prefix: string): { of: (name: string) => string; all: () => readonly string[] } {
  if (!(client instanceof Cluster)) return { of: () => `${prefix}era`, all: () => [`${prefix}era`] }
  const words = wordsBySlot()
  const keyOf = (word: string | undefined) => `${prefix}era:{${word ?? ''}}`
  return { of: (name) => keyOf(words[slotOf(name)]), all: () => words.map(keyOf) }
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

/** An era, and the replication id of the server under which it last went on. */
export type Mark = { era: string; under: string }

/** Nothing where no mark stands, or what an earlier release wrote there. */
export function readMark(text: string): Mark | undefined {
  const [, era, under] = /^(\d+-[0-9a-f]+)@(\w+)$/.exec(text) ?? []
  return era === undefined || under === undefined ? undefined : { era, under }
}

/** What stands behind the moment at which an era began: no two that begin at the same moment have one name. */
export function ownName(): string {
  return randomBytes(6).toString('hex')
}

/** Of a store in which nothing was lost, ever. */
export function firstEra(): string {
  return `0-${ownName()}`
}

/** When an era began: everything older may have been lost. */
export function begun(era: string): Date {
  return new Date(Number.parseInt(era, 10))
}

/** So many at a time: one answer has 300 milliseconds. */
const atOnce = 512

/** Does something at every mark. Where it fails, whoever comes there next does it. */
export async function everywhere(keys: readonly string[], act: (key: string) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < keys.length; from += atOnce) await Promise.allSettled(keys.slice(from, from + atOnce).map(act))
}
