import { describe, expect, test } from 'vitest'
import type { Subject } from '#domain/consent/disclosure.ts'
import { answerVerifiedClaims } from '#domain/consent/verified-claims.ts'
import { readVerifiedClaims, verifiedClaimsFault } from '#domain/consent/verified-claims-request.ts'
import { aForeigner, aPassport, aPerson } from '#test/support/made-up.ts'

const openedAt = new Date('2026-11-22T05:06:07Z')
const now = new Date('2026-11-23T00:00:00Z')
const day = 86_400
const residence = { text: 'Số 1 Lê Lợi', province: '79', commune: 'Phường Bến Thành' }
const lan = (changes: Partial<Subject> = {}): Subject =>
  ({ person: aPerson(), contacts: [], level: 1, openedAt, today: '2026-11-23', ...changes })
const granted = new Set(['name', 'given_name', 'birthdate', 'address', 'age_over_18', 'nationalities', 'resident_of', 'resident_of:79'])

const answers = (asked: unknown, subject = lan()) =>
  readVerifiedClaims(asked).flatMap((request) => answerVerifiedClaims(request, { subject, granted, now }) ?? [])
const framework = { trust_framework: null }
const answer = (verification: object, claims: object = { given_name: null }, subject = lan()) =>
  answers({ verification, claims }, subject)[0]
const record = { type: { value: 'electronic_record' } }

describe('what is told of the verification', () => {
  test('the framework, and nothing else that was not asked (D02)', () => {
    expect(answer(framework, { given_name: null, birthdate: { essential: true } }))
      .toEqual({ verification: { trust_framework: 'vn_eid' }, claims: { given_name: 'Lan', birthdate: '2003-03-02' } })
  })

  test('everything that is on record, where everything is asked; times to the day (D01)', () => {
    const check = { check_method: null, organization: null, check_id: null, time: null }
    const source = { name: null, country_code: null, jurisdiction: null }
    const details = { type: null, source, created_at: null, date_of_expiry: null }
    const all = {
      ...framework, assurance_level: null, assurance_process: { policy: null, procedure: null, assurance_details: null }, time: null,
      verification_process: null, evidence: [{ ...record, check_details: [check], time: null, record: details }],
    }
    expect(answer(all)?.verification).toEqual({
      trust_framework: 'vn_eid',
      assurance_level: 'level_1',
      time: '2026-11-22T00:00:00Z',
      evidence: [{
        type: 'electronic_record',
        check_details: [{ check_method: 'data', organization: 'Định Danh', time: '2026-11-22T00:00:00Z' }],
        time: '2026-01-02T00:00:00Z',
        record: { type: 'population_register', source: { name: 'Cơ sở dữ liệu quốc gia về dân cư', country_code: 'VNM' } },
      }],
    })
  })

  test.each<[string, object, object]>([
    ['the type alone', record, { type: 'electronic_record' }],
    ['one part of the source', { ...record, record: { source: { country_code: null } } },
      { type: 'electronic_record', record: { type: 'population_register', source: { country_code: 'VNM' } } }],
    ['a container without a word about its parts: what it cannot be without', { ...record, record: null, check_details: null },
      { type: 'electronic_record', record: { type: 'population_register' }, check_details: [{ check_method: 'data' }] }],
    ['a part that nobody has', { ...record, record: { source: { jurisdiction: null } } },
      { type: 'electronic_record', record: { type: 'population_register' } }],
    ['a part that nobody knows', { ...record, attachments: null, mood: { essential: true } }, { type: 'electronic_record' }],
  ])('of evidence %s', (_story, evidence, told) => {
    expect(answer({ ...framework, evidence: [evidence] })?.verification).toEqual({ trust_framework: 'vn_eid', evidence: [told] })
  })

  test('alternatives are tried in their order, and an entry is cut by the one it fits', () => {
    const evidence = [{ type: { value: 'document' }, time: null }, { ...record, record: { type: { value: 'bank_account' } } }, { ...record, time: null }]
    expect(answer({ ...framework, evidence })?.verification)
      .toMatchObject({ evidence: [{ type: 'electronic_record', time: '2026-01-02T00:00:00Z' }] })
  })

  test('the level is that of the account, not of the sign-in', () => {
    expect(answer({ ...framework, assurance_level: null }, undefined, lan({ level: 2 }))).toMatchObject({ verification: { assurance_level: 'level_2' } })
  })

  test('a check in person is told where there is a record of it, and never made up', () => {
    const asked = { ...framework, time: null, evidence: [{ ...record, check_details: [{ check_method: null, organization: null, time: null }] }] }
    const inPerson: Subject['inPerson'] = { at: new Date('2026-11-23T04:00:00Z'), kinds: ['card-seen', 'face-compared', 'passkey'] }
    const seen = (method: string) => ({ check_method: method, organization: 'Công an xã, phường', time: '2026-11-23T00:00:00Z' })
    const data = { check_method: 'data', organization: 'Định Danh', time: '2026-11-22T00:00:00Z' }
    expect(answer(asked, undefined, lan({ level: 2 }))?.verification)
      .toEqual({ trust_framework: 'vn_eid', evidence: [{ type: 'electronic_record', check_details: [data] }] })
    expect(answer(asked, undefined, lan({ level: 2, inPerson }))?.verification).toEqual({
      trust_framework: 'vn_eid', time: '2026-11-23T00:00:00Z', evidence: [{ type: 'electronic_record', check_details: [data, seen('vpip'), seen('pvp')] }],
    })
    const withChip: Subject['inPerson'] = { ...inPerson, kinds: [...inPerson.kinds, 'chip-verified'] }
    expect(answer(asked, undefined, lan({ level: 2, inPerson: withChip }))).toMatchObject({ verification: { evidence: [{ check_details: [data, seen('vpip'), seen('pvp'), seen('vcrypt')] }] } })
  })

  test('of several checks those come that were asked for', () => {
    const inPerson: Subject['inPerson'] = { at: openedAt, kinds: ['card-seen', 'chip-verified'] }
    const asked = { ...framework, evidence: [{ ...record, check_details: [{ check_method: { value: 'vcrypt' } }] }] }
    expect(answer(asked, undefined, lan({ level: 2, inPerson }))).toMatchObject({ verification: { evidence: [{ check_details: [{ check_method: 'vcrypt' }] }] } })
    expect(answer(asked)).toBeUndefined()
  })
})

