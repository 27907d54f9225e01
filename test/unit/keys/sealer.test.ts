import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { makeNamedSealer, makeSealer, type VersionedSecret } from '#keys/sealer.ts'
import { framed } from '#keys/framing.ts'

const secret = (version: number): VersionedSecret => ({ version, secret: randomBytes(32) })
const one = secret(1)
const index = randomBytes(32)
const sealer = makeSealer({ seal: [one], index })
const place = { table: 'person', column: 'name', row: '1' }
const unreadable = expect.objectContaining({ code: 'sealed.unreadable' })

describe('a sealed field', () => {
  test('opens in its place, whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(sealer.open(sealer.seal(text, place), place)).toBe(text)
    }))
  })

  test.each([
    { ...place, table: 'account' },
    { ...place, column: 'number' },
    { ...place, row: '2' },
    // The same letters in another cut: without lengths in the associated data this one would open.
    { table: 'perso', column: 'nname', row: '1' },
    { table: 'person', column: 'name1', row: '' },
  ])('does not open at %o', (elsewhere) => {
    const sealed = sealer.seal('Nguyễn Văn A', place)
    expect(() => sealer.open(sealed, elsewhere)).toThrow(unreadable)
  })

  test('does not open when any one byte was changed, nor when cut', () => {
    const sealed = sealer.seal('Nguyễn', place)
    for (const at of sealed.keys()) {
      const altered = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte))
      expect(() => sealer.open(altered, place)).toThrow(unreadable)
      expect(() => sealer.open(sealed.subarray(0, at), place)).toThrow(unreadable)
    }
  })

  test('is different each time, and its length tells only the length of the text', () => {
    const sealed = [sealer.seal('same', place), sealer.seal('same', place)]
    expect(Buffer.from(sealed[0] ?? []).equals(Buffer.from(sealed[1] ?? []))).toBe(false)
    expect(sealed[0]).toHaveLength(1 + 12 + 4 + 16)
  })

  test('is sealed with the newest key and opens with any that is there', () => {
    const two = secret(2)
    const both = makeSealer({ seal: [two, one], index })
    expect(both.open(sealer.seal('old', place), place)).toBe('old')
    const sealed = both.seal('new', place)
    expect(sealed[0]).toBe(2)
    expect(makeSealer({ seal: [two], index }).open(sealed, place)).toBe('new')
    expect(() => sealer.open(sealed, place)).toThrow(unreadable)
  })

  test('does not open as another key version of the same secret', () => {
    const sealed = sealer.seal('text', place)
    const renamed = makeSealer({ seal: [{ version: 2, secret: one.secret }], index })
    expect(() => renamed.open(Uint8Array.from(sealed, (byte, at) => (at === 0 ? 2 : byte)), place)).toThrow(unreadable)
  })

  test('opens from a view into a larger buffer', () => {
    const sealed = sealer.seal('text', place)
    const larger = new Uint8Array(sealed.length + 20)
    larger.set(sealed, 7)
    expect(sealer.open(larger.subarray(7, 7 + sealed.length), place)).toBe('text')
  })
})

describe('a blind index', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

  test('is the same for equal values, also written in another Unicode form or width', () => {
    expect(hex(sealer.index('personal-number', '079090000001'))).toBe(hex(sealer.index('personal-number', '０７９０９００００００１')))
    expect(hex(sealer.index('email', 'hòa@vi-du.example'))).toBe(hex(sealer.index('email', 'hòa@vi-du.example'.normalize('NFD'))))
  })

  test('differs between values, kinds and keys', () => {
    const other = makeSealer({ seal: [one], index: randomBytes(32) })
    const all = [
      sealer.index('email', 'a'), sealer.index('phone', 'a'), sealer.index('email', 'b'),
      sealer.index('personal-number', 'a'), other.index('email', 'a'),
    ]
    expect(new Set(all.map(hex)).size).toBe(all.length)
    expect(all[0]).toHaveLength(32)
  })
})

test('a named value opens under its name only, and not as a field', () => {
  const named = makeNamedSealer([one])
  expect(named.open(named.seal('value', 'v:abc'), 'v:abc')).toBe('value')
  expect(() => named.open(named.seal('value', 'v:abc'), 'v:abd')).toThrow(unreadable)
  expect(() => named.open(sealer.seal('value', place), 'person')).toThrow(unreadable)
})

test('framing tells apart every two different lists', () => {
  const list = fc.array(fc.string({ unit: 'grapheme', maxLength: 3 }), { maxLength: 4 })
  fc.assert(fc.property(list, list, (a, b) => {
    const same = a.length === b.length && a.every((part, at) => part === b[at])
    expect(framed(...a).equals(framed(...b))).toBe(same)
  }))
  expect(framed('ab', 'c').equals(framed('a', 'bc'))).toBe(false)
  // What a mere separator would confuse.
  expect(framed('a\0\0\0\0b').equals(framed('a', 'b'))).toBe(false)
})
