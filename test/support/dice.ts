/** Chance that can be had again: the same seed gives the same numbers. */
export type Dice = {
  /** A whole number from 0, below this. */
  below: (count: number) => number
  oneOf: <Thing>(things: readonly [Thing, ...Thing[]]) => Thing
}

/** mulberry32: a 32-bit state is plenty where nobody guesses. */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (count: number) => next() % count
  return { below, oneOf: (things) => things[below(things.length)] ?? things[0] }
}