describe('the passport of a foreigner as evidence', () => {
  const seen: Subject['inPerson'] = { at: new Date('2026-11-23T04:00:00Z'), kinds: ['passport-seen', 'face-compared', 'passkey'] }
  const kim = (changes: Partial<Subject> = {}) => lan({ person: aForeigner(), level: 2, inPerson: seen, ...changes })
  const asked = {
    ...framework, evidence: [{ type: { value: 'document' }, check_details: [{ check_method: null, organization: null, time: null }],
      document_details: { type: null, document_number: null, serial_number: null, date_of_issuance: null, date_of_expiry: null, issuer: { name: null, country_code: null } } }],
  }
  const told = { type: 'passport', issuer: { country_code: 'KOR' }, date_of_expiry: '2030-05-06' }

  test('is told as it was seen in person, by what kind of authority and on which day', () => {
    expect(answer(asked, { name: null }, kim())?.verification).toEqual({ trust_framework: 'vn_eid', evidence: [{
      type: 'document', document_details: told,
      check_details: [{ check_method: 'vpip', organization: 'Cơ quan quản lý xuất nhập cảnh', time: '2026-11-23T00:00:00Z' }],
    }] })
  })

  test('D02 comes with its number only beside the passport itself, where that is granted', () => {
    const [request] = readVerifiedClaims({ verification: asked, claims: { name: null, vn_passport: null } })
    if (request === undefined) throw new Error('it can be read')
    const number = (allowed: readonly string[]) => answerVerifiedClaims(request, { subject: kim(), granted: new Set(allowed), now })?.verification
    expect(number(['name'])).toMatchObject({ evidence: [{ document_details: told }] })
    expect(JSON.stringify(number(['name']))).not.toContain('M12345678')
    expect(number(['name', 'vn_passport'])).toMatchObject({ evidence: [{ document_details: { ...told, document_number: 'M12345678' } }] })
    expect(JSON.stringify(answerVerifiedClaims({ ...request, claims: { name: null } }, { subject: kim(), granted: new Set(['name', 'vn_passport']), now }))).not.toContain('M12345678')
  })

  test.each<[string, Partial<Subject>]>([
    ['at level 1, where nobody has seen it', { level: 1, inPerson: undefined }],
    ['of whom a desk saw the card', { inPerson: { ...seen, kinds: ['card-seen', 'face-compared'] } }],
    ['with another one since, issued the day after', { person: aForeigner({ passport: { ...aPassport(), issuedOn: '2026-11-24' } }) }],
    ['issued nobody knows when', { person: aForeigner({ passport: { number: aPassport().number, country: 'KOR' } }) }],
    ['of which the register knows nothing', { person: aForeigner({ passport: null }) }],
    ['of a citizen', { person: aPerson({ passport: aPassport() }) }],
  ])('is left out %s', (_story, changes) => {
    expect(answer(asked, { name: null }, kim(changes))).toBeUndefined()
    expect(answer({ ...framework, evidence: [...asked.evidence, record] }, { name: null }, kim(changes))?.verification).toEqual({ trust_framework: 'vn_eid', evidence: [{ type: 'electronic_record' }] })
  })

  test('can be insisted on: the country, and that it was seen', () => {
    const insisted = (document_details: object, check_method: object) => answer({ ...framework, evidence: [{ type: { value: 'document' }, document_details, check_details: [{ check_method }] }] }, { name: null }, kim()) !== undefined
    expect([insisted({ type: { value: 'passport' }, issuer: { country_code: { value: 'KOR' } } }, { value: 'vpip' }), insisted({ issuer: { country_code: { value: 'JPN' } } }, { value: 'vpip' }), insisted({ type: { value: 'idcard' } }, { value: 'vpip' }), insisted({ type: null }, { value: 'vcrypt' })])
      .toEqual([true, false, false, false])
  })
})

