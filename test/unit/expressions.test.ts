import { expect, test } from 'vitest'
import { expressionsIn, slowOn } from '#test/house/expressions.ts'
import { sources } from '#test/house/source.ts'

const found = new Map(sources().flatMap((source) => expressionsIn(source).map((expression) => [String(expression), { path: source.path, expression }] as const)))

test('R18: of no regular expression the time grows with the square of what it is given', () => {
  expect(found.size).toBeGreaterThan(200)
  const slow = [...found.values()].map(({ path, expression }) => ({ path, expression: String(expression), on: slowOn(expression) }))
  expect(slow.filter(({ on }) => on !== undefined)).toEqual([])
}, 60_000)

test.each([/ +$/, /(?:^|, )([^:]+):/g, /^(a+)+$/])('R18: %s is one, and is seen', (expression) => {
  expect(slowOn(expression)).toBeDefined()
}, 60_000)

test('a regular expression is found where it stands, and a division or an address is none', () => {
  const text = "const a = b / c / d\nconst one = /x[/]y/u.test('/z/')\nreturn /^a$/\n// not /this/\nuse(/b\\/c/g, [/d/])"
  expect(expressionsIn({ path: 'src/a.ts', text }).map(String)).toEqual(['/x[/]y/u', '/^a$/', '/b\\/c/g', '/d/'])
})
