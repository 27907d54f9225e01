import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that some suites need and that is no npm package. */
export type Needed = { what: string; suites: string; found: boolean }

const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]

/** What this machine offers to the suites that speak to real servers and a real browser. */
export function needed(): readonly Needed[] {
  return [
    { what: 'PostgreSQL', suites: 'the contract suites on PostgreSQL', found: has('initdb') && has('postgres') },
    { what: 'Redis', suites: 'the contract suites on Redis', found: has('redis-server') },
    { what: 'Chromium', suites: 'the browser flows', found: ['chromium', 'chromium-browser', 'google-chrome'].some(has) },
  ]
}

function has(program: string): boolean {
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
