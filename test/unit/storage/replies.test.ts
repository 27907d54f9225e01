import { expect, test } from 'vitest'
import { bytes, isAbout, isDone, isFirst, list, moment, removed, value } from '#storage/redis/replies.ts'

const some = Buffer.from('some')
/** What something else than Redis, or a connection out of step, could say. */
const strange = { 'a number': 5, 'a list': [1, 2], 'a text': 'PONG', 'nothing at all': undefined, bytes: some, 'no value': null, OK: 'OK', zero: 0 } as const

type Reader = (reply: unknown) => unknown
const readers: readonly { name: string; read: Reader; takes: Partial<Record<keyof typeof strange, unknown>> }[] = [
  { name: 'a value', read: value, takes: { bytes: some, 'no value': null } },
  { name: 'that it was done', read: isDone, takes: { OK: true } },
  { name: 'whether it was the first', read: isFirst, takes: { OK: true, 'no value': false } },
  { name: 'how many were removed', read: removed, takes: { zero: 0 } },
  { name: 'a list', read: list, takes: { 'a list': [1, 2] } },
  { name: 'bytes', read: bytes, takes: { bytes: some } },
  { name: 'about which key it is', read: (reply) => isAbout('some', reply), takes: { bytes: true } },
]

const refused = 'refused'
const heard = (act: () => unknown) => {
  try {
    return act()
  } catch (error) {
    return String(error).includes('Redis answered with something else') ? refused : error
  }
}

test.each(readers)('$name: what is meant is read, and all else is a failure of the store; never a yes or a no', ({ read, takes }) => {
  const all = Object.fromEntries(Object.entries(strange).map(([name, reply]) => [name, heard(() => read(reply))]))
  expect(all).toEqual({ ...Object.fromEntries(Object.keys(strange).map((name) => [name, refused])), ...takes })
})

test('P08: an answer about another key is none', () => {
  expect(() => isAbout('other', some)).toThrow('something else')
})

test('a moment is what was agreed on, as text or number, and nothing else is one', () => {
  expect([moment('1000'), moment(0)]).toEqual([new Date(1000), new Date(0)])
  for (const reply of [null, 'PONG', [1, 2]]) expect(() => moment(reply)).toThrow('something else')
})
