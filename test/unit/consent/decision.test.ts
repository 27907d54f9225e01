import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import type { Purpose } from '#domain/client/client.ts'
import { catalogueSchema, type ClaimRequest } from '#domain/consent/catalogue.ts'
import { answerOf, claimsOfScopes, decide, itemsOf, type Consent, type Decision, type Item } from '#domain/consent/decision.ts'

const catalogue = catalogueSchema.parse(catalogueFile)
const at = new Date('2026-11-22T00:00:00Z')
const yearAgo = new Date('2025-11-22T00:00:00Z')
const words = { vi: 'Nộp tờ khai', en: 'Filing a return' }
const law = { vi: 'Luật Quản lý thuế, Điều 30', en: 'Law on Tax Administration, Article 30' }

type Asking = Parameters<typeof itemsOf>[1]
const purpose = (claims: string[], changes: Partial<Purpose> = {}): Purpose => ({ claims, basis: 'consent', purpose: words,
  optional: false, ...changes })
const client = (purposes: Purpose[] = [], relyingPartyClass: 'A' | 'B' = 'A'): Asking => ({ profile: 'fapi2', purposes,
  relying_party_class: relyingPartyClass })
const needs = (...claims: string[]): ClaimRequest => new Map(claims.map((claim) => [claim, { essential: true }]))
const likes = (...claims: string[]): ClaimRequest => new Map(claims.map((claim) => [claim, { essential: false }]))
const names = (items: readonly Item[]) => items.map(({ attribute }) => attribute.id)

const remembered = (consent: Consent | undefined, changes: object = {}) => ({ remembered: consent, justGiven: false,
  validSince: yearAgo, ...changes })
const all = new Set(catalogue.attributes.map(({ id }) => id))
const agreed = (items: readonly Item[], givenAt = at) => answerOf(items, all, givenAt)
const told = (decision: Decision) =>
  decision.is === 'settled' ? { is: 'settled', granted: names(decision.granted),
    declined: names(decision.declined) } : { is: decision.is, items: names(decision.items) }

describe('what a client may ask', () => {
  test('claims that one line of the page covers are one item, in the order of the catalogue', () => {
    const items = itemsOf(catalogue, client(), needs('birthdate', 'given_name', 'family_name'))
    expect(items.map(({ attribute, claims }) => [attribute.id, claims]))
      .toEqual([['name', ['family_name', 'given_name']], ['birthdate', ['birthdate']]])
  })

  test('a claim that nobody here knows is nobody\'s item', () => {
    expect(itemsOf(catalogue, client(), needs('iris', 'sub', '__proto__'))).toEqual([])
  })

  test('a claim outside the registered purposes is left out', () => {
    const items = itemsOf(catalogue, client([purpose(['name'])]), needs('name', 'address', 'vn_personal_id'))
    expect(names(items)).toEqual(['name'])
  })

  const living = (...places: string[]): ClaimRequest => new Map([['resident_of', { essential: true, places }]])

  test('D02 about places a client asks what its purposes name, one by one, and nothing without them', () => {
    const here = client([purpose(['name']), purpose(['resident_of'], { resident_of: ['79', '01'] }), purpose(['resident_of'], { resident_of: ['48'] })])
    expect(itemsOf(catalogue, here, living('01', '79'))).toMatchObject([{ claims: ['resident_of'], places: ['01', '79'] }])
    expect(names(itemsOf(catalogue, here, living('48')))).toEqual(['resident-of'])
    for (const places of [['04'], ['79', '48'], []]) expect(itemsOf(catalogue, here, living(...places))).toEqual([])
    expect(itemsOf(catalogue, client([purpose(['resident_of'])]), living('79'))).toEqual([])
    expect(itemsOf(catalogue, client(), living('79'))).toEqual([])
  })

  test('D02 one threshold that is registered is no way to ask for others or for the birth date', () => {
    const bar = client([purpose(['age_over_18'])])
    expect(names(itemsOf(catalogue, bar, needs('age_over_14', 'age_over_16', 'age_over_18', 'age_over_60', 'birthdate')))).toEqual(['age-over-18'])
  })

  test('without any registered purpose everything is asked, by consent alone', () => {
    const items = itemsOf(catalogue, client(), needs('name', 'address'))
    expect(items.map(({ basis }) => basis)).toEqual(['consent', 'consent'])
  })

  test('an item carries its ground, its purpose and its legal reference', () => {
    const [item] = itemsOf(catalogue, client([purpose(['name'], { basis: 'law', reference: law })]), needs('name'))
    expect(item).toMatchObject({ basis: 'law', purpose: words, reference: law })
  })

  test('is essential when the request says so for any of its claims, unless registered as optional', () => {
    const mixed: ClaimRequest = new Map([['family_name', { essential: false }], ['given_name', { essential: true }]])
    expect(itemsOf(catalogue, client(), mixed)[0]?.essential).toBe(true)
    expect(itemsOf(catalogue, client(), likes('name'))[0]?.essential).toBe(false)
    expect(itemsOf(catalogue, client([purpose(['name'], { optional: true })]), needs('name'))[0]?.essential).toBe(false)
  })

  test('a scope stands for its claims, which the service then needs; an unknown scope for none', () => {
    const request = claimsOfScopes(catalogue, ['openid', 'email', 'phone', 'offline_access', 'toString'])
    expect([...request]).toEqual(['email', 'email_verified', 'phone_number',
      'phone_number_verified'].map((claim) => [claim, { essential: true }]))
  })
})