describe('what is insisted on', () => {
  const evidence = (more: object) => ({ ...framework, evidence: [{ ...record, ...more }] })

  test.each<[string, object, 'answered' | 'left out']>([
    ['any framework', { trust_framework: null }, 'answered'],
    ['our framework by name', { trust_framework: { value: 'vn_eid' } }, 'answered'],
    ['our framework among others', { trust_framework: { values: ['eidas', 'vn_eid'] } }, 'answered'],
    ['another framework', { trust_framework: { value: 'eidas' } }, 'left out'],
    ['only other frameworks', { trust_framework: { values: ['eidas', 'de_aml'] } }, 'left out'],
    ['another framework, as a wish', { trust_framework: { value: 'eidas', essential: false } }, 'left out'],
    ['contradicting constraints', { trust_framework: { value: 'vn_eid', values: ['eidas'] } }, 'left out'],
    ['any level', { ...framework, assurance_level: null }, 'answered'],
    ['this level', { ...framework, assurance_level: { value: 'level_1' } }, 'answered'],
    ['a higher level', { ...framework, assurance_level: { value: 'level_2' } }, 'left out'],
    ['one of several levels', { ...framework, assurance_level: { values: ['level_1', 'level_2'] } }, 'answered'],
    ['other levels', { ...framework, assurance_level: { values: ['level_2', 'high'] } }, 'left out'],
    ['the right level in another framework', { trust_framework: { value: 'eidas' }, assurance_level: { value: 'level_1' } }, 'left out'],
    ['essential elements that are not there', { ...framework, verification_process: { essential: true } }, 'answered'],
    ['a reference that is not there', { ...framework, verification_process: { value: 'x' } }, 'left out'],
    ['a policy that nobody names', { ...framework, assurance_process: { policy: { value: 'x' } } }, 'left out'],
    ['a detail of assurance, which filters nothing', { ...framework, assurance_process: { assurance_details: [{ assurance_type: { value: 'x' } }] } }, 'answered'],
    ['a document', { ...framework, evidence: [{ type: { value: 'document' } }] }, 'left out'],
    ['a document or a record', { ...framework, evidence: [{ type: { value: 'document' } }, record] }, 'answered'],
    ['this record', evidence({ record: { type: { value: 'population_register' } } }), 'answered'],
    ['another record', evidence({ record: { type: { values: ['voter_register'] } } }), 'left out'],
    ['this country', evidence({ record: { source: { country_code: { value: 'VNM' } } } }), 'answered'],
    ['another country', evidence({ record: { source: { country_code: { value: 'LAO' } } } }), 'left out'],
    ['another way of checking', evidence({ check_details: [{ check_method: { values: ['vpip', 'bvp'] } }] }), 'left out'],
    ['one way of checking or another', evidence({ check_details: [{ check_method: { value: 'bvp' } }, { check_method: { value: 'data' } }] }), 'answered'],
    ['something that nobody knows', { ...framework, mood: { value: 'good' } }, 'left out'],
    ['something that nobody knows, deep down', evidence({ attachments: [{ desc: { values: ['x'] } }] }), 'left out'],
    ['a word that every object knows', { ...framework, toString: { value: 'x' } }, 'left out'],
  ])('%s: %j is %s', (_story, verification, outcome) => {
    expect(answer(verification) === undefined ? 'left out' : 'answered').toBe(outcome)
  })

  test.each<[string, object, 'answered' | 'left out']>([
    ['proven yesterday, counted from its first second', { ...framework, time: { max_age: day } }, 'answered'],
    ['proven later than that', { ...framework, time: { max_age: day - 1 } }, 'left out'],
    ['the hour of it stays hidden (D01)', { ...framework, time: { max_age: 19 * 3600 } }, 'left out'],
    ['the record, in time', { ...framework, evidence: [{ ...record, time: { max_age: 325 * day } }] }, 'answered'],
    ['the record, out of time', { ...framework, evidence: [{ ...record, time: { max_age: 324 * day } }] }, 'left out'],
    ['an age of what is not there', { ...framework, evidence: [{ ...record, record: { created_at: { max_age: 9e9 } } }] }, 'left out'],
  ])('max_age: %s', (_story, verification, outcome) => {
    expect(answer(verification) === undefined ? 'left out' : 'answered').toBe(outcome)
  })

  test('of a claim: it is left out, and it alone', () => {
    const wanted = { given_name: { value: 'Mai' }, birthdate: { values: ['1990-01-01', '2003-03-02'] }, nationalities: { value: ['VNM'] }, age_over_18: { value: true } }
    expect(answer(framework, wanted)?.claims).toEqual({ birthdate: '2003-03-02', nationalities: ['VNM'], age_over_18: true })
  })

  test('of places: they are the question and not the answer', () => {
    const living = lan({ person: aPerson({ permanentResidence: residence }) })
    expect(answer(framework, { resident_of: { value: '79' } }, living)?.claims).toEqual({ resident_of: true })
    const elsewhere = lan({ person: aPerson({ permanentResidence: { ...residence, province: '01' } }) })
    expect(answer(framework, { resident_of: { value: '79' } }, elsewhere)?.claims).toEqual({ resident_of: false })
    expect(answer(framework, { resident_of: { values: ['79', '01'] } }, living)).toBeUndefined()
    expect(answer(framework, { resident_of: null }, living)).toBeUndefined()
  })
})

