import { describe, expect, test } from 'vitest'
import { reasons, type ChipTrouble } from '#domain/chip/reason.ts'
import { open } from '#test/house/source.ts'
import { readCard } from '#test/support/chip.ts'
import { cardForgeries } from '#test/support/chip-forged-card.ts'
import { certificateForgeries } from '#test/support/chip-forged-certificate.ts'
import { sodForgeries } from '#test/support/chip-forged-sod.ts'
import { sound } from '#test/support/chip-forgery.ts'

const all = [...certificateForgeries, ...sodForgeries, ...cardForgeries]

describe('C01 a card is refused, with its own reason', () => {
  test.each(all)('$name: $reason', async ({ reason, part, change }) => {
    expect(await readCard({ ...sound, ...change(sound) })).toEqual({ is: 'refused', reason, ...(part && { part }) })
  })
})

test('the card of the table is sound when nothing is changed', async () => {
  expect(await readCard(sound)).toMatchObject({ is: 'verified' })
})

test('C02 every reason has somebody who ends there', () => {
  // The challenge has a test of its own, for it needs two readings.
  const reached = new Set<string>([...all.map(({ reason }) => reason), 'challenge.spent'])
  expect(Object.keys(reasons).filter((reason) => !reached.has(reason))).toEqual([])
})

test('docs/chip.md tells the desk what to do about every reason', () => {
  const rows = [...open('docs/chip.md').text.matchAll(/^\| `([a-z-]+)` \| (`.*`) \| \S/gm)].map(([, trouble, named = '']) => ({ trouble, named: [...named.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name) }))
  const told = (reason: string): readonly (string | undefined)[] =>
    rows.filter(({ named }) => named.some((name) => (name.endsWith('*') ? reason.startsWith(name.slice(0, -1)) : reason === name))).map(({ trouble }) => trouble)
  const expected = Object.entries<{ trouble: ChipTrouble }>(reasons).map(([reason, { trouble }]) => [reason, [trouble]])
  expect(Object.keys(reasons).map((reason) => [reason, told(reason)])).toEqual(expected)
})
