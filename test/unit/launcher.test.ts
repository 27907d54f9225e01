import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { root } from '#test/house/source.ts'

const choice = z.object({ here: z.boolean().optional(), program: z.string().optional(), refusal: z.string().optional() })
const launcher: unknown = createRequire(import.meta.url)(join(root, 'bin', 'run.cjs'))
const { choose } = z.object({ choose: z.function({ input: [z.string(), z.string(), z.custom<(path: string) => boolean>()], output: choice }) })
  .parse(launcher)

test('a Node.js that fits is used as it is', () => {
  expect(choose('24.11.0', '/n', () => true)).toEqual({ here: true })
  expect(choose('26.0.0', '/n', () => false)).toEqual({ here: true })
})

test('an older one hands over to the one that came with the packages', () => {
  expect(choose('20.20.2', '/n', (path) => path === '/n')).toEqual({ program: '/n' })
})

test.each(['24.10.0', '22.21.0', '12.0.0'])('without that one, %s is refused in one sentence', (version) => {
  const { refusal } = choose(version, '/n', () => false)
  expect(refusal).toContain(`and this is ${version}`)
})

test('arguments and exit code pass through', () => {
  const entry = join('test', 'support', 'echo-arguments.ts')
  const run = spawnSync(process.execPath, [join(root, 'bin', 'run.cjs'), entry, 'a b', '--c'], { encoding: 'utf8' })
  expect([run.stdout, run.status]).toEqual(['["a b","--c"]\n', 7])
})