test('with no claim left the whole element is left out', () => {
  for (const claims of [{ vn_personal_id: null }, { address: null }, { iris: null }, { given_name: { value: 'Mai' } }]) {
    expect(answer(framework, claims)).toBeUndefined()
  }
})

test('of a list each request is answered by itself, also about the same claim (OIDC4IDA §5.6)', () => {
  const named = (trust_framework: object) => ({ verification: { trust_framework }, claims: { name: null } })
  const told = { verification: { trust_framework: 'vn_eid' }, claims: { name: 'Trần Thị Ngọc Lan' } }
  expect(answers([named({ value: 'vn_eid' }), named({ value: 'eidas' }), named({ values: ['vn_eid'] })])).toEqual([told, told])
})

describe('an ill-formed request', () => {
  const claims = { name: null }
  const evidence = (...entries: unknown[]) => ({ verification: { ...framework, evidence: entries }, claims })

  test.each<[string, unknown, RegExp]>([
    ['no verification', { claims }, /verification/],
    ['no trust framework', { verification: {}, claims }, /verification\.trust_framework/],
    ['no claims', { verification: framework }, /claims/],
    ['no claim in them', { verification: framework, claims: {} }, /must name at least one/],
    ['a framework as plain text', { verification: { trust_framework: 'vn_eid' }, claims }, /trust_framework/],
    ['an empty list of values', { verification: { trust_framework: { values: [] } }, claims }, /values/],
    ['a member beside the two', { verification: framework, claims, mood: null }, /mood/],
    ['an age of something that is no time', { verification: { trust_framework: { max_age: 1 } }, claims }, /max_age is for times/],
    ['a negative age', { verification: { ...framework, time: { max_age: -1 } }, claims }, /time\.max_age/],
    ['evidence of no type', evidence({ time: null }), /evidence\.0\.type/],
    ['evidence of several types', evidence({ type: { values: ['document', 'electronic_record'] } }), /evidence\.0\.type/],
    ['evidence of one type and of several', evidence({ type: { value: 'document', values: ['document'] } }), /names one type only/],
    ['evidence without a word about it', { verification: { ...framework, evidence: null }, claims }, /evidence/],
    ['no evidence at all', evidence(), /evidence/],
    ['more alternatives than anybody needs', evidence(...Array.from({ length: 11 }, () => record)), /evidence/],
    ['a purpose of two letters', { verification: framework, claims: { name: { purpose: 'xy' } } }, /purpose/],
    ['a purpose without end', { verification: framework, claims: { name: { purpose: 'x'.repeat(301) } } }, /purpose/],
    ['a place that is none', { verification: framework, claims: { resident_of: { value: '99' } } }, /province/],
    ['an empty list', [], /verified_claims/],
    ['a list with something else in it', [{ verification: framework, claims }, 'x'], /verified_claims\.1/],
    ['nothing', null, /verified_claims/],
    ['text', 'name', /verified_claims/],
  ])('is no request, and says why: %s', (_story, request, reason) => {
    expect(verifiedClaimsFault(request)).toMatch(reason)
    expect(readVerifiedClaims(request)).toEqual([])
  })

  test('a stranger\'s words are not in the reason', () => {
    expect(verifiedClaimsFault({ verification: framework, claims: { '<b>"': 7 } })).not.toContain('<b>')
  })

  test('members that are not understood are passed over (OIDC Core §5.5.1)', () => {
    expect(verifiedClaimsFault({ verification: { trust_framework: { mood: 1 }, mood: null }, claims: { name: { mood: 1, purpose: 'Nộp hồ sơ' } } })).toBeUndefined()
  })
})
