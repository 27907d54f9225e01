type Cookie = { name: string; value: string; host: string; path: string; secure: boolean; expires: number }

/**
 * The part of RFC 6265bis that a sign-in needs: host-only cookies (a Domain attribute is refused: none of ours may have one),
 * Path, Secure (kept to https, and to localhost as browsers do), Max-Age and Expires, the `__Host-` and `__Secure-` prefixes.
 */
export type Jar = {
  keep: (url: URL, headers: Headers) => void
  header: (url: URL) => string
  /** What is held for this address, by name. */
  read: (url: URL) => ReadonlyMap<string, string>
  clear: () => void
}

export function makeJar(now: () => number = Date.now): Jar {
  const held = new Map<string, Cookie>()
  const fitting = (url: URL) => [...held.values()]
    .filter((cookie) => cookie.host === url.hostname && covers(cookie.path, url.pathname))
    .filter((cookie) => cookie.expires > now() && (!cookie.secure || trusted(url)))
    .toSorted((one, other) => other.path.length - one.path.length)
  return {
    keep: (url, headers) => {
      for (const cookie of headers.getSetCookie().map((line) => parse(url, line, now()))) {
        if (cookie) held.set(`${cookie.host} ${cookie.path} ${cookie.name}`, cookie)
      }
    },
    header: (url) => fitting(url).map(({ name, value }) => `${name}=${value}`).join('; '),
    read: (url) => new Map(fitting(url).map(({ name, value }) => [name, value])),
    clear: () => held.clear(),
  }
}

function parse(url: URL, line: string, now: number): Cookie | undefined {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
  const attributes = new Map(rest.map((part) => [part.split('=', 1)[0]?.toLowerCase(), part.slice(part.indexOf('=') + 1)]))
  const name = pair.slice(0, pair.indexOf('='))
  const secure = attributes.has('secure')
  const path = attributes.get('path')?.startsWith('/') ? (attributes.get('path') ?? '/') : defaultPath(url)
  if (attributes.has('domain') || (secure && !trusted(url))) return undefined
  if (/^__(Host|Secure)-/i.test(name) && !secure) return undefined
  if (/^__Host-/i.test(name) && attributes.get('path') !== '/') return undefined
  return { name, value: pair.slice(pair.indexOf('=') + 1), host: url.hostname, path, secure, expires: expiry(attributes, now) }
}

function expiry(attributes: ReadonlyMap<string | undefined, string>, now: number): number {
  const age = attributes.get('max-age')
  if (age !== undefined) return now + Number(age) * 1000
  const expires = attributes.get('expires')
  return expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires)
}

/** RFC 6265bis §5.1.4. */
function defaultPath({ pathname }: URL): string {
  return pathname.slice(0, pathname.lastIndexOf('/')) || '/'
}

function covers(path: string, asked: string): boolean {
  return asked === path || (asked.startsWith(path) && (path.endsWith('/') || asked[path.length] === '/'))
}

function trusted({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1'
}
