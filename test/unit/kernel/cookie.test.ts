import { expect, test } from 'vitest'
import { cookieIn } from '#kernel/cookie.ts'

test.each([
  [undefined, undefined], ['', undefined], ['eid=a', 'a'], ['other=b; eid=a=b; eid=c', 'a=b'], ['not-eid=a;eid=b', 'b'], ['eid.sig=s; eid=', ''], ['eid', undefined],
])('of %j the cookie is %j', (cookie, value) => {
  expect(cookieIn({ cookie }, 'eid')).toBe(value)
})