describe('whether a person is asked', () => {
  const items = itemsOf(catalogue, client(), needs('name', 'birthdate'))

  test('nothing to share needs nobody\'s word', () => {
    expect(told(decide([], client(), remembered(undefined)))).toEqual({ is: 'settled', granted: [], declined: [] })
  })

  test('the first time, yes', () => {
    expect(told(decide(items, client(), remembered(undefined)))).toEqual({ is: 'ask', items: ['name', 'birthdate'] })
  })

  test('a state body is remembered for twelve months, to the instant', () => {
    expect(decide(items, client(), remembered(agreed(items, yearAgo))).is).toBe('settled')
    expect(decide(items, client(), remembered(agreed(items, new Date(yearAgo.getTime() - 1)))).is).toBe('ask')
  })

  test('everybody else is agreed to at each sign-in, and the answer to this request counts', () => {
    const others = client([], 'B')
    expect(decide(items, others, remembered(agreed(items))).is).toBe('ask')
    expect(decide(items, others, remembered(agreed(items), { justGiven: true })).is).toBe('settled')
  })

  test('an answer said to be just given that nobody recorded is no answer', () => {
    expect(decide(items, client(), remembered(undefined, { justGiven: true })).is).toBe('ask')
  })

  test('a public task shows a notice; one item by consent among them makes it a question', () => {
    const tax = client([purpose(['name', 'birthdate'], { basis: 'law', reference: law }), purpose(['address'])])
    expect(told(decide(itemsOf(catalogue, tax, needs('name', 'birthdate')), tax, remembered(undefined))))
      .toEqual({ is: 'notice', items: ['name', 'birthdate'] })
    expect(decide(itemsOf(catalogue, tax, needs('name', 'address')), tax, remembered(undefined)).is).toBe('ask')
  })

  test('a new attribute is asked, with the old ones beside it', () => {
    const more = itemsOf(catalogue, client(), needs('name', 'birthdate', 'address'))
    expect(told(decide(more, client(), remembered(agreed(items)))))
      .toEqual({ is: 'ask', items: ['name', 'birthdate', 'address'] })
  })

  test('fewer attributes later are not asked again, and no more than those are granted', () => {
    const fewer = itemsOf(catalogue, client(), needs('birthdate'))
    expect(told(decide(fewer, client(), remembered(agreed(items)))))
      .toEqual({ is: 'settled', granted: ['birthdate'], declined: [] })
  })

  test.each<[string, Partial<Purpose>]>([
    ['purpose', { purpose: { vi: 'Gửi quảng cáo', en: 'Advertising' } }],
    ['legal ground', { basis: 'law' }],
    ['legal reference', { reference: law }],
  ])('another %s is asked again', (_what, change) => {
    const before = client([purpose(['name'])])
    const after = client([purpose(['name'], change)])
    const given = agreed(itemsOf(catalogue, before, needs('name')))
    expect(decide(itemsOf(catalogue, before, needs('name')), before, remembered(given)).is).toBe('settled')
    expect(decide(itemsOf(catalogue, after, needs('name')), after, remembered(given)).is).not.toBe('settled')
  })

  test('another place is asked again', () => {
    const here = client([purpose(['resident_of'], { resident_of: ['79', '01'] })])
    const about = (...places: string[]) => itemsOf(catalogue, here, new Map([['resident_of', { essential: true, places }]]))
    expect(decide(about('79'), here, remembered(agreed(about('79')))).is).toBe('settled')
    for (const others of [about('01'), about('01', '79')]) expect(decide(others, here, remembered(agreed(about('79')))).is).toBe('ask')
  })

  test('an optional item that was declined stays declined and is not asked again', () => {
    const wishes = itemsOf(catalogue, client(), new Map([...needs('name'), ...likes('phone_number')]))
    const given = answerOf(wishes, new Set(), at)
    expect(told(decide(wishes, client(), remembered(given)))).toEqual({ is: 'settled', granted: ['name'], declined: ['phone'] })
  })

  test('what was declined as optional and is now essential is asked again', () => {
    const given = answerOf(itemsOf(catalogue, client(), likes('phone_number')), new Set(), at)
    expect(told(decide(itemsOf(catalogue, client(), needs('phone_number')), client(), remembered(given))))
      .toEqual({ is: 'ask', items: ['phone'] })
  })
})

