import { emptyRoot, nodeHash, sameHash, type Hash, type Range } from './merkle.ts'

/** The largest power of two below a size of at least two (RFC 9162 §2.1.1). */
function split(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1)
}

/** The subtrees whose hashes prove that a leaf is in the log of this size, from the leaf upwards (RFC 9162 §2.1.3.1). */
export function inclusionRanges(index: number, { from, to }: Range): readonly Range[] {
  if (to - from === 1) return []
  const middle = from + split(to - from)
  return index < middle
    ? [...inclusionRanges(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionRanges(index, { from: middle, to }), { from, to: middle }]
}

/** The subtrees whose hashes prove that the log of the second size begins with that of the first (RFC 9162 §2.1.4.1). */
export function consistencyRanges(first: number, second: number): readonly Range[] {
  return first === 0 || first === second ? [] : apart(first, { range: { from: 0, to: second }, whole: true })
}

function apart(first: number, { range: { from, to }, whole }: { range: Range; whole: boolean }): readonly Range[] {
  if (first === to) return whole ? [] : [{ from, to }]
  const middle = from + split(to - from)
  return first <= middle
    ? [...apart(first, { range: { from, to: middle }, whole }), { from: middle, to }]
    : [...apart(first, { range: { from: middle, to }, whole: false }), { from, to: middle }]
}

const isOdd = (value: number) => value % 2 === 1
const halved = (value: number) => Math.floor(value / 2)

/** The way up from the last leaf that two sizes share: each hash is to the left of both, or to the right of the second only. */
function climb(start: { below: number; last: number }, proof: readonly Hash[], take: (hash: Hash, side: 'left' | 'right') => void): boolean {
  let { below, last } = start
  for (const hash of proof) {
    if (last === 0) return false
    const isLeft = isOdd(below) || below === last
    take(hash, isLeft ? 'left' : 'right')
    while (isLeft && !isOdd(below) && below !== 0) {
      below = halved(below)
      last = halved(last)
    }
    below = halved(below)
    last = halved(last)
  }
  return last === 0
}

type Inclusion = { leaf: Hash; index: number; size: number; root: Hash; proof: readonly Hash[] }

/** RFC 9162 §2.1.3.2. */
export function provesInclusion({ leaf, index, size, root, proof }: Inclusion): boolean {
  if (index < 0 || index >= size) return false
  let made = leaf
  const ended = climb({ below: index, last: size - 1 }, proof, (hash, side) => {
    made = side === 'left' ? nodeHash(hash, made) : nodeHash(made, hash)
  })
  return ended && sameHash(made, root)
}

type Consistency = { first: { size: number; root: Hash }; second: { size: number; root: Hash }; proof: readonly Hash[] }

/** RFC 9162 §2.1.4.2; of a log without entries every log is a continuation. */
export function provesConsistency({ first, second, proof }: Consistency): boolean {
  if (first.size > second.size) return false
  if (first.size === second.size) return proof.length === 0 && sameHash(first.root, second.root)
  if (first.size === 0) return proof.length === 0 && sameHash(first.root, emptyRoot)
  const [start, ...rest] = Number.isInteger(Math.log2(first.size)) ? [first.root, ...proof] : proof
  if (start === undefined || proof.length === 0) return false
  let [below, last] = [first.size - 1, second.size - 1]
  while (isOdd(below)) [below, last] = [halved(below), halved(last)]
  let [one, other] = [start, start]
  const ended = climb({ below, last }, rest, (hash, side) => {
    if (side === 'left') one = nodeHash(hash, one)
    other = side === 'left' ? nodeHash(hash, other) : nodeHash(other, hash)
  })
  return ended && sameHash(one, first.root) && sameHash(other, second.root)
}
