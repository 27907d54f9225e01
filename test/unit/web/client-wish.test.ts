import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { entryOf } from '#domain/client/entry.ts'
import { csv } from '#web/answer/csv.ts'
import { registerForm } from '#web/admin/client-typed.ts'
import { typedFrom, wishOf } from '#web/admin/client-wish.ts'
import { textsOf } from '#web/i18n/language.ts'
import { aClient } from '#test/support/made-up.ts'

const catalogue = catalogueSchema.parse(JSON.parse(readFileSync('config/scopes.json', 'utf8')))
const say = textsOf('vi').clients.form
const bilingual = { vi: 'Một', en: 'One' }

/** Everything that a client can have, in orders and parts that the form does not know by itself. */
const whole = aClient({
  contacts: ['a@example.com', 'b@example.com'], jwks_uri: 'https://thue.example/jwks', backchannel_logout_uri: 'https://thue.example/out', 'client_name#en': 'Tax',
  minimum_account_level: 2, agreement: { number: '7/TT-BCA', signed_on: '2026-01-02', ends_on: '2028-01-02' }, security_level: 3, resources: ['https://api.example/'], grant_types: ['authorization_code', 'refresh_token'],
  purposes: [
    { claims: ['given_name', 'name', 'family_name', 'middle_name', 'birthdate'], basis: 'law', reference: bilingual, purpose: bilingual },
    { claims: ['phone_number', 'resident_of'], basis: 'consent', purpose: bilingual, optional: true, resident_of: ['79', '01'] },
  ],
})

test('what stands comes back from the form as it was: nothing is widened, lost or put in another order', () => {
  const entry = entryOf(whole)
  const typed = { ...typedFrom(entry, catalogue), reason: 'x' }
  expect(typed.purposes.map(({ claims, more }) => [claims, more])).toEqual([[['name', 'birthdate'], ''], [['resident-of'], 'phone_number']])
  expect(wishOf(typed, { catalogue, rules: { allowLocal: false }, before: entry, say })).toEqual({ entry })
})

test.each([
  ['whole', {}, undefined],
  ['not there', { agreementNumber: '', agreementFrom: '', agreementUntil: '', security: '' }, undefined],
  ['without a number', { agreementNumber: '' }, 'agreementNumber'],
  ['without its last day', { agreementUntil: '' }, 'agreementUntil'],
  ['with a day that is none', { agreementFrom: '2026-02-30' }, 'agreementFrom'],
  ['that ends before it was signed', { agreementUntil: '2026-01-01' }, 'agreementUntil'],
] as const)('an agreement is taken whole or not at all: %s', (_name, changes, field) => {
  const wish = wishOf({ ...typedFrom(entryOf(whole), catalogue), reason: 'x', ...changes }, { catalogue, rules: { allowLocal: false }, before: entryOf(whole), say })
  expect('faults' in wish ? wish.faults.map((fault) => fault.field) : 'taken').toEqual(field === undefined ? 'taken' : [field])
})

test('a form is read as browsers send it, a purpose for each block, and fields that nobody drew are refused', () => {
  const sent = { csrf: 'x', clientId: ' thue ', redirectUris: 'https://a.example/\r\nhttps://b.example/', p0_claims: 'name', p1_claims: ['name', 'email'], p1_vi: 'Hai' }
  const read = registerForm.parse(sent)
  expect([read.clientId, read.redirectUris, read.purposes.map(({ claims, vi }) => [claims, vi])]).toEqual(['thue', 'https://a.example/\nhttps://b.example/', [[['name'], ''], [['name', 'email'], 'Hai']]])
  for (const field of ['state', 'p0_secret', 'p99_vi', 'client_secret']) expect([field, registerForm.safeParse({ csrf: 'x', ...Object.fromEntries([[field, 'x']]) }).success]).toEqual([field, field === 'p99_vi'])
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])('a cell that a spreadsheet would run is text in a file: %j', (text) => {
  expect(csv(['a'], [[text]])).toBe(`\uFEFF"a"\r\n"'${text}"\r\n`)
})

test('a file keeps quotes, line breaks, numbers and gaps as they are (RFC 4180)', () => {
  expect(csv(['a', 'b', 'c'], [['nói "x",\ny', -1, undefined]])).toBe('\uFEFF"a","b","c"\r\n"nói ""x"",\ny",-1,""\r\n')
})
