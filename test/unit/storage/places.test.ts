import { expect, test } from 'vitest'
import { fits, placesWanted } from '#storage/postgres/places.ts'

test.each([
  // processes, each, given, fits
  [1, 10, 97, true],
  [7, 10, 97, true],
  [8, 10, 97, false],
  [4, 20, 97, false],
  [1, 10, 15, true],
  [1, 10, 14, false],
])('%i processes with %i connections each, where %i are given: %s', (processes, each, given, expected) => {
  expect(fits(placesWanted(processes, each), given)).toBe(expected)
})
