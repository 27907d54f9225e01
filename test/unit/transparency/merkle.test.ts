import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyFrontier, emptyRoot, foldRoot, grow, leafHash, nodeHash, placesOf, sameHash, type Hash, type Made, type Range,
} from '#domain/transparency/merkle.ts'
import { consistencyRanges, inclusionRanges, provesConsistency, provesInclusion } from '#domain/transparency/proof.ts'

const hex = (hash: Hash) => Buffer.from(hash).toString('hex')
const bytes = (text: string): Hash => new Uint8Array(Buffer.from(text, 'hex'))

/** The tree as the RFC defines it, by cutting lists: slow, and nothing like the code. */
function rootOf(leaves: readonly Hash[]): Hash {
  const [only, ...more] = leaves
  if (only === undefined) return emptyRoot
  if (more.length === 0) return only
  let middle = 1
  while (middle * 2 < leaves.length) middle *= 2
  return nodeHash(rootOf(leaves.slice(0, middle)), rootOf(leaves.slice(middle)))
}

const logOf = (leaves: readonly Hash[]) => {
  const made: Made[] = []
  let frontier = emptyFrontier
  for (const leaf of leaves) {
    const grown = grow(frontier, leaf)
    frontier = grown.frontier
    made.push(...grown.made)
  }
  const find = ({ level, place }: { level: number; place: number }) => made.find((each) => each.level === level && each.place === place)?.hash ?? expect.unreachable()
  const hashOf = (range: Range) => foldRoot(placesOf(range).map(find))
  return { frontier, made, hashOf, root: (size: number) => hashOf({ from: 0, to: size }) }
}

/** The leaves and roots with which implementations of Certificate Transparency are tested (RFC 6962 §2.1.3). */
const known = {
  leaves: ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'],
  roots: [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ],
}

describe('L02 the tree of the log', () => {
  const log = logOf(known.leaves.map((leaf) => leafHash(Buffer.from(leaf, 'hex').toString('latin1'))))

  test('has the roots that every implementation has', () => {
    expect(known.roots.map((_, size) => hex(log.root(size)))).toEqual(known.roots)
    expect(hex(foldRoot(log.frontier.hashes))).toBe(known.roots[8])
  })

  test('gives the proofs that others give', () => {
    const inclusion = inclusionRanges(0, { from: 0, to: 8 }).map(log.hashOf).map(hex)
    expect(inclusion).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(consistencyRanges(6, 8).map(log.hashOf).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  test('tells leaf and node apart, and takes text as UTF-8', () => {
    expect(hex(leafHash('ế'))).toBe(hex(leafHash(Buffer.from([0xe1, 0xba, 0xbf]).toString('utf8'))))
    const [one, other] = [leafHash('a'), leafHash('b')]
    expect(sameHash(nodeHash(one, other), leafHash(Buffer.concat([one, other]).toString('latin1')))).toBe(false)
  })
})

const leavesOf = (count: number) => Array.from({ length: count }, (_, at) => leafHash(`entry ${at}`))
const sizes = fc.integer({ min: 1, max: 70 })
const many = leavesOf(70)
const big = logOf(many)

describe('L02 for every size', () => {
  test('what grew leaf by leaf is what is defined', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 70 }), (size) => sameHash(big.root(size), rootOf(many.slice(0, size)))))
  })

  test('each subtree is made once and in order, so that nothing stored is ever changed', () => {
    const names = big.made.map(({ level, place }) => `${level}/${place}`)
    expect(new Set(names).size).toBe(names.length)
  })

  test('every leaf proves that it is there, and no other leaf, place, size, root or proof does', () => {
    fc.assert(fc.property(sizes, fc.nat(), fc.nat(), (size, some, other) => {
      const index = some % size
      const proof = inclusionRanges(index, { from: 0, to: size }).map(big.hashOf)
      const right = { leaf: many[index] ?? emptyRoot, index, size, root: big.root(size), proof }
      expect(provesInclusion(right)).toBe(true)
      expect(provesInclusion({ ...right, leaf: leafHash('forged') })).toBe(false)
      expect(provesInclusion({ ...right, index: size })).toBe(false)
      expect(provesInclusion({ ...right, proof: [...proof, leafHash('more')] })).toBe(false)
      expect(provesInclusion({ ...right, root: emptyRoot })).toBe(false)
      const wrong = [proof.slice(1), proof.map((hash, at) => (at === other % proof.length ? leafHash('forged') : hash))]
      expect(wrong.map((each) => provesInclusion({ ...right, proof: each }))).toEqual(wrong.map(() => proof.length === 0))
    }))
  })

  test('a log proves that it continues what it was, and nothing that was rewritten passes for that', () => {
    fc.assert(fc.property(sizes, sizes, fc.nat(), (one, another, some) => {
      const [first, second] = [Math.min(one, another), Math.max(one, another)]
      const proof = consistencyRanges(first, second).map(big.hashOf)
      const right = { first: { size: first, root: big.root(first) }, second: { size: second, root: big.root(second) }, proof }
      expect(provesConsistency(right)).toBe(true)
      const rewritten = many.slice(0, second).with(some % first, leafHash('rewritten'))
      const forged = logOf(rewritten)
      const served = consistencyRanges(first, second).map(forged.hashOf)
      expect(provesConsistency({ ...right, second: { size: second, root: forged.root(second) }, proof: served })).toBe(false)
      expect(provesConsistency({ ...right, proof: [...proof, leafHash('more')] })).toBe(false)
      expect(provesConsistency({ ...right, first: right.second, second: right.first })).toBe(first === second)
    }))
  })

  test('a proof that is too long or too short for the size is none, whatever root it leads to', () => {
    const [leaf, hash] = [leafHash('leaf'), leafHash('hash')]
    const places = [{ index: 0, size: 1 }, { index: 0, size: 4 }, { index: 3, size: 4 }]
    for (const root of [nodeHash(leaf, hash), nodeHash(hash, leaf)]) {
      expect(places.map((at) => provesInclusion({ ...at, leaf, root, proof: [hash] }))).toEqual([false, false, false])
    }
    const second = { size: 4, root: nodeHash(leaf, hash) }
    expect(provesConsistency({ first: { size: 1, root: leaf }, second, proof: [hash] })).toBe(false)
  })

  test('every log continues the empty one, with nothing to prove', () => {
    expect(consistencyRanges(0, 5)).toEqual([])
    const first = { size: 0, root: emptyRoot }
    expect(provesConsistency({ first, second: { size: 5, root: big.root(5) }, proof: [] })).toBe(true)
    expect(provesConsistency({ first: { size: 0, root: leafHash('x') }, second: { size: 5, root: big.root(5) }, proof: [] })).toBe(false)
  })
})

test('a hash is 32 bytes of SHA-256', () => expect(bytes(known.roots[0] ?? '')).toEqual(emptyRoot))
