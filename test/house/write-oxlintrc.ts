import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { overrides } from './oxlint.ts'

/** Rewrites the walls in `.oxlintrc.json` after a change of `walls.ts` or of the dependencies: `node test/house/write-oxlintrc.ts`. */
const record = z.record(z.string(), z.unknown())
const manifest = z.object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
const file = '.oxlintrc.json'

const { dependencies, devDependencies } = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')))
const config = record.parse(JSON.parse(readFileSync(file, 'utf8')))
const walls = overrides([...Object.keys(dependencies), ...Object.keys(devDependencies)].filter((name) => !name.startsWith('@types/')))
const own = z.array(z.object({ files: z.array(z.string()) }).loose()).parse(config['overrides'] ?? [])
  .filter((entry) => !('no-restricted-imports' in record.parse(entry['rules'])))
writeFileSync(file, `${JSON.stringify({ ...config, overrides: [...walls, ...own] }, undefined, 2)}\n`)
