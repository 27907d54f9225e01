import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { settingNames } from '#app/environment/settings.ts'
import { checks } from '#test/house/checks.ts'
import { cycles } from '#test/house/cycles.ts'
import { overrides } from '#test/house/oxlint.ts'
import { carried, isFree, locked } from '#test/house/packages.ts'
import { problemsPage } from '#test/house/problems.ts'
import { committed, open, root, sources } from '#test/house/source.ts'
import { wiring } from '#test/house/walls.ts'

const files = sources()
console.log(`house: ${files.length} files of src read`)

test('there is something to read', () => expect(files.length).toBeGreaterThan(20))

describe.each(checks)('$name', ({ finds, planted }) => {
  test('holds in every file', () => {
    expect(files.flatMap((source) => finds(source).map((fault) => `${source.path}: ${fault}`))).toEqual([])
  })

  test.each(planted)('is seen when broken: $text', (source) => expect(finds(source)).not.toEqual([]))
})

describe('no files need each other in a ring', () => {
  test('in src', () => expect(cycles(files)).toEqual([]))

  test('and a ring is seen', () => {
    const ring = [{ path: 'src/web/a.ts', text: "import './b.ts'" }, { path: 'src/web/b.ts', text: "import type { A } from '#web/a.ts'" }]
    expect(cycles(ring)).toEqual([['src/web/a.ts', 'src/web/b.ts', 'src/web/a.ts']])
  })
})

const manifest = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })

test('the linter has the walls of the table: after a change, run node test/house/write-oxlintrc.ts', () => {
  const { dependencies, devDependencies } = manifest.parse(JSON.parse(open('package.json').text))
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((name) => !name.startsWith('@types/'))
  const config = z.object({ overrides: z.array(z.unknown()) }).parse(JSON.parse(open('.oxlintrc.json').text))
  expect(config.overrides).toEqual(expect.arrayContaining([...overrides(names)]))
})

describe('what is committed', () => {
  const everything = committed()

  test('names no folder of one machine', () => {
    const places = /(^|[\s"'`(=:])\/(home|root|Users|work|workspace|mnt|tmp\/[a-z]+)\/\w/m
    expect(everything.filter(({ text }) => places.test(text)).map(({ path }) => path)).toEqual([])
    expect(places.test(['see ', 'home', 'someone'].join('/'))).toBe(true)
  })

  test('is independent of where packages were fetched from', () => {
    expect(locked().filter(({ resolved }) => resolved !== undefined)).toEqual([])
    expect(everything.filter(({ path, text }) => /(^|\/)\.npmrc$/.test(path) && /registry\s*=/.test(text))).toEqual([])
  })
})

test('the lockfile knows every optional package, for npm ci refuses to start where one is missing', () => {
  const names = new Set(locked().map(({ name }) => name))
  const asked = locked().flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.filter((name) => !names.has(name))).toEqual([])
})

describe('what a server carries', () => {
  const production = carried()
  console.log(`house: ${production.length} packages in production, ${locked().length} with tools`)

  test('has licences that ask for a notice and no more', () => {
    expect(production.length).toBeGreaterThan(10)
    expect(production.filter(({ license }) => !isFree(license)).map(({ name, license }) => `${name}: ${license}`)).toEqual([])
    expect([isFree('GPL-3.0'), isFree('(MIT OR GPL-3.0)'), isFree('MIT AND GPL-3.0'), isFree(undefined)]).toEqual([false, true, false, false])
  })

  test('runs nothing at installation', () => {
    expect(production.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)).toEqual([])
  })

  test('does not grow unseen: raise this number in the commit that gives the reason', () => {
    expect(production.length).toBeLessThanOrEqual(150)
  })
})

test('the README explains every variable that is read', () => {
  const { text } = open('README.md')
  expect(settingNames.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('the README draws every room of the house, every noun of the domain, and every file that wires them together', () => {
  const map = /## How it is built\n```\n([^]*?)```/.exec(open('README.md').text)?.[1] ?? ''
  const entries = readdirSync(join(root, 'src'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `src/${name}`)
  const files = ['', ...wiring.filter((folder) => folder !== 'cli')].flatMap((folder) => readdirSync(join(root, 'src', folder), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name))
  const nouns = readdirSync(join(root, 'src', 'domain'))
  expect([folders.length, nouns.length, files.length].every((count) => count > 5)).toBe(true)
  expect([...folders, ...nouns, ...files].filter((name) => !new RegExp(`(^|\\s)${name.replaceAll('.', '\\.')}\\b`).test(map))).toEqual([])
  expect([...map.matchAll(/\b([\w-]+\.ts)/g)].flatMap(([, file = '']) => (files.includes(file) ? [] : [file]))).toEqual([])
})

test('docs/problems.md says what the code says: after a change, npm run docs', () => {
  expect(open('docs/problems.md').text).toBe(problemsPage())
})
