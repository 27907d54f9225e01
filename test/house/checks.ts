import { code, type Import, imports, type Source } from './source.ts'
import { openSubpaths, type Room, rooms, type Wall, walls, wiring } from './walls.ts'

/** A rule of the house over one file, with files that break it: a rule that has never seen a breach may be blind. */
export type Check = { name: string; finds: (source: Source) => readonly string[]; planted: readonly Source[] }

const breach = (path: string, text: string): Source => ({ path, text })

export const checks: readonly Check[] = [
  {
    name: 'a room imports only what the walls allow',
    finds: acrossWalls,
    planted: [
      breach('src/domain/registry/a.ts', "import { sql } from 'kysely'"),
      breach('src/domain/registry/a.ts', "import {\n  readRows,\n} from '#storage/rows.ts'"),
      breach('src/domain/account/a.ts', "import { readFileSync } from 'node:fs'"),
      breach('src/domain/account/a.ts', "import { parse } from 'csv-parse'"),
      breach('src/web/a.ts', "import { type A, grants } from '#oidc/grants.ts'"),
      breach('src/oidc/a.ts', "import Koa from 'koa'"),
      breach('src/web/a.ts', "const late = await import('#storage/rows.ts')"),
      breach('src/keys/a.ts', "import type { Config } from '#app/config.ts'"),
    ],
  },
  {
    name: 'no file imports from above',
    finds: (source) => imports(source).map(({ from }) => from).filter((from) => from.includes('../')),
    planted: [breach('src/web/views/a.ts', "import { html } from '../html.ts'")],
  },
  {
    name: 'no barrels: nothing is exported again and no file is called index',
    finds: (source) => [
      ...imports(source).filter(({ again }) => again).map(({ from }) => `exports ${from} again`),
      ...(source.path.endsWith('/index.ts') ? ['is an index'] : []),
    ],
    planted: [breach('src/web/a.ts', "export * from './html.ts'")],
  },
  {
    name: 'every folder of src is a room of the design',
    finds: ({ path }) => (folders.has(path.split('/')[1] ?? '') || path.split('/').length === 2 ? [] : ['is in no room']),
    planted: [breach('src/utils/a.ts', '')],
  },
  {
    name: 'no folder or file is a drawer for anything',
    finds: ({ path }) => path.split(/[/.]/).filter((part) => drawers.has(part)),
    planted: [breach('src/web/helpers/a.ts', '')],
  },
  {
    name: 'acr values are known in one file only',
    finds: (source) => (source.path === 'src/domain/assurance/level.ts' ? [] : matches(source, /urn:vn:eid:loa/g)),
    planted: [breach('src/oidc/a.ts', "const acr = 'urn:vn:eid:loa:2'")],
  },
  {
    name: 'chance comes from the kernel',
    finds: (source) => matches(source, /\bMath\.random\b/g),
    planted: [breach('src/web/a.ts', 'const token = Math.random()')],
  },
  {
    name: 'the compiler is not silenced',
    finds: (source) => [
      ...matches(source, /\bas any\b|:\s*any\b|<any>|\bas unknown as\b/g),
      ...[...source.text.matchAll(/@ts-(ignore|nocheck|expect-error)/g)].map(([found]) => found),
    ],
    planted: [breach('src/web/a.ts', 'const x = y as any')],
  },
  {
    name: 'a rule of the linter is switched off only with a reason',
    finds: ({ text }) => text.split('\n').filter((line) => /(oxlint|eslint)-disable/.test(line) && !/ -- \S/.test(line)),
    planted: [breach('src/web/a.ts', '// oxlint-disable-next-line no-console')],
  },
  {
    name: 'what a Host header or a Referer says is never used',
    finds: (source) => matches(source, /\bctx(\.request)?\.(host|hostname|origin|href|back)\b/g),
    planted: [breach('src/web/a.ts', 'ctx.redirect(`https://${ctx.request.host}/`)')],
  },
]

const folders: ReadonlySet<string> = new Set([...rooms, ...wiring])
const drawers = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'misc', 'types', 'interfaces', 'lib', 'core', 'manager', 'service'])

function matches(source: Source, pattern: RegExp): readonly string[] {
  return [...code(source).matchAll(pattern)].map(([found]) => found)
}

const isRoom = (name: string): name is Room => rooms.some((room) => room === name)

/** The imports of a file that go through a wall. Files outside the rooms (main, app, config, cli) wire everything. */
function acrossWalls(source: Source): readonly string[] {
  const room = source.path.split('/')[1] ?? ''
  if (!isRoom(room)) return []
  const wall: Wall = walls[room]
  const more = Object.entries(wall.exceptions ?? {})
    .filter(([folder]) => source.path.startsWith(folder.replace(/\*\*$/, ''))).flatMap(([, names]) => names)
  return imports(source).filter((each) => !allowed(room, wall, more, each)).map(({ from }) => `imports ${from}`)
}

function allowed(room: Room, wall: Wall, more: readonly string[], { from, typeOnly }: Import): boolean {
  if (from.startsWith('./') || wall.doors?.includes(from) || openSubpaths.some((open) => from.startsWith(open))) return true
  const types = typeOnly ? (wall.types ?? []) : []
  if (from.startsWith('#')) return [room, ...wall.rooms, ...types].some((open) => from.startsWith(`#${open}/`))
  if (from.startsWith('node:') && wall.builtins === undefined) return true
  return [...wall.packages, ...types, ...(wall.builtins ?? []), ...more].some((open) => from === open || from.startsWith(`${open}/`))
}
