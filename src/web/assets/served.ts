import { brotliCompressSync } from 'node:zlib'
import { favicon } from '#web/views/emblem.ts'

export type Asset = { body: Buffer; type: string; brotli: Buffer }

export const scriptPath = '/assets/passkey.js'

function asset(text: string, type: string): Asset {
  const body = Buffer.from(text)
  return { body, type, brotli: brotliCompressSync(body) }
}

/** Everything the pages load besides themselves, by path; made once, served from memory. */
export const assets: ReadonlyMap<string, Asset> = new Map([['/favicon.svg', asset(favicon, 'image/svg+xml')]])
