import { createHash } from 'node:crypto'

/** Chance that comes out the same for the same seed, on every machine. For synthetic people only, never for secrets. */
export type Dice = {
  /** 32 uniformly distributed bits. */
  word: () => number
  /** 0 … n − 1. */
  below: (n: number) => number
  /** Both ends included. */
  between: (low: number, high: number) => number
  chance: (probability: number) => boolean
  pick: <T>(list: readonly T[]) => T
}

/** sfc32 of Chris Doty-Humphrey's PractRand, seeded with 128 bits of the SHA-256 of the seed. */
export function dice(seed: string): Dice {
  const digest = createHash('sha256').update(seed).digest()
  let [a, b, c, count] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12)]
  const word = () => {
    const sum = (((a + b) | 0) + count) | 0
    count = (count + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((((c << 21) | (c >>> 11)) | 0) + sum) | 0
    return sum >>> 0
  }
  const below = (n: number) => Math.floor((word() / 2 ** 32) * n)
  return {
    word,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => word() / 2 ** 32 < probability,
    pick(list) {
      const picked = list[below(list.length)]
      if (picked === undefined) throw new RangeError('nothing to pick from')
      return picked
    },
  }
}

/** A maker of picks in proportion to weights. */
export function weighted<T>(list: readonly T[], weightOf: (item: T) => number): (by: Dice) => T {
  const ends: number[] = []
  for (const item of list) ends.push((ends.at(-1) ?? 0) + weightOf(item))
  return (by) => {
    const at = by.below(ends.at(-1) ?? 0)
    const picked = list[ends.findIndex((end) => at < end)]
    if (picked === undefined) throw new RangeError('nothing to pick from')
    return picked
  }
}

/** An id that looks like every other (RFC 9562 §5.8 UUIDv8) and is the same for the same seed. */
export function diceId(by: Dice): string {
  const hex = [by.word(), by.word(), by.word(), by.word()].map((word) => word.toString(16).padStart(8, '0')).join('')
  const variant = '89ab'[by.below(4)]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
