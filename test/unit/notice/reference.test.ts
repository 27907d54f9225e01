import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { printedReference, readReference, referenceOf } from '#domain/notice/reference.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('a reference is read back from paper, in any case, with any spaces and the letters that are taken for digits', () => {
  const reference = referenceOf(new Uint8Array([0, 0x44, 0x32, 0x14, 0xc7]))
  expect(printedReference(reference)).toMatch(/^012-345-67.$/)
  for (const typed of [printedReference(reference), ` ${reference.toLowerCase()} `, reference.replace('0', 'o').replace('1', 'l'), [...reference].join(' ')]) {
    expect(readReference(typed)).toBe(reference)
  }
  expect(['', reference.slice(1), `${reference}0`, reference.replace('2', 'U')].map(readReference)).toEqual([undefined, undefined, undefined, undefined])
})

test('one wrong sign, and any two that changed places, are always seen', () => {
  const unseen = Array.from({ length: 40 }, () => [...referenceOf(randomBytes(5))]).flatMap((signs) => {
    const wrong = signs.flatMap((sign, at) => [...alphabet].filter((other) => other !== sign).map((other) => signs.with(at, other)))
    const swapped = signs.flatMap((sign, at) => [...signs.entries()].filter(([, second]) => second !== sign).map(([to, second]) => signs.with(at, second).with(to, sign)))
    return [...wrong, ...swapped].filter((one) => readReference(one.join('')) !== undefined)
  })
  expect(unseen).toEqual([])
})

test('five bytes make it, the same ones the same, and nothing else does', () => {
  expect(referenceOf(new Uint8Array([1, 2, 3, 4, 5, 6]))).toBe(referenceOf(new Uint8Array([1, 2, 3, 4, 5, 7])))
  expect(new Set(Array.from({ length: 1000 }, () => referenceOf(randomBytes(8)))).size).toBe(1000)
})
