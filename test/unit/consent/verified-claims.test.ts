import { describe, expect, test } from 'vitest'
import type { Subject } from '#domain/consent/disclosure.ts'
import { answerVerifiedClaims, verifiedClaimsRequest } from '#domain/consent/verified-claims.ts'
import { aPerson } from '#test/support/made-up.ts'

const openedAt = new Date('2026-11-22T00:00:00Z')
const lan = (level: Subject['level'] = 1): Subject => ({ person: aPerson(), contacts: [], level, openedAt })
const granted = new Set(['name', 'given_name', 'birthdate', 'address'])
const ask = (verification: object, claims: object = { given_name: null }) => verifiedClaimsRequest.parse({ verification, claims })
const answer = (verification: object, claims?: object, subject = lan()) => answerVerifiedClaims(ask(verification, claims),
  subject, granted)

describe('verified claims', () => {
  test('say how identity was proven, against what, and when', () => {
    expect(answer({ trust_framework: null }, { given_name: null, birthdate: { essential: true } })).toEqual({
      verification: {
        trust_framework: 'vn_eid',
        assurance_level: 'level_1',
        time: '2026-11-22T00:00:00Z',
        evidence: [{
          type: 'electronic_record',
          check_details: [{ check_method: 'data', organization: 'Định Danh' }],
          time: '2026-01-02T00:00:00Z',
          record: { type: 'population_register', source: { name: 'Cơ sở dữ liệu quốc gia về dân cư', country_code: 'VNM' } },
        }],
      },
      claims: { given_name: 'Lan', birthdate: '2003-03-02' },
    })
  })

  test('the level is that of the account, not of the sign-in', () => {
    expect(answer({ trust_framework: null }, undefined, lan(2))).toMatchObject({ verification: { assurance_level: 'level_2' } })
  })

  test.each<[string, object, 'answered' | 'left out']>([
    ['any framework', { trust_framework: null }, 'answered'],
    ['our framework by name', { trust_framework: { value: 'vn_eid' } }, 'answered'],
    ['our framework among others', { trust_framework: { values: ['eidas', 'vn_eid'] } }, 'answered'],
    ['another framework', { trust_framework: { value: 'eidas' } }, 'left out'],
    ['only other frameworks', { trust_framework: { values: ['eidas', 'de_aml'] } }, 'left out'],
    ['another framework, as a wish', { trust_framework: { value: 'eidas', essential: false } }, 'left out'],
    ['contradicting constraints', { trust_framework: { value: 'vn_eid', values: ['eidas'] } }, 'left out'],
    ['any level', { trust_framework: null, assurance_level: null }, 'answered'],
    ['this level', { trust_framework: null, assurance_level: { value: 'level_1' } }, 'answered'],
    ['a higher level', { trust_framework: null, assurance_level: { value: 'level_2' } }, 'left out'],
    ['one of several levels', { trust_framework: null, assurance_level: { values: ['level_1', 'level_2'] } }, 'answered'],
    ['other levels', { trust_framework: null, assurance_level: { values: ['level_2', 'high'] } }, 'left out'],
    ['the right level in another framework', { trust_framework: { value: 'eidas' }, assurance_level: { value: 'level_1' } },
      'left out'],
  ])('%s: %j is %s', (_story, verification, outcome) => {
    expect(answer(verification) === undefined ? 'left out' : 'answered').toBe(outcome)
  })

  test('what was not granted is not in them', () => {
    expect(answer({ trust_framework: null }, { given_name: null, vn_personal_id: null }))
      .toMatchObject({ claims: { given_name: 'Lan' } })
    expect(JSON.stringify(answer({ trust_framework: null }, { given_name: null,
      vn_personal_id: null }))).not.toContain('079303001234')
  })

  test('with no claim left the whole element is left out', () => {
    expect(answer({ trust_framework: null }, { vn_personal_id: null })).toBeUndefined()
    expect(answer({ trust_framework: null }, { address: null })).toBeUndefined()
    expect(answer({ trust_framework: null }, { iris: null })).toBeUndefined()
  })

  test.each<[string, unknown]>([
    ['no verification', { claims: { name: null } }],
    ['no trust framework', { verification: {}, claims: { name: null } }],
    ['no claims', { verification: { trust_framework: null } }],
    ['no claim in them', { verification: { trust_framework: null }, claims: {} }],
    ['a framework as plain text', { verification: { trust_framework: 'vn_eid' }, claims: { name: null } }],
    ['an empty list of values', { verification: { trust_framework: { values: [] } }, claims: { name: null } }],
    ['an element that nobody knows', { verification: { trust_framework: null, mood: null }, claims: { name: null } }],
    ['a list of requests', [{ verification: { trust_framework: null }, claims: { name: null } }]],
    ['nothing', null],
    ['text', 'name'],
  ])('an ill-formed request is no request: %s', (_story, request) => {
    expect(verifiedClaimsRequest.safeParse(request).success).toBe(false)
  })
})
