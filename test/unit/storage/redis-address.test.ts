import { expect, test } from 'vitest'
import { readAddress } from '#storage/redis/address.ts'

const common = { login: {}, tls: false, primary: '', database: undefined }

test.each([
  ['redis://r', { ...common, kind: 'single', nodes: [{ host: 'r', port: 6379 }], shown: 'r:6379' }],
  ['rediss://u:p%40ss@r:1/2', { ...common, kind: 'single', nodes: [{ host: 'r', port: 1 }], login: { username: 'u', password: 'p@ss' }, tls: true, database: 2, shown: 'r:1' }],
  ['redis://[::1]:7', { ...common, kind: 'single', nodes: [{ host: '::1', port: 7 }], shown: '::1:7' }],
  ['redis://:s@a:1,redis://b', { ...common, kind: 'cluster', nodes: [{ host: 'a', port: 1 }, { host: 'b', port: 6379 }], login: { password: 's' }, shown: 'a:1, b:6379' }],
  ['redis+sentinel://a,b:2/eid', { ...common, kind: 'sentinel', nodes: [{ host: 'a', port: 26_379 }, { host: 'b', port: 2 }], primary: 'eid', shown: 'a:26379, b:2' }],
  ['rediss+sentinel://u:p@a/eid/3', { ...common, kind: 'sentinel', nodes: [{ host: 'a', port: 26_379 }], login: { username: 'u', password: 'p' }, tls: true, primary: 'eid', database: 3, shown: 'a:26379' }],
])('%s', (text, address) => expect(readAddress(text)).toEqual(address))

test.each(['http://r', 'redis://a,b', 'redis+sentinel://a', 'redis://a,rediss://b', ''])('%s is none, and what is wrong is said without what stands in it', (text) => {
  expect(() => readAddress(text)).toThrow(/REDIS_URL/)
})