describe('the record of an answer', () => {
  const tax = client([purpose(['name'], { basis: 'law', reference: law }), purpose(['birthdate']),
    purpose(['email'], { optional: true }), purpose(['address'], { optional: true })])
  const items = itemsOf(catalogue, tax, needs('name', 'birthdate', 'email', 'address'))

  test('grants what is essential or by law, and of the optional what was ticked', () => {
    const { granted, declined, givenAt } = answerOf(items, new Set(['email']), at)
    expect([Object.keys(granted), Object.keys(declined), givenAt]).toEqual([['name', 'birthdate', 'email'], ['address'], at])
  })

  test('what is received by law is not a matter of ticks, also where the service could do without', () => {
    const byLaw = client([purpose(['birthdate'], { basis: 'law', optional: true })])
    const { granted, declined } = answerOf(itemsOf(catalogue, byLaw, likes('birthdate')), new Set(), at)
    expect([Object.keys(granted), Object.keys(declined)]).toEqual([['birthdate'], []])
  })

  test('a tick for something that was not asked grants nothing', () => {
    const { granted, declined } = answerOf(items, new Set(['personal-number', '__proto__']), at)
    expect([Object.keys(granted), Object.keys(declined)]).toEqual([['name', 'birthdate'], ['address', 'email']])
  })

  test('settles the very request it answers, in every combination of ticks', () => {
    for (const ticked of [[], ['email'], ['address'], ['email', 'address']]) {
      const decision = decide(items, tax, remembered(answerOf(items, new Set(ticked), at), { justGiven: true }))
      expect(told(decision)).toMatchObject({ is: 'settled', granted: ['name', 'birthdate', 'address',
        'email'].filter((id) => ['name', 'birthdate', ...ticked].includes(id)) })
    }
  })
})

describe('the catalogue', () => {
  test('every claim of a scope and every verified claim belongs to an attribute', () => {
    const broken = { ...catalogueFile, scopes: { ...catalogueFile.scopes, extra: ['iris'] }, verified: ['face'] }
    expect(catalogueSchema.safeParse(broken).error?.issues.map(({ message }) => message))
      .toEqual(['claim iris belongs to no attribute', 'claim face belongs to no attribute'])
  })

  test('no claim belongs to two attributes: an answer for one would be an answer for the other', () => {
    const claims = catalogue.attributes.flatMap((attribute) => attribute.claims)
    expect(new Set(claims).size).toBe(claims.length)
    expect(claims.filter((claim) => !catalogue.attributes.some((attribute) => attribute.claims.includes(claim)))).toEqual([])
  })
})
