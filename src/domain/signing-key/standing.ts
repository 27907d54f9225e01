import type { DecidedBy, HeldKey, KeyChange, KeyState } from './key.ts'

/** Where a key stands at a moment. */
export type KeyStanding = {
  kid: string
  alg: string
  state: KeyState
  /** Absent where only the key file says it, and not since when. */
  since?: Date | undefined
  /** Who brought it there; absent where the key file did. */
  by?: DecidedBy | undefined
  /** Whether this node has it. One that has gone after it was retired is destroyed. */
  held: boolean
  next?: { to: KeyState; at: Date } | undefined
}

type Move = { kid: string; to: KeyState; at: Date; by: DecidedBy }

/**
 * Where every key stands at a moment: a pure function of the key file and of what two people decided. A key moves forward only (K03): staged →
 * active → retired → revoked. Whichever becomes active takes the place of those of its algorithm; one that would leave its algorithm without an active
 * key stays as it is.
 */
export function standingAt(held: readonly HeldKey[], changes: readonly KeyChange[], now: Date): readonly KeyStanding[] {
  const due = (change: KeyChange) => change.at <= now
  const ordered = changes.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.seq - b.seq)
  const today = ordered.filter(due).reduce(follow, fromFile(held, changes))
  return planned(today, ordered.filter((change) => !due(change)))
}

/** Also keys that others hold and this node does not: what was decided about them counts for the rest all the same. */
function fromFile(held: readonly HeldKey[], changes: readonly KeyChange[]): readonly KeyStanding[] {
  const here = new Set(held.map(({ kid }) => kid))
  const elsewhere = new Map(changes.filter(({ kid }) => !here.has(kid)).map(({ kid, alg }) => [kid, alg]))
  return [
    ...held.map(({ kid, alg, state, createdAt }): KeyStanding => ({ kid, alg, state, held: true, ...(state !== 'retired' && { since: createdAt }) })),
    ...[...elsewhere].map(([kid, alg]): KeyStanding => ({ kid, alg, state: 'staged', held: false })),
  ]
}

function follow(keys: readonly KeyStanding[], change: KeyChange): readonly KeyStanding[] {
  const moves = movesOf(keys, change)
  return keys.map((key) => {
    const move = moves.find(({ kid }) => kid === key.kid)
    return move === undefined ? key : { ...key, state: move.to, since: move.at, by: move.by }
  })
}

const order: readonly KeyState[] = ['staged', 'active', 'retired', 'revoked']

/** What a decision moves where the keys stand like this; nothing where it comes too late. */
function movesOf(keys: readonly KeyStanding[], { act, kid, at, by }: KeyChange): readonly Move[] {
  const key = keys.find((one) => one.kid === kid)
  if (key === undefined) return []
  const others = keys.filter((one) => one.kid !== kid && one.alg === key.alg && one.state === 'active')
  const move = (name: string, to: KeyState): Move => ({ kid: name, to, at, by })
  if (act === 'activate') return key.state === 'staged' ? [move(kid, 'active'), ...others.map((one) => move(one.kid, 'retired'))] : []
  const end = act === 'revoke' ? 'revoked' : 'retired'
  const further = order.indexOf(key.state) < order.indexOf(end)
  const unmissed = others.length > 0 || (act === 'revoke' && key.state !== 'active')
  return further && unmissed ? [move(kid, end)] : []
}

/** The next move of each key that is decided already. */
function planned(today: readonly KeyStanding[], later: readonly KeyChange[]): readonly KeyStanding[] {
  let keys = today
  const next = new Map<string, Move>()
  for (const change of later) {
    for (const move of movesOf(keys, change)) if (!next.has(move.kid)) next.set(move.kid, move)
    keys = follow(keys, change)
  }
  return today.map((key) => {
    const move = next.get(key.kid)
    return move === undefined ? key : { ...key, next: { to: move.to, at: move.at } }
  })
}

/** When something moves next, or nothing is decided. */
export function nextMove(keys: readonly KeyStanding[]): Date | undefined {
  const moments = keys.flatMap(({ next }) => (next === undefined ? [] : [next.at.getTime()]))
  return moments.length === 0 ? undefined : new Date(Math.min(...moments))
}
