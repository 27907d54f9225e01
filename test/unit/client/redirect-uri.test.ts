import { describe, expect, test } from 'vitest'
import { redirectUriFault } from '#domain/client/client.ts'

const strict = (uri: string) => redirectUriFault(uri, { allowLocal: false })
const relaxed = (uri: string) => redirectUriFault(uri, { allowLocal: true })

const good = [
  'https://thue.example', 'https://thue.example/', 'https://thue.example/callback',
    'https://dvc.thue.example:8443/a/b-c_d.e~f?x=1&y=a%20b',
  'https://xn--thu-9na.example/callback', 'https://a.b.c.example/callback/', 'https://thue.example/callback?next=',
]

const schemes = ['http:', 'HTTP:', 'HTTPS:', 'ftp:', 'ws:', 'wss:', 'file:', 'javascript:', 'data:', 'blob:', 'vn.app:',
  'about:', 'mailto:', 'view-source:', '']
const hosts = [
  '', '*', '*.thue.example', 'thue.*', 'thue', 'localhost', 'thue..example', '.thue.example', 'thue.example.', 'THUE.example',
    'thuế.example', 'thue%2eexample',
  'user@thue.example', 'user:secret@thue.example', '@thue.example', ':@thue.example', 'thue.example@evil.example',
    'thue.example:443', 'thue.example:0443', 'thue.example:',
  'thue.example:99999', 'thue.example:http', '127.0.0.1', '10.0.0.1', '192.168.1.1', '2130706433', '0x7f.0.0.1', '0177.0.0.1',
    '127.1', '0', '[::1]', '[::ffff:127.0.0.1]',
  '[fe80::1]', '8.8.8.8', 'thue example', 'thue.example\\', 'thue.example\\.evil.example', 'thue.example%00', 'thue.example%0a',
    'thue.example\t', 'thue.example\n',
  'thue.example\u0000', 'thue．example', 'thue。example', '\u00adthue.example', 'thue.example\u200b', '<b>', 'thue"example',
    "thue'example", 'thue`.example', 'thue{.example',
  'thue|.example', 'thue^.example', 'a.localhost', 'localhost.', 'metadata.localhost',
]
const paths = [
  '/*', '/callback*', '/callback/**', '/../callback', '/callback/..', '/callback/../evil', '/./callback', '/callback/.',
    '/%2e%2e/callback', '/%2E%2E/callback', '/.%2e/callback',
  '/%2e/callback', '/callback%2f..', '/callback%2Fevil', '/callback%5cevil', '/callback%5Cevil', '/callback%00',
    '/callback%0d%0aSet-Cookie:x', '/callback%0A', '//callback', '//evil.example/',
  '/a//b', '/callback//', '\\evil.example', '/\\evil.example', '/call\\back', '#', '/#', '/callback#', '/callback#frag',
    '/callback?x=1#y', '/call back', ' /callback', '/callback ',
  '/callback\t', '/callback\n', '/callback\r\n', '/callback\u0000', '/callbäck', '/callbác\u0301k', '/callback\ufeff',
    '/callback\u202e', '/<script>', '/callback?x=<', '/callback?x="',
  "/callback?x='", '/callback?x=`', '/{tenant}/callback', '/callback?x={y}', '/call|back', '/call^back', '/callback?a|b',
    '/%252e%252e/callback', '/%252f', '/%255c', '/callback?x=ü',
]
const wholes = [
  '', ' ', 'callback', '/callback', '//thue.example/callback', 'thue.example/callback', 'https', 'https:', 'https:/',
    'https://', 'https:///', 'https:thue.example', 'https:/thue.example/callback',
  'https:///thue.example/callback', 'https:\\\\thue.example\\callback', ' https://thue.example/callback',
    'https://thue.example/callback ', '\thttps://thue.example/', 'ht\ntps://thue.example/',
  'https://thue.example/callback https://evil.example/', 'https://thue.example/callback,https://evil.example/',
    'javascript:alert(1)//https://thue.example', 'data:text/html,x', 'null', 'undefined',
  'https//thue.example', 'https;//thue.example', 'https://?', 'https://#', 'https://:443', 'https://%', 'https://[',
    'https://]', 'urn:vn:eid:x', 'com.example.app:/callback', 'https://*',
]

const mutants = [
  ...schemes.flatMap((scheme) => ['thue.example', 'thue.example:8443',
    'a.thue.example'].map((host) => `${scheme}//${host}/callback`)),
  ...hosts.flatMap((host) => ['', '/', '/callback', '/callback?x=1'].map((path) => `https://${host}${path}`)),
  ...paths.flatMap((path) => ['https://thue.example', 'https://a.thue.example',
    'https://thue.example:8443'].map((base) => `${base}${path}`)),
  ...wholes,
].filter((uri) => !good.includes(uri))

describe('a redirect URI', () => {
  test.each(good)('is registered: %s', (uri) => {
    expect(strict(uri)).toBeUndefined()
  })

  test('is refused when it is any of hundreds that some program reads differently', () => {
    expect(new Set(mutants).size).toBeGreaterThan(300)
    expect(mutants.filter((uri) => strict(uri) === undefined)).toEqual([])
  })

  test('that was refused is quoted, so that what cannot be seen can be', () => {
    expect(strict('https://thue.example/\u202e')).toContain(JSON.stringify('https://thue.example/\u202e'))
    expect(strict('http://thue.example/')).toBe('redirect URI "http://thue.example/" must be https')
  })

  test('that is registered is its own parsed form, but for the slash after a bare host', () => {
    for (const uri of good) expect([uri, `${uri}/`]).toContain(new URL(uri).href)
  })

  test.each(['http://localhost:3001/callback', 'http://localhost/callback', 'http://127.0.0.1:3001/', 'http://[::1]:3001/',
    'https://localhost/callback'])(
    'for development only: %s', (uri) => {
      expect(relaxed(uri)).toBeUndefined()
      expect(strict(uri)).toBeTypeOf('string')
    })

  test('development opens nothing but this machine and short names over https', () => {
    const open = new Set(['https://localhost', 'https://127.0.0.1', 'https://[::1]',
      'https://thue'].flatMap((base) => ['', '/', '/callback', '/callback?x=1'].map((path) => `${base}${path}`)))
    expect(mutants.filter((uri) => relaxed(uri) === undefined && !open.has(uri))).toEqual([])
    expect(['http://localhost.evil.example/', 'http://thue.example/', 'http://10.0.0.1/', 'http://localhost@evil.example/',
      'http://127.0.0.1.evil.example/', 'http://intranet/'].filter((uri) => relaxed(uri) === undefined))
      .toEqual([])
  })
})
