/**
 * Addresses that look like a registered one and are not it, byte for byte: what attacks on redirect URIs have been made of
 * (P05). The same for the same input; the first `count` of them, none equal to a registered one.
 */
export function mutantsOf(registered: readonly string[], count: number): readonly string[] {
  const found = new Set<string>()
  const keep = (uri: string) => {
    if (!registered.includes(uri) && uri !== '') found.add(uri)
  }
  for (const uri of registered) for (const change of changes) keep(change(uri))
  const positions = registered.flatMap((uri) => Array.from({ length: uri.length + 1 }, (_, at) => [uri, at] as const))
  for (const [uri, at] of positions) {
    keep(uri.slice(0, at) + uri.slice(at + 1))
    keep(uri.slice(0, at) + swapCase(uri.charAt(at)) + uri.slice(at + 1))
    keep(uri.slice(0, at) + percent(uri.charAt(at)) + uri.slice(at + 1))
    for (const piece of pieces) keep(uri.slice(0, at) + piece + uri.slice(at))
  }
  const all = [...found]
  if (all.length < count) throw new Error(`only ${all.length} mutants`)
  // Spread over the whole, so that every kind is among them.
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)] ?? '')
}

const pieces = [
  '/', '//', '/./', '/../', '\\', '@', ':', '#', '?', '&', '%', '*', '.', ';', ',', '%00', '%0a', '%0d%0a', '%2e', '%2f', '%5c', '%252f', '%40', '%23', '%3f', '\t', '\n', ' ', '+',
  '@evil.example', '.evil.example', '#@evil.example', '\\@evil.example', '/..;/', '//evil.example/', ':443', 'ｅ', 'é', '\u200b', '\u3002', 'xn--', '[::1]', '127.0.0.1',
]

const percent = (sign: string) => (sign === '' ? '' : `%${sign.charCodeAt(0).toString(16)}`)
const swapCase = (sign: string) => (sign === sign.toUpperCase() ? sign.toLowerCase() : sign.toUpperCase())

type Change = (uri: string) => string

const hostOf = (uri: string) => new URL(uri).host
const onHost = (change: (host: string) => string): Change => (uri) => uri.replace(hostOf(uri), change(hostOf(uri)))

const changes: readonly Change[] = [
  (uri) => uri.toUpperCase(), (uri) => uri.replace(/^https?:/, 'javascript:'), (uri) => uri.replace(/^https?:/, 'data:'), (uri) => uri.replace(/^https?:/, 'HTTP:'),
  (uri) => uri.replace(/^https?:/, ''), (uri) => uri.replace(/^https?:\/\//, ''), (uri) => uri.replace('://', ':/'), (uri) => uri.replace('://', ':///'), (uri) => uri.replace('://', ':\\\\'),
  (uri) => (uri.startsWith('https') ? uri.replace('https', 'http') : uri.replace('http', 'https')), (uri) => `${uri}/`, (uri) => `${uri}?`, (uri) => `${uri}#`, (uri) => `${uri}#code=x`,
  (uri) => `${uri}&x=1`, (uri) => `${uri}?x=1`, (uri) => ` ${uri}`, (uri) => `${uri} `, (uri) => `${uri} ${uri}`, (uri) => `${uri},${uri}`, (uri) => uri.replace(/\?.*$/, ''),
  onHost((host) => `evil.example/${host}`), onHost((host) => `evil.example?${host}`), onHost((host) => `evil.example#${host}`), onHost((host) => `evil.example\\@${host}`), onHost(() => 'evil.example'),
  onHost((host) => `user@${host}`), onHost((host) => `user:word@${host}`), onHost((host) => `${host}.`), onHost((host) => `${host}:80`), onHost((host) => `sub.${host}`), onHost((host) => `not-${host}`),
  onHost(() => '*'), onHost(() => '*.example'), onHost(() => '127.0.0.1:1'), onHost(() => '[::1]:1'), onHost(() => '0x7f.1:1'), onHost(() => 'localhost:2'), onHost(() => 'LOCALHOST:1'), onHost(() => 'localhost'),
  () => '/callback', () => 'callback', () => '//evil.example', () => 'about:blank', () => 'urn:ietf:wg:oauth:2.0:oob', () => 'null', () => 'https://', () => 'vn.eid.app:/callback',
]
