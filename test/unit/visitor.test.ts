import { expect, test } from 'vitest'
import { makeJar } from '#test/support/cookie-jar.ts'
import { embeddedJson, formAt, hiddenFields } from '#test/support/visitor.ts'

const site = new URL('http://localhost:3000/interaction/abc')

function jarWith(...cookies: string[]) {
  const jar = makeJar(() => 1000)
  jar.keep(site, new Headers(cookies.map((cookie) => ['set-cookie', cookie] as [string, string])))
  return jar
}

test('a cookie goes where its path leads and nowhere else', () => {
  const jar = jarWith('a=1; Path=/interaction/abc', 'b=2; Path=/', 'c=3')
  const at = (path: string) => jar.header(new URL(path, site))
  expect(at('/interaction/abc/passkey')).toBe('a=1; c=3; b=2')
  expect(at('/interaction/abcd')).toBe('c=3; b=2')
  expect(at('/')).toBe('b=2')
})

test('Secure cookies are kept on http://localhost as in browsers, and on no other plain http', () => {
  expect(jarWith('__Host-s=1; Path=/; Secure').header(site)).toBe('__Host-s=1')
  const jar = makeJar()
  const plain = new URL('http://portal.example/')
  jar.keep(plain, new Headers({ 'set-cookie': 's=1; Secure' }))
  expect(jar.header(plain)).toBe('')
})

test('a cookie that breaks the promise of its name is refused', () => {
  expect(jarWith('__Host-a=1; Path=/', '__Host-b=1; Path=/x; Secure', 'c=1; Domain=localhost').header(site)).toBe('')
})

test('an expired cookie is gone, also when it was there', () => {
  expect(jarWith('a=1; Path=/', 'b=1; Max-Age=5; Path=/', 'a=; Max-Age=0; Path=/').header(site)).toBe('b=1')
  expect(jarWith('a=1; Path=/', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/').header(site)).toBe('')
})

test('cookies of another host stay there', () => {
  expect(jarWith('a=1; Path=/').header(new URL('http://127.0.0.1:3000/'))).toBe('')
})

const page = `<title>x</title><form action="/one"><input type="hidden" name="csrf" value="a&amp;b"><input name="typed" value="1"></form>
<form method="post" action="/two"><input type="hidden" name="csrf" value="c"></form>
<script type="application/json" id="options">{"challenge":"\\u003cx"}</script>`

test('a form is found by where it leads, with its own hidden fields', () => {
  expect(formAt(page, '/one')).toEqual({ action: '/one', fields: { csrf: 'a&b' } })
  expect(formAt(page, '/two').fields).toEqual({ csrf: 'c' })
  expect(() => formAt(page, '/three')).toThrow('no form for /three')
  expect(hiddenFields('<p>')).toEqual({})
})

test('the JSON for a script is read as the script reads it', () => {
  expect(embeddedJson(page, 'options')).toEqual({ challenge: '<x' })
  expect(() => embeddedJson(page, 'other')).toThrow('no JSON called other')
})
