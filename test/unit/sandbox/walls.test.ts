import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { imports, sources, type Source } from '#test/house/source.ts'

const files = new Map(sources().map((source) => [source.path, source]))

function target(path: string, from: string): string {
  if (from.startsWith('./')) return join(dirname(path), from)
  return from.startsWith('#app/') ? `src/${from.slice(5)}` : `src/${from.slice(1)}`
}

/** Everything that is loaded at run time when this file is. */
function reached(start: string, known: ReadonlyMap<string, Source> = files): ReadonlySet<string> {
  const seen = new Set<string>()
  const visit = (path: string): void => {
    const source = known.get(path)
    if (source === undefined || seen.has(path)) return
    seen.add(path)
    for (const { from, typeOnly } of imports(source)) if (!typeOnly) visit(target(path, from))
  }
  visit(start)
  return seen
}

/** What can lie, and what signs in people without themselves. */
const onlyThere = /^src\/(oidc\/(hostile|sandbox|self-test)|storage\/sandbox|web\/sandbox)\/|^src\/sandbox\/(sandbox|people|self-tests)\.ts$|^src\/domain\/sandbox\/software-passkey\.ts$/

test.each(['src/app.ts', 'src/house.ts', 'src/cli/main.ts'])('%s reaches nothing that only the sandbox may do', (start) => {
  const all = [...reached(start)]
  expect(all.length).toBeGreaterThan(50)
  const beyond = start === 'src/cli/main.ts' ? 'src/sandbox/sandbox.ts' : ''
  // The command line serves both; it goes through the one file that puts the sandbox together.
  const withoutDoor = new Map([...files].filter(([path]) => path !== beyond))
  expect([...reached(start, withoutDoor)].filter((path) => onlyThere.test(path))).toEqual([])
})

test('the sandbox does reach it, or the test above sees nothing', () => {
  const all = [...reached('src/sandbox/sandbox.ts')].filter((path) => onlyThere.test(path))
  expect(all).toEqual(expect.arrayContaining(['src/oidc/hostile/layer.ts', 'src/domain/sandbox/software-passkey.ts', 'src/web/sandbox/test-people.ts', 'src/storage/sandbox/players.ts']))
})

test('one file puts the sandbox together, and one lets it listen', () => {
  const users = [...files.values()].filter((source) => !onlyThere.test(source.path) && imports(source).some(({ from, typeOnly }) => !typeOnly && onlyThere.test(target(source.path, from))))
  expect(users.map(({ path }) => path)).toEqual(['src/sandbox/beside.ts'])
})
