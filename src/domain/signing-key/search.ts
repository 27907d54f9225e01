import type { Slice, Sliced } from '#kernel/slice.ts'
import { keyStates, type KeyState } from './key.ts'
import type { KeyStanding } from './standing.ts'

export const keyOrders = ['state', 'kid', 'alg', 'newest'] as const

export type KeySearch = Slice & {
  /** Part of the key's name or of its algorithm. */
  text?: string | undefined
  state?: KeyState | undefined
  order: (typeof keyOrders)[number]
}

type Compare = (one: KeyStanding, other: KeyStanding) => number

const compares = {
  state: (one, other) => keyStates.indexOf(one.state) - keyStates.indexOf(other.state),
  kid: () => 0,
  alg: (one, other) => compareText(one.alg, other.alg),
  newest: (one, other) => (other.since?.getTime() ?? 0) - (one.since?.getTime() ?? 0),
} satisfies Record<KeySearch['order'], Compare>

/** Where every key stands is worked out of the key file and all that was decided, so what is looked through is there already. */
export function lookThrough(keys: readonly KeyStanding[], { text = '', state, order, offset, most }: KeySearch): Sliced<KeyStanding> {
  const part = text.toLowerCase()
  const found = keys.filter((key) => (state === undefined || key.state === state) && [key.kid, key.alg].some((name) => name.toLowerCase().includes(part)))
  const sorted = found.toSorted((one, other) => compares[order](one, other) || compareText(one.kid, other.kid))
  return { rows: sorted.slice(offset, offset + most), all: found.length }
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}
