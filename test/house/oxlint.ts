import { builtinModules } from 'node:module'
import { rooms, type Room, type Wall, walls } from './walls.ts'

type Pattern = ({ regex: string } | { group: readonly string[] }) & { message: string; allowTypeImports?: boolean }
type Override = { files: readonly string[]; rules: Record<string, unknown> }

const everywhere: readonly Pattern[] = [
  { regex: '\\.\\./', message: 'inside a room ./x.ts, across rooms #room/x.ts' },
  { regex: '^#.*/index\\.ts$|^\\./index\\.ts$', message: 'no barrels: import the file itself' },
]

const outside = ['app', 'cli', 'test', 'demo', 'bench']

/** The part of `.oxlintrc.json` that says which room may import what, made from the wall table. */
export function overrides(dependencies: readonly string[]): readonly Override[] {
  return [
    { files: ['**/*.ts'], rules: restrict(everywhere) },
    ...rooms.flatMap((room) => {
      const wall: Wall = walls[room]
      const exceptions = Object.entries(wall.exceptions ?? {})
      return [
        { files: [`src/${room}/**`], rules: restrict(patterns(room, wall, dependencies)) },
        ...exceptions.map(([files, more]) => ({
          files: [files],
          rules: restrict(patterns(room, widened(wall, more), dependencies)),
        })),
      ]
    }),
  ]
}

function widened(wall: Wall, more: readonly string[]): Wall {
  const builtins = wall.builtins === undefined ? {} : { builtins: [...wall.builtins, ...more.filter((name) => name.startsWith('node:'))] }
  return { ...wall, packages: [...wall.packages, ...more], ...builtins }
}

const restrict = (list: readonly Pattern[]) => ({ 'no-restricted-imports': ['error', { patterns: list }] })

function patterns(room: Room, wall: Wall, dependencies: readonly string[]): readonly Pattern[] {
  const shut = [...rooms.filter((other) => other !== room && !wall.rooms.includes(other)), ...outside]
  const typed = wall.types ?? []
  const foreign = dependencies.filter((name) => !wall.packages.includes(name))
  return [
    ...everywhere,
    ...grouped(shut.filter((other) => !typed.includes(other)), (names) => ({
      regex: `^#(${names})/`, message: `${room} may not know this room (test/house/walls.ts)`,
    })),
    ...shut.filter((other) => typed.includes(other)).map((other) => ({
      group: [`\\#${other}/*`, ...(wall.doors ?? []).map((door) => `!\\${door}`)],
      message: `${room} may see only types of this room`,
      allowTypeImports: true,
    })),
    ...grouped(foreign.filter((name) => !typed.includes(name)), (names) => ({
      regex: `^(${names})(/|$)`, message: `${room} does not speak to this package (test/house/walls.ts)`,
    })),
    ...grouped(foreign.filter((name) => typed.includes(name)), (names) => ({
      regex: `^(${names})(/|$)`, message: `${room} may see only types of this package`, allowTypeImports: true,
    })),
    ...grouped(wall.builtins === undefined ? [] : shutBuiltins(wall.builtins), (names) => ({
      regex: `^(${names})$`, message: `${room} has no I/O of its own: take a tool instead`,
    })),
  ]
}

function shutBuiltins(open: readonly string[]): readonly string[] {
  return builtinModules.filter((name) => !name.startsWith('_') && !name.startsWith('node:')).map((name) => `node:${name}`)
    .filter((name) => !open.includes(name))
}

function grouped(names: readonly string[], make: (names: string) => Pattern): readonly Pattern[] {
  return names.length === 0 ? [] : [make(names.map((name) => name.replaceAll('.', '\\.')).join('|'))]
}
