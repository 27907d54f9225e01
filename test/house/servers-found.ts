import { spawnSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program that some suites need and that is no npm package. */
export type Needed = { program: Program; what: string; suites: string; found: boolean }

export type Program = 'postgres' | 'redis' | 'pgbouncer' | 'chromium' | 'python' | 'php' | 'faketime'

const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')]

/** What this machine offers to the suites that speak to real servers, a real browser and the examples of other languages. */
export function needed(): readonly Needed[] {
  return [
    { program: 'postgres', what: 'PostgreSQL', suites: 'the contract suites on PostgreSQL', found: has('initdb') && has('postgres') },
    { program: 'redis', what: 'Redis', suites: 'the contract suites on Redis', found: has('redis-server') },
    { program: 'pgbouncer', what: 'PgBouncer', suites: 'the flow through a pooler', found: has('pgbouncer') },
    { program: 'chromium', what: 'Chromium', suites: 'the browser flows', found: ['chromium', 'chromium-browser', 'google-chrome'].some(has) },
    { program: 'python', what: 'Python with Authlib (Debian: python3-authlib, python3-requests)', suites: 'the Python example', found: hasAuthlib() },
    { program: 'php', what: 'PHP (Debian: php-cli)', suites: 'the PHP example', found: has('php') },
    { program: 'faketime', what: 'libfaketime (Debian: faketime)', suites: 'servers whose clock is wrong', found: has('faketime') },
  ]
}

/** Debian's packages belong to Debian's Python, whatever else is first in PATH. */
function hasAuthlib(): boolean {
  return spawnSync('/usr/bin/python3', ['-c', 'import authlib.jose, requests']).status === 0
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
