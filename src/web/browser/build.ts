import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { bundle } from './bundle.ts'

// node src/web/browser/build.ts: run after changing a browser module, and commit what it writes.
const text = await bundle()
await writeFile(new URL('../assets/built/passkey.js', import.meta.url), text)
console.log(`src/web/assets/built/passkey.js: ${text.length} bytes, ${gzipSync(text).length} gzipped`)
