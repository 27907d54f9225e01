import { expect, test } from 'vitest'
import { planes } from '#kernel/plane.ts'
import { fits, connectionsWanted } from '#storage/postgres/connection-budget.ts'

test.each([
  // processes, each, given, fits
  [1, 10, 97, true],
  [7, 10, 97, true],
  [8, 10, 97, false],
  [4, 20, 97, false],
  [1, 10, 15, true],
  [1, 10, 14, false],
])('%i processes with %i connections each, where %i are given: %s', (processes, each, given, expected) => {
  expect(fits(connectionsWanted(processes, each), given, 'all')).toBe(expected)
})

test('R09: two planes at one PostgreSQL take together no more than one process of both may', () => {
  for (const given of [15, 97, 197, 500]) {
    const [both = 0, citizen = 0, console = 0] = planes.map((plane) => Array.from({ length: given + 1 }, (_, wanted) => wanted).findLast((wanted) => fits(wanted, given, plane)))
    expect([citizen > console, console > 0, citizen + console <= both]).toEqual([true, true, true])
  }
  expect([fits(connectionsWanted(5, 10), 97, 'citizen'), fits(connectionsWanted(6, 10), 97, 'citizen'), fits(connectionsWanted(1, 10), 97, 'console'), fits(connectionsWanted(2, 10), 97, 'console')]).toEqual([true, false, true, false])
})
