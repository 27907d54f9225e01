import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file of the repository, by its path from the root. */
export type Source = { path: string; text: string }

export const root = join(import.meta.dirname, '..', '..')

/** Every TypeScript file of ours under `src/`. */
export function sources(): readonly Source[] {
  return globSync('src/**/*.ts', { cwd: root }).toSorted().map(open)
}

/** Everything that is, or is about to be, committed; without a checkout there is nothing that could be. */
export function committed(): readonly Source[] {
  if (!existsSync(join(root, '.git'))) return []
  const names = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  return names.split('\0').filter((path) => path !== '' && existsSync(join(root, path)) && !/\.(png|ico|woff2)$/.test(path)).map(open)
}

export function open(path: string): Source {
  return { path, text: readFileSync(join(root, path), 'utf8') }
}

export type Import = { from: string; typeOnly: boolean; again: boolean }

const statement = /^\s*(import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"\n]+)['"]/gm
const dynamic = /\bimport\(\s*['"]([^'"\n]+)['"]/g

/** What a file imports or exports again, statically or not. */
export function imports({ text }: Source): readonly Import[] {
  const fixed = [...text.matchAll(statement)].map(([whole, word, type, from = '']) => ({
    from, typeOnly: type !== undefined || onlyInlineTypes(whole), again: word === 'export',
  }))
  return [...fixed, ...[...text.matchAll(dynamic)].map(([, from = '']) => ({ from, typeOnly: false, again: false }))]
}

/** `import { type A, type B } from …` leaves nothing at run time either. */
function onlyInlineTypes(text: string): boolean {
  const named = /\{([^}]*)\}/.exec(text)?.[1]?.split(',').map((name) => name.trim()).filter((name) => name !== '') ?? []
  return named.length > 0 && named.every((name) => name.startsWith('type ')) && !/import\s+\w/.test(text)
}

/** The code without comments, so that prose about a forbidden thing is not taken for the thing. Line numbers survive. */
export function code({ text }: Source): string {
  return text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '$1')
}
