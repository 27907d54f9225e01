import { expect, test } from 'vitest'
import { keyLife } from '#oidc/outbound/key-life.ts'

const now = new Date('2026-03-01T00:00:00Z')
const life = (headers: Record<string, string>) => keyLife(new Headers(headers), now)

test.each<[Record<string, string>, number]>([
  [{}, 60],
  [{ 'cache-control': 'max-age=3600' }, 3600],
  [{ 'cache-control': 'public, Max-Age=3600, must-revalidate' }, 3600],
  [{ 'cache-control': 'max-age="3600"' }, 3600],
  [{ 'cache-control': 'max-age=3600', age: '600' }, 3000],
  [{ 'cache-control': 'max-age=31536000' }, 86_400],
  [{ 'cache-control': 'max-age=99999999999999999999' }, 60],
  [{ 'cache-control': 'max-age=5' }, 60],
  [{ 'cache-control': 'max-age=0' }, 60],
  [{ 'cache-control': 'no-store' }, 60],
  [{ 'cache-control': 'no-cache, max-age=3600' }, 60],
  [{ 'cache-control': 'max-age=3600, max-age=7200' }, 60],
  [{ 'cache-control': 'max-age=-1' }, 60],
  [{ 'cache-control': 'max-age=1e9' }, 60],
  [{ 'cache-control': 's-maxage=3600' }, 60],
  [{ 'cache-control': 'max-age=3600', expires: 'Sun, 01 Mar 2026 00:10:00 GMT' }, 3600],
  [{ 'cache-control': 'no-store', expires: 'Sun, 01 Mar 2026 01:00:00 GMT' }, 60],
  [{ expires: 'Sun, 01 Mar 2026 01:00:00 GMT' }, 3600],
  [{ expires: 'Sun, 01 Mar 2026 03:00:00 GMT', date: 'Sun, 01 Mar 2026 02:00:00 GMT' }, 3600],
  [{ expires: 'Sat, 01 Mar 2036 00:00:00 GMT' }, 86_400],
  [{ expires: '0' }, 60],
  [{ expires: 'soon' }, 60],
])('P20: keys answered with %j are used for %i seconds', (headers, seconds) => {
  expect(life(headers)).toBe(seconds)
})
