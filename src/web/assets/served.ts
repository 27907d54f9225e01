import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { places } from '#web/places.ts'
import { favicon } from '#web/views/emblem.ts'

export type Asset = {
  body: Buffer
  type: string
  brotli: Buffer
  /** The path names the content, so it never goes stale. */
  immutable: boolean
}

const script = readFileSync(new URL('built/passkey.js', import.meta.url), 'utf8')
const name = createHash('sha256').update(script).digest('base64url').slice(0, 10)

/** Named by its content, which is the whole cache policy: `immutable` for as long as anybody likes. */
export const scriptPath = `/assets/passkey-${name}.js`

function asset(text: string, type: string, immutable: boolean): Asset {
  const body = Buffer.from(text)
  return { body, type, brotli: brotliCompressSync(body), immutable }
}

/** Everything the pages load besides themselves, by path; made once, served from memory. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  [scriptPath, asset(script, 'text/javascript; charset=utf-8', true)],
  [places.icon, asset(favicon, 'image/svg+xml', false)],
])
