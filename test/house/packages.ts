import { z } from 'zod'
import { open } from './source.ts'

const lockfile = z.object({
  packages: z.record(z.string(), z.object({
    dev: z.boolean().optional(),
    optional: z.boolean().optional(),
    license: z.string().optional(),
    version: z.string().optional(),
    resolved: z.string().optional(),
    hasInstallScript: z.boolean().optional(),
    optionalDependencies: z.record(z.string(), z.string()).optional(),
  })),
})

export type Locked = z.output<typeof lockfile>['packages'][string] & { name: string }

/** Everything the lockfile holds, by name; the root package is left out. */
export function locked(): readonly Locked[] {
  const { packages } = lockfile.parse(JSON.parse(open('package-lock.json').text))
  return Object.entries(packages).filter(([path]) => path !== '')
    .map(([path, entry]) => ({ ...entry, name: path.replace(/^.*node_modules\//, '') }))
}

/** What a server carries: neither development tools nor the optional pinned Node. */
export function carried(): readonly Locked[] {
  return locked().filter(({ dev, optional }) => dev !== true && optional !== true)
}

/** Licences that ask for no more than a notice. */
export const free: ReadonlySet<string> = new Set([
  'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'PostgreSQL', 'Python-2.0', 'CC0-1.0', 'Unlicense',
])

/** `(MIT OR GPL-2.0)` is free if one side is; `MIT AND BSD-3-Clause` if both are. */
export function isFree(license: string | undefined): boolean {
  if (license === undefined) return false
  return license.replace(/[()]/g, '').split(' OR ').some((side) => side.split(' AND ').every((name) => free.has(name.trim())))
}
