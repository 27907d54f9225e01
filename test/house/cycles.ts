import { dirname, join } from 'node:path'
import { imports, type Source } from './source.ts'

/** Rings of files that need each other, each as the list of its paths. Types count: a ring of types is a ring of ideas. */
export function cycles(sources: readonly Source[]): readonly (readonly string[])[] {
  const edges = new Map(sources.map((source) => [source.path, imports(source).map(({ from }) => target(source.path, from))]))
  const done = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      found.push([...trail.slice(start), path])
      return
    }
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}

function target(path: string, from: string): string {
  if (from.startsWith('./')) return join(dirname(path), from)
  return from.startsWith('#app/') ? `src/${from.slice(5)}` : `src/${from.slice(1)}`
}
