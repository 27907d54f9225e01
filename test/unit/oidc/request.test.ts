import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import { acrOf } from '#domain/assurance/level.ts'
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { readVerifiedClaims } from '#domain/consent/verified-claims-request.ts'
import { claimRequest, claimsFault, nameAskedIn, scopesOf, verifiedRequests } from '#oidc/request/claims.ts'
import { wantOf } from '#oidc/request/want.ts'
import { aClient } from '#test/support/made-up.ts'

const catalogue = catalogueSchema.parse(catalogueFile)
const { own } = aClient({ minimum_account_level: 2, minimum_authentication_level: 1 })
const [two, three] = [acrOf(2), acrOf(3)]
const asking = (claims: unknown, more: object = {}) => ({ claims: JSON.stringify(claims), ...more })
const request = (params: object) => Object.fromEntries([...claimRequest(catalogue,
  { ...params })].map(([claim, { essential }]) => [claim, essential]))
const verified = (claims: object) => ({ verification: { trust_framework: null }, claims })

describe('what a request asks to know', () => {
  test('a scope is a need, a claim by name a wish unless it says otherwise', () => {
    expect(request(asking({ userinfo: { birthdate: null, gender: { essential: true } },
      id_token: { name: { essential: false } } }, { scope: 'openid email' })))
      .toEqual({ email: true, email_verified: true, birthdate: false, gender: true, name: false })
  })

  test('a need stays a need wherever else it is a wish', () => {
    expect(request(asking({ userinfo: { email: null }, id_token: { birthdate: { essential: true } } },
      { scope: 'openid email' }))).toMatchObject({ email: true, birthdate: true })
    expect(request(asking({ userinfo: { birthdate: { essential: true } }, id_token: { birthdate: null } })))
      .toEqual({ birthdate: true })
  })

  test('verified claims are asked under the names of the plain ones', () => {
    const params = asking({ id_token: { verified_claims: verified({ given_name: null, birthdate: { essential: true } }) } })
    expect(request(params)).toEqual({ given_name: false, birthdate: true })
    expect([verifiedRequests(params).length, verifiedRequests({}), verifiedRequests(asking({ userinfo: { name: null } }))]).toEqual([1, [], []])
  })

  test('of a list of verified claims every claim is asked', () => {
    const list = [verified({ given_name: null }), verified({ given_name: { essential: true }, age_over_18: null })]
    const params = asking({ userinfo: { verified_claims: list } })
    expect([request(params), verifiedRequests(params)]).toEqual([{ given_name: true, age_over_18: false }, list])
  })

  test('places are gathered from everywhere they are asked about', () => {
    const params = asking({ id_token: { resident_of: { value: '79' } },
      userinfo: { resident_of: { values: ['01', '79'] }, verified_claims: verified({ resident_of: { value: '48' } }) } })
    expect(claimRequest(catalogue, params).get('resident_of')).toEqual({ essential: false, places: ['01', '48', '79'] })
    expect(claimRequest(catalogue, asking({ userinfo: { resident_of: null } })).get('resident_of')).toEqual({ essential: false })
  })

  test('the number of an organisation is asked for in either place', () => {
    expect([nameAskedIn({}), nameAskedIn(asking({ userinfo: { vn_org_id: { essential: true } } })), nameAskedIn(asking({ id_token: { vn_org_id: { value: '0101234567' } }, userinfo: { vn_org_id: { essential: true } } }))])
      .toEqual([{ only: false }, { only: true }, { only: true, among: ['0101234567'] }])
  })

  test('what is no attribute of a person is nothing to ask about', () => {
    expect(request(asking({ id_token: { acr: { essential: true }, sub: { value: 'x' }, auth_time: null, iris: null } },
      { scope: 'openid offline_access x' }))).toEqual({})
  })

  test('words that every object knows are no scopes and no claims', () => {
    expect(request({ scope: 'openid toString __proto__ constructor',
      claims: '{"userinfo":{"toString":null,"__proto__":null,"constructor":{"essential":true}}}' })).toEqual({})
  })

  test('scopes are words between spaces', () => {
    expect([scopesOf({ scope: ' openid  email ' }), scopesOf({}), scopesOf({ scope: ['openid'] }), scopesOf({ scope: '' })])
      .toEqual([['openid', 'email'], [], [], []])
  })

  test('whatever JSON a stranger writes there, it is read or refused and never a bug', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (claims, inner) => {
      for (const value of [claims, { userinfo: inner }, { id_token: { verified_claims: inner, acr: inner, vn_org_id: inner, name: inner } }]) {
        const params = asking(value, { scope: 'openid' })
        claimsFault(value)
        readVerifiedClaims(value)
        request(params)
        wantOf(params, own)
        nameAskedIn(params)
        verifiedRequests(params)
      }
    }), { numRuns: 500 })
  })
})

