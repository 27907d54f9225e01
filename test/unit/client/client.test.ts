import { describe, expect, test } from 'vitest'
import { ownMetadataNames, readClient } from '#domain/client/client.ts'
import { clientEntry } from '#test/support/made-up.ts'

const strict = { allowLocal: false }
const read = (changes: Record<string, unknown> = {}) => readClient(clientEntry(changes), strict)
const faultOf = (result: ReturnType<typeof readClient>) => ('fault' in result ? result.fault : undefined)
const without = (name: string) => Object.fromEntries(Object.entries(clientEntry()).filter(([key]) => key !== name))
const label = { vi: 'Để nộp tờ khai', en: 'To file a return' }

describe('reading a client', () => {
  test('takes an entry apart: ours here, RFC 7591 there, nothing lost', () => {
    const result = read({ client_secret: 'x'.repeat(32), jwks_uri: 'https://thue.example/jwks', minimum_account_level: 2 })
    if (!('client' in result)) throw new TypeError(result.fault)
    const { id, own, registered } = result.client
    expect(id).toBe('thue')
    expect(own).toEqual({
      profile: 'baseline', ends_on: '2099-12-31', resources: [], sector: 'thue.example', legal_name: { vi: 'Tổng cục Thuế', en: 'General Department of Taxation' },
      relying_party_class: 'B', purposes: [], minimum_account_level: 2, minimum_authentication_level: 2,
    })
    expect(registered).toMatchObject({ client_id: 'thue', jwks_uri: 'https://thue.example/jwks', client_secret: 'x'.repeat(32),
      post_logout_redirect_uris: [] })
    expect(Object.keys(registered).filter((name) => ownMetadataNames.some((own) => own === name))).toEqual([])
  })

  test('who says nothing of its class is class B, asked at each sign-in', () => {
    expect(read()).toMatchObject({ client: { own: { relying_party_class: 'B' } } })
  })

  test.each([undefined, null, 7, 'text', [], [clientEntry()]])('what is no object is refused: %j', (entry) => {
    expect(faultOf(readClient(entry, strict))).toBeTypeOf('string')
  })

  test.each(['client_id', 'client_name', 'ends_on', 'sector', 'legal_name'])('names %s when it is missing', (name) => {
    expect(faultOf(readClient(without(name), strict))).toMatch(new RegExp(`(^|; )${name}: `))
  })

  test.each<[field: string, changes: Record<string, unknown>]>([
    ['client_id', { client_id: '' }],
    ['client_id', { client_id: 'with space' }],
    ['client_id', { client_id: 'dấu' }],
    ['client_id', { client_id: 'x'.repeat(129) }],
    ['client_name', { client_name: '' }],
    ['client_name', { client_name: 'x'.repeat(201) }],
    ['client_secret', { client_secret: 'too short' }],
    ['redirect_uris', { redirect_uris: 'https://thue.example/callback' }],
    ['redirect_uris', { redirect_uris: Array.from({ length: 51 }, () => 'https://thue.example/callback') }],
    ['redirect_uris.0', { redirect_uris: [`https://thue.example/${'x'.repeat(2000)}`] }],
    ['redirect_uris.1', { redirect_uris: ['https://thue.example/callback', 7] }],
    ['profile', { profile: 'fapi' }],
    ['sector', { sector: 'Thuế' }],
    ['sector', { sector: '-x' }],
    ['legal_name.en', { legal_name: { vi: 'Chỉ tiếng Việt' } }],
    ['legal_name.vi', { legal_name: { vi: '', en: 'x' } }],
    ['legal_name', { legal_name: { vi: 'a', en: 'b', fr: 'c' } }],
    ['relying_party_class', { relying_party_class: 'C' }],
    ['minimum_account_level', { minimum_account_level: 3 }],
    ['minimum_authentication_level', { minimum_authentication_level: 5 }],
    ['purposes.0.claims', { purposes: [{ claims: [], basis: 'consent', purpose: label }] }],
    ['purposes.0.basis', { purposes: [{ claims: ['name'], basis: 'habit', purpose: label }] }],
    ['purposes.0.purpose', { purposes: [{ claims: ['name'], basis: 'law' }] }],
    ['purposes.0', { purposes: [{ claims: ['name'], basis: 'law', purpose: label, extra: 1 }] }],
    ['purposes.0.reference', { purposes: [{ claims: ['name'], basis: 'law', purpose: label }] }],
    ['purposes.0.optional', { purposes: [{ claims: ['name'], basis: 'law', reference: label, purpose: label, optional: true }] }],
  ])('names %s when it is wrong: %j', (field, changes) => {
    expect(faultOf(read(changes))).toContain(`${field}: `)
  })

  test.each(['https://thue.example/logo.png', 'https://thue.example/nhan-dien/logo.SVG?v=2', 'https://thue.example/logo.webp'])('a logo is an image at an https address: %s', (logo) => {
    expect(read({ logo_uri: logo })).toMatchObject({ client: { registered: { logo_uri: logo } } })
  })

  test.each([
    '', 'logo.png', 'http://thue.example/logo.png', 'data:image/png;base64,AA', 'javascript:alert(1)//.png', 'https://thue.example/', 'https://thue.example/logo.gif', 'https://thue.example/logo.html?x=.png',
    'https://thue.example/logo#.png', 'https://a:b@thue.example/logo.png', `https://thue.example/${'x'.repeat(2000)}.png`, 7,
  ])('and nothing else is: %j', (logo) => {
    expect(faultOf(read({ logo_uri: logo }))).toContain('logo_uri: ')
  })

  test('several faults are told at once', () => {
    expect(faultOf(read({ client_id: '', sector: '', client_name: '' }))?.split('; ').map((each) => each.split(':')[0]))
      .toEqual(['client_id', 'client_name', 'sector'])
  })

  test('redirects after signing out are held to the same rules', () => {
    expect(faultOf(read({ post_logout_redirect_uris: ['http://thue.example/out'] }))).toContain('must be https')
    expect(faultOf(read({ redirect_uris: ['https://thue.example/ok', 'http://thue.example/no'] })))
      .toContain('http://thue.example/no')
  })

  test('a name of Object is not taken for metadata of ours', () => {
    expect(read({ constructor: 'x', toString: 'y' })).toMatchObject({ client: { registered: { constructor: 'x' } } })
  })
})
