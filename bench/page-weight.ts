import { get } from 'node:http'
import { makeVisitor } from '#test/support/visitor.ts'
import { redirectUri, scope } from './client.ts'
import type { BenchClient } from './client.ts'

export type Weight = { requests: number; bytes: number; parts: readonly { path: string; bytes: number }[] }

/** What a browser loads to show the sign-in page: the page, its scripts, styles and pictures, compressed, bodies only. */
export async function signInPageWeight(origin: string, client: BenchClient): Promise<Weight> {
  const party = await client.party(origin)
  const visitor = makeVisitor({ leaveAt: (url) => url.href.startsWith(redirectUri) })
  const page = await visitor.open((await party.begin({ scope })).url)
  const loaded = [...page.text.matchAll(/<(?:script|img|link)\b[^>]*\b(?:src|href)="([^"]+)"/g)]
    .map(([tag, path = '']) => ({ tag, url: new URL(path, page.url) }))
    .filter(({ tag, url }) => url.protocol !== 'data:' && !/rel="(canonical|alternate)"/.test(tag))
  const urls = [page.url, ...new Map(loaded.map(({ url }) => [url.href, url])).values()]
  const cookie = visitor.jar.header(page.url)
  const parts = await Promise.all(urls.map(async (url) => ({ path: url.pathname, bytes: await bytesOf(url, cookie) })))
  return { requests: parts.length, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts }
}

/** `fetch` unpacks what it gets, so that the bytes on the wire are only seen without it. */
function bytesOf(url: URL, cookie: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'br, gzip', accept: 'text/html,*/*', ...(cookie === '' ? {} : { cookie }) }
    get(url, { headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('end', () => resolve(bytes))
      response.on('error', reject)
    }).on('error', reject)
  })
}
