import { globSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogue } from '#oidc/explained/catalogue.ts'
import { errorsPage, expectedErrors, possibleErrors, unsaidReasons } from '#test/house/error-pages.ts'
import { open, root } from '#test/house/source.ts'

const explained = new Set<string>(Object.keys(catalogue))

describe('the catalogue of errors', () => {
  test('explains every error that the library, its policy and we can answer with', () => {
    const possible = possibleErrors()
    expect(possible.size).toBeGreaterThan(30)
    expect([...possible].filter((code) => !explained.has(code))).toEqual([])
  })

  test('explains every error that a test has heard', () => {
    const files = globSync('test/{flow,conformance,example,contract}/**/*.test.ts', { cwd: root }).map(open)
    const heard = expectedErrors(files.map(({ text }) => text).join('\n'))
    console.log(`errors: ${files.length} files of tests read, ${heard.length} codes heard`)
    expect(heard.length).toBeGreaterThan(5)
    expect(heard.filter((code) => !explained.has(code))).toEqual([])
  })

  test('quotes only descriptions that somebody says', () => expect(unsaidReasons()).toEqual([]))

  test('explains nothing that cannot happen', () => {
    const possible = possibleErrors()
    expect([...explained].filter((code) => !possible.has(code))).toEqual([])
  })

  test('is the page docs/relying-parties/errors.md: after a change, npm run docs', () => {
    expect(open('docs/relying-parties/errors.md').text).toBe(errorsPage())
  })
})
