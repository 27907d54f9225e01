import { expect, test } from 'vitest'
import { addressesIn, inTurn } from '#storage/postgres/hosts.ts'

test.each([
  ['postgres://db/eid', ['postgres://db/eid']],
  ['postgres://u:p%40@one:5432,two,[::1]:7/eid?sslmode=require', ['postgres://u:p%40@one:5432/eid?sslmode=require', 'postgres://u:p%40@two/eid?sslmode=require', 'postgres://u:p%40@[::1]:7/eid?sslmode=require']],
  ['postgres://u:p@ss@one,two/eid', ['postgres://u:p@ss@one/eid', 'postgres://u:p@ss@two/eid']],
])('%s names %j', (url, addresses) => expect(addressesIn(url)).toEqual(addresses))

test.each(['postgres://one:x,two/eid', 'one,two', ''])('%s cannot be read, and what is wrong is said without what stands in it', (url) => {
  expect(() => addressesIn(url)).toThrow(/^DATABASE_URL cannot be read/)
})

test('a server is left for the next once, however many saw it fail', () => {
  const turn = inTurn(['one', 'two', 'three'])
  for (const failed of ['one', 'one', 'three']) turn.next(failed)
  expect(turn.current()).toBe('two')
  turn.next('two')
  turn.next('three')
  expect(turn.current()).toBe('one')
})
