import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { brotliCompressSync } from 'node:zlib'
import { places } from '#web/place/citizen.ts'
import { favicon } from '#web/views/emblem.ts'

export type Asset = {
  body: Buffer
  type: string
  brotli: Buffer
  /** The path names the content, so it never goes stale. */
  immutable: boolean
}

const passkey = built('passkey')
const developer = built('developer')
const forConsole = built('console')
const again = built('again')
const scanned = built('scanned')

/** Named by their content, which is the whole cache policy: `immutable` for as long as anybody likes. */
export const scriptPath = passkey.path
export const developerScriptPath = developer.path
export const consoleScriptPath = forConsole.path
export const againScriptPath = again.path
export const scannedScriptPath = scanned.path

function built(script: string): { path: string; text: string } {
  const text = readFileSync(new URL(`built/${script}.js`, import.meta.url), 'utf8')
  return { path: `/assets/${script}-${createHash('sha256').update(text).digest('base64url').slice(0, 10)}.js`, text }
}

function asset(text: string, type: string, immutable: boolean): Asset {
  const body = Buffer.from(text)
  return { body, type, brotli: brotliCompressSync(body), immutable }
}

/** Everything the pages load besides themselves, by path; made once, served from memory. */
export const assets: ReadonlyMap<string, Asset> = new Map([
  ...[passkey, developer, forConsole, again, scanned].map(({ path, text }) => [path, asset(text, 'text/javascript; charset=utf-8', true)] as const),
  [places.icon, asset(favicon, 'image/svg+xml', false)],
])
