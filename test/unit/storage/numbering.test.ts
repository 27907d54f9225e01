import { expect, test } from 'vitest'
import { makeNumbering, numberingWithin } from '#storage/postgres/numbering.ts'

test('L05: numbers begin at one and go on without a gap; what is given back is given again', () => {
  const numbering = makeNumbering('one')
  expect([numbering.take(2), numbering.take(0), numbering.take(1)]).toEqual([[1, 2], [], [3]])
  numbering.giveBack([2])
  expect(numbering.take(2)).toEqual([2, 4])
  expect(makeNumbering('one').boot).not.toBe(numbering.boot)
})

test('a transaction that is undone gives back all that was taken in it, once, and nothing that others took', () => {
  const outer = makeNumbering('one')
  const one = numberingWithin(outer)
  const other = numberingWithin(outer)
  expect([one.take(2), other.take(1), one.take(1), one.boot, one.node]).toEqual([[1, 2], [3], [4], outer.boot, 'one'])
  one.giveBack([1])
  expect(outer.take(1)).toEqual([5])
  one.undo()
  expect(outer.take(4)).toEqual([1, 2, 4, 6])
})
