import { readFileSync } from 'node:fs'

/** RFC 7591 §2 metadata of a demo service, with the provider's own fields beside it. */
export type DemoClient = Readonly<Record<string, unknown>> & {
  client_id: string
  client_secret?: string
  redirect_uris: readonly string[]
  post_logout_redirect_uris: readonly string[]
}

export const clientIds = { portal: 'cong-dich-vu-cong-thu', library: 'thu-vien-cong-cong-thu' }

/** `clients.json` as it is registered with a provider, moved to other ports where a test or a busy machine wants it. */
export function demoClients({ portalPort = 3001, libraryPort = 3002 } = {}): DemoClient[] {
  const text = readFileSync(new URL('clients.json', import.meta.url), 'utf8')
  const moved = text.replaceAll(/localhost:300[12]\//g, (from) => `localhost:${from.includes('3001') ? portalPort : libraryPort}/`)
  const read: unknown = JSON.parse(moved)
  if (!Array.isArray(read) || !read.every(isClient)) throw new Error('clients.json is not a list of clients')
  return read
}

function isClient(entry: unknown): entry is DemoClient {
  return typeof entry === 'object' && entry !== null && 'client_id' in entry && 'redirect_uris' in entry && 'post_logout_redirect_uris' in entry
}
