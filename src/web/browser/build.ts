import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { bundle, scripts } from './bundle.ts'

// node src/web/browser/build.ts: run after changing a browser module, and commit what it writes.
for (const script of scripts) {
  const text = await bundle(script)
  await writeFile(new URL(`../assets/built/${script}.js`, import.meta.url), text)
  console.log(`src/web/assets/built/${script}.js: ${text.length} bytes, ${gzipSync(text).length} gzipped`)
}
