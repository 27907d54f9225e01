import { hash } from 'node:crypto'

export type Hash = Uint8Array

/** A complete subtree: it covers the leaves from `place · 2^level` on, 2^level of them. */
export type Place = { level: number; place: number }

/** Leaves from `from` up to but without `to`. */
export type Range = { from: number; to: number }

const sha256 = (...parts: readonly Uint8Array[]): Hash => new Uint8Array(hash('sha256', Buffer.concat(parts), 'buffer'))

/** RFC 9162 §2.1.1: leaves and nodes begin with different bytes, so that neither can pose as the other. */
export function leafHash(text: string): Hash {
  return sha256(Uint8Array.of(0), Buffer.from(text, 'utf8'))
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return sha256(Uint8Array.of(1), left, right)
}

/** The root of a log without entries (RFC 9162 §2.1.1). */
export const emptyRoot: Hash = sha256()

export function sameHash(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0
}

/** The complete subtrees that a range is made of, left to right; it begins where its largest one may begin. */
export function placesOf({ from, to }: Range): readonly Place[] {
  if (from === to) return []
  const level = Math.floor(Math.log2(to - from))
  const width = 2 ** level
  return [{ level, place: from / width }, ...placesOf({ from: from + width, to })]
}

/** The root of complete subtrees that stand side by side, largest first. */
export function foldRoot(hashes: readonly Hash[]): Hash {
  return hashes.reduceRight<Hash | undefined>((right, left) => (right === undefined ? left : nodeHash(left, right)), undefined) ?? emptyRoot
}

/** What has to be remembered of a log so that it can grow: its complete subtrees, largest first. Never more than 53. */
export type Frontier = { size: number; hashes: readonly Hash[] }

export const emptyFrontier: Frontier = { size: 0, hashes: [] }

export type Made = Place & { hash: Hash }

/** The log with one more leaf, and every subtree that became complete by it, the leaf itself among them. */
export function grow({ size, hashes }: Frontier, leaf: Hash): { frontier: Frontier; made: readonly Made[] } {
  const made: Made[] = [{ level: 0, place: size, hash: leaf }]
  const kept = [...hashes]
  for (let place = size, last = leaf; place % 2 === 1; place = (place - 1) / 2) {
    const left = kept.pop()
    if (left === undefined) throw new RangeError('a frontier that does not fit its size')
    last = nodeHash(left, last)
    made.push({ level: made.length, place: (place - 1) / 2, hash: last })
  }
  const top = made.at(-1)?.hash ?? leaf
  return { frontier: { size: size + 1, hashes: [...kept, top] }, made }
}
