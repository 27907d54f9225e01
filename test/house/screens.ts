import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './source.ts'

/** Takes a picture of every page of the tour for docs/screens: `npm run screens`. It needs Chromium, and takes some minutes. */
const folder = join(root, 'docs', 'screens')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

const args = ['run', '--project', 'engines', 'test/browser/pages.test.ts', '-t', '(vi)']
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'vitest'), args, { cwd: root, stdio: 'inherit', env: { ...process.env, SCREENS: folder } })

const files = readdirSync(folder).filter((file) => file.endsWith('.jpg')).toSorted()
const shown = files.map((file) => {
  const [, name = file, width = ''] = /^\d+-(.*)-(\d+)\.jpg$/.exec(file) ?? []
  return `<img src="${file}" alt="${name.replaceAll('-', ' ')}, ${width} pixels wide" width="${width === '360' ? 270 : 640}">`
})
writeFileSync(join(folder, 'README.md'), `# Screens\n\nEvery page of the tour (\`test/browser/pages.test.ts\`), in its order, in Vietnamese: on a phone, and on a desk what is for work. Made with \`npm run screens\`.\n\n${shown.join('\n')}\n`)
console.log(`${files.length} pictures in docs/screens`)
process.exitCode = status ?? 1
