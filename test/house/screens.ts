import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './source.ts'

/**
 * Takes a picture of every page of the tour for docs/screens: `npm run screens`. It needs Chromium, and takes some minutes. The
 * pictures that stand are replaced only when the whole tour has passed.
 */
const folder = join(root, 'docs', 'screens')
const taken = mkdtempSync(join(tmpdir(), 'dinh-danh-screens-'))

const args = ['run', '--project', 'engines', 'test/browser/pages.test.ts', '-t', '(vi)']
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), args, { cwd: root, stdio: 'inherit', env: { ...process.env, SCREENS: taken } })

const files = readdirSync(taken).filter((file) => file.endsWith('.jpg')).toSorted()
/** The number is the order of the tour; without it one look more leaves the others where they are. */
const named = (file: string) => file.replace(/^\d+-/, '')
if (status === 0) replace()
else console.log(`screens: the tour did not pass after ${files.length} pictures; docs/screens stays as it was`)
rmSync(taken, { recursive: true })
process.exitCode = status ?? 1

function replace(): void {
  const shown = files.map((file) => {
    const [, name = file, width = ''] = /^(.*)-(\d+)\.jpg$/.exec(named(file)) ?? []
    return `<img src="${named(file)}" alt="${name.replaceAll('-', ' ')}, ${width} pixels wide" width="${width === '360' ? 270 : 640}">`
  })
  rmSync(folder, { recursive: true, force: true })
  for (const file of files) cpSync(join(taken, file), join(folder, named(file)))
  writeFileSync(join(folder, 'README.md'), `# Screens\n\nEvery page of the tour (\`test/browser/pages.test.ts\`), in its order, in Vietnamese: on a phone, and on a desk what is for work. Made with \`npm run screens\`.\n\n${shown.join('\n')}\n`)
  console.log(`screens: ${files.length} pictures in docs/screens`)
}