describe('a claims parameter', () => {
  test.each<[string, unknown, boolean]>([
    ['empty', {}, true],
    ['plain claims', { userinfo: { name: null }, id_token: { acr: { values: [two] } } }, true],
    ['verified claims', { userinfo: { verified_claims: verified({ name: null }) } }, true],
    ['verified claims without a framework', { userinfo: { verified_claims: { verification: {}, claims: { name: null } } } },
      false],
    ['verified claims without claims', { id_token: { verified_claims: verified({}) } }, false],
    ['verified claims of nothing', { id_token: { verified_claims: null } }, false],
    ['a list of verified claims', { id_token: { verified_claims: [verified({ name: null })] } }, true],
    ['the deepest element of the specification', { id_token: { verified_claims: [{ verification: { trust_framework: null, assurance_process: {
      assurance_details: [{ evidence_ref: [{ evidence_metadata: { evidence_classification: { values: ['x'] } } }] }] } }, claims: { name: null } }] } }, true],
    ['a place to live in', { userinfo: { resident_of: { value: '79' } } }, true],
    ['a place that is none', { userinfo: { resident_of: { value: '99' } } }, false],
    ['the number of an organisation', { id_token: { vn_org_id: { essential: true, values: ['0101234567'] } }, userinfo: { vn_org_id: null } }, true],
    ['a number that is none', { id_token: { vn_org_id: { value: 101_234_567 } } }, false],
    ['no number of all', { userinfo: { vn_org_id: { essential: true, values: [] } } }, false],
    ['a list', { userinfo: [] }, false],
    ['text', { id_token: 'name' }, false],
    ['no object', 7, false],
  ])('%s', (_story, claims, fine) => {
    expect(claimsFault(claims) === undefined).toBe(fine)
  })
})

describe('what a request wants of the sign-in', () => {
  const acr = (how: object) => asking({ id_token: { acr: how } })

  test.each<[string, object, object]>([
    ['nothing named: the registration\'s floors', {}, { anyOf: [], minimum: 1, accountLevel: 2, maxAge: undefined, fresh: false,
      impossible: false }],
    ['acr_values in their order', { acr_values: `${three} ${two} phr` },
      { anyOf: [{ level: 3 }, { level: 2 }, { resistance: 'phr' }] }],
    ['unknown acr_values are passed over', { acr_values: 'loa9' }, { anyOf: [], impossible: false }],
    ['an essential value', acr({ essential: true, value: three }), { anyOf: [{ level: 3 }], impossible: false }],
    ['essential values', acr({ essential: true, values: [three, two] }),
      { anyOf: [{ level: 3 }, { level: 2 }], impossible: false }],
    ['an essential value that nobody knows', acr({ essential: true, value: 'loa9' }), { anyOf: [], impossible: true }],
    ['an essential claim without a value', acr({ essential: true }), { anyOf: [], impossible: false }],
    ['an essential value overrules acr_values', { ...acr({ essential: true, value: three }), acr_values: two },
      { anyOf: [{ level: 3 }] }],
    ['a voluntary value stands beside acr_values', { ...acr({ value: three }), acr_values: two },
      { anyOf: [{ level: 2 }, { level: 3 }] }],
    ['values that are no text', acr({ essential: true, values: [3, null, {}] }), { anyOf: [], impossible: false }],
    ['max_age=0 is not nothing', { max_age: 0 }, { maxAge: 0 }],
    ['max_age as text', { max_age: '300' }, { maxAge: 300 }],
    ['prompt=login', { prompt: 'login consent' }, { fresh: true }],
    ['a prompt that only begins so', { prompt: 'login_hint' }, { fresh: false }],
    ['prompt=consent', { prompt: 'consent' }, { fresh: false }],
  ])('%s', (_story, params, want) => {
    expect(wantOf({ ...params }, own)).toMatchObject(want)
  })
})
