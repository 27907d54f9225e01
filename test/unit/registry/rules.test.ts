import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { birthday, cardExpiry } from '#domain/registry/card.ts'
import { columns } from '#domain/registry/columns.ts'
import { merged, numberHistory } from '#domain/registry/merge.ts'
import { numberSet } from '#domain/registry/number-set.ts'
import { person as schema, personalNumber } from '#domain/registry/person.ts'
import type { Person } from '#domain/registry/person.ts'
import { residenceProvince } from '#domain/registry/province.ts'
import { checks, faultsOf } from '#domain/registry/quality.ts'
import { aPassport } from '#test/support/made-up.ts'

const today = '2026-11-22'
const number = (digits: string) => personalNumber.parse(digits)

const lan: Person = schema.parse({
  id: '0190a0b0-0000-7000-8000-000000000001', kind: 'citizen', name: 'Trần Thị Lan', number: '079303001234', formerNumbers: [],
  birthDate: '2003-03-02', sex: 'female', nationality: ['VNM'], relations: [], household: [], life: { status: 'alive' },
  phones: [], emails: [], other: {}, source: { version: 1, confirmedAt: '2026-01-01T00:00:00Z' },
})

describe('data quality', () => {
  const mother = { kind: 'mother' as const, name: 'Trần Thị Hoa' }
  const cases: readonly [code: string, fails: Partial<Person>, passes: Partial<Person>][] = [
    ['born-in-future', { birthDate: '2026-11-23' }, { birthDate: today, relations: [mother] }],
    ['born-in-future', { birthDate: '2027' }, { birthDate: '2026' }],
    ['older-than-130', { birthDate: '1895' }, { birthDate: '1900' }],
    ['died-before-birth', { life: { status: 'deceased', on: '2003-03-01' } }, { life: { status: 'deceased', on: '2003-03-02' } }],
    ['died-before-birth', { birthDate: '2003', life: { status: 'deceased', on: '2002-12-31' } },
      { birthDate: '2003', life: { status: 'deceased', on: '2003-01-01' } }],
    ['died-in-future', { life: { status: 'deceased', on: '2026-11-23' } }, { life: { status: 'deceased', on: today } }],
    ['alive-with-end', { life: { status: 'alive', on: '2020-01-01' } }, { life: { status: 'missing', on: '2020-01-01' } }],
    ['end-without-day', { life: { status: 'deceased' } }, { life: { status: 'alive' } }],
    ['name-unwritable', { name: 'Lan\u202eáb' }, { name: "H’Hen Niê-Kdăm Jr." }],
    ['name-unwritable', { name: 'Lan 2' }, { name: 'Ỷ' }],
    ['name-other-script', { name: 'Trần Тhị Lan' }, { name: 'Đặng Ỹ' }],
    ['number-also-former', { formerNumbers: [{ number: lan.number, cancelledOn: '2020-01-01', reason: 'x' }] },
      { formerNumbers: [{ number: number('079303001235'), cancelledOn: '2020-01-01', reason: 'x' }] }],
    ['number-prefix-unknown', { number: number('003303001234') }, { number: number('101303001234') }],
    ['number-contradicts', { sex: 'male' }, { kind: 'foreigner', sex: 'male', nationality: ['KOR'] }],
    ['residence-province-unknown', { currentResidence: { text: 'x', province: '02' } }, { currentResidence: { text: 'x', province: '79' } }],
    ['residence-province-unknown', { permanentResidence: { text: 'x', province: '079' } }, { permanentResidence: { text: 'x' } }],
    ['origin-province-unknown', { hometown: { text: 'x', province: '003' } }, { hometown: { text: 'x', province: '002' } }],
    ['related-to-self', { relations: [{ ...mother, number: lan.number }] }, { relations: [{ ...mother, number: number('079175001234') }] }],
    ['minor-without-parents', { birthDate: '2020-01-01' }, { birthDate: '2020-01-01', relations: [mother] }],
    ['married-minor', { birthDate: '2010-01-01', maritalStatus: 'married' }, { maritalStatus: 'married' }],
    ['guardianship-ends-before-it-begins', { guardianship: { ground: 'capacity-lost', since: '2026-01-02', until: '2026-01-01' } }, { guardianship: { ground: 'capacity-lost', since: '2026-01-02', until: '2026-01-03' } }],
    ['guardianship-without-guardian', { guardianship: { ground: 'capacity-lost', since: '2026-01-02' }, relations: [] },
      { guardianship: { ground: 'capacity-lost', since: '2026-01-02' }, relations: [{ kind: 'legal-representative', name: 'Trần Văn Hai' }] }],
    ['card-ends-before-issue', { card: { kind: 'cccd', issuedOn: '2022-01-01', issuedAt: 'x', expiresOn: '2021-01-01' } },
      { card: { kind: 'cccd', issuedOn: '2022-01-01', issuedAt: 'x' } }],
    ['card-before-birth', { card: { kind: 'cccd', issuedOn: '2003-03-01', issuedAt: 'x' } }, { card: { kind: 'cccd', issuedOn: '2021-03-01', issuedAt: 'x' } }],
    ['card-not-for-kind', { card: { kind: 'residence-card', issuedOn: '2024-01-01', issuedAt: 'x' } }, { card: { kind: 'can-cuoc', issuedOn: '2024-08-01', issuedAt: 'x' } }],
    ['card-not-for-kind', { kind: 'foreigner', card: { kind: 'cccd', issuedOn: '2024-01-01', issuedAt: 'x' } }, { kind: 'foreigner', card: { kind: 'residence-card', issuedOn: '2024-01-01', issuedAt: 'x' } }],
    ['residence-of-other-card', { card: { kind: 'cccd', issuedOn: '2024-01-01', issuedAt: 'x', residence: 'permanent' } }, { card: { kind: 'residence-card', issuedOn: '2024-01-01', issuedAt: 'x', residence: 'permanent' } }],
    ['passport-ends-before-issue', { passport: aPassport({ expiresOn: '2020-05-05' }) }, { passport: aPassport({ expiresOn: '2030-05-06' }) }],
    ['passport-of-other-country', { passport: aPassport({ country: 'JPN' }), nationality: ['KOR'] }, { passport: aPassport(), nationality: ['USA', 'KOR'] }],
    ['foreigner-without-passport', { kind: 'foreigner', passport: null }, { kind: 'foreigner' }],
    ['foreigner-without-passport', { kind: 'foreigner', passport: null }, { kind: 'foreigner', passport: null, life: { status: 'deceased', on: '2020-01-01' } }],
    ['citizen-not-vietnamese', { nationality: ['KOR'] }, { nationality: ['KOR', 'VNM'] }],
    ['nationality-contradicts-kind', { kind: 'foreigner' }, { kind: 'foreigner', nationality: ['KOR'] }],
    ['nationality-contradicts-kind', { kind: 'undetermined-nationality' }, { kind: 'undetermined-nationality', nationality: [] }],
    ['confirmed-in-future', { source: { version: 1, confirmedAt: '2026-12-01T00:00:00Z' } }, { source: { version: 1, confirmedAt: '2026-11-22T00:00:00Z' } }],
  ]

  const codes = (changes: Partial<Person>) => faultsOf({ ...lan, ...changes }, today).map(({ code }) => code)

  test.each(cases)('%s', (code, fails, passes) => {
    expect(codes(fails)).toContain(code)
    expect(codes(passes)).not.toContain(code)
  })

  test('every check has a case here', () => {
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set(checks.map(({ code }) => code)))
    expect(new Set(checks.map(({ code }) => code)).size).toBe(checks.length)
  })

  test('finds nothing about an ordinary person', () => {
    expect(codes({})).toEqual([])
  })
})

describe('a card is valid until', () => {
  test.each([
    ['2003-03-02', '2021-05-01', '2028-03-02'],
    ['2003-03-02', '2026-03-01', '2028-03-02'],
    ['2003-03-02', '2026-03-02', '2043-03-02'],
    ['1990-01-31', '2022-01-01', '2030-01-31'],
    ['1966-06-01', '2023-05-31', '2026-06-01'],
    ['1966-06-01', '2024-06-01', undefined],
    ['1950-06-01', '2022-01-01', undefined],
    ['2020-06-01', '2024-08-01', '2034-06-01'],
    ['2012-02-29', '2024-02-28', '2026-03-01'],
  ])('born %s, issued %s: %s', (born, issuedOn, until) => {
    expect(cardExpiry(born, issuedOn)).toBe(until)
  })

  test('a birthday on 29 February is 1 March in other years', () => {
    expect(birthday('2004-02-29', 20)).toBe('2024-02-29')
    expect(birthday('2004-02-29', 21)).toBe('2025-03-01')
    expect(birthday('2004-02-29', -104)).toBe('1900-03-01')
  })
})

describe('a newer record', () => {
  const former = (digits: string, cancelledOn: string) => ({ number: number(digits), cancelledOn, reason: 'x' })

  test('keeps the id and adds to the history of numbers', () => {
    const held = { ...lan, formerNumbers: [former('079303000001', '2010-01-01')] }
    const arriving: Person = { ...lan, id: schema.shape.id.parse('0190a0b0-0000-7000-8000-000000000002'), number: number('079303000009'),
      formerNumbers: [former('079303001234', '2026-01-01')], source: { version: 2, confirmedAt: '2026-02-01T00:00:00Z' } }
    expect(merged(held, arriving)).toEqual({ ...arriving, id: lan.id,
      formerNumbers: [former('079303000001', '2010-01-01'), former('079303001234', '2026-01-01')] })
  })

  test('that is older than the one held changes nothing', () => {
    expect(merged(lan, { ...lan, name: 'Khác', source: { ...lan.source, version: 0 } })).toBe(lan)
  })

  test('what a court has decided stays until the source says that it is over, and not when it says nothing', () => {
    const held = { ...lan, guardianship: { ground: 'capacity-lost' as const, since: '2026-01-02' } }
    const { guardianship: _, ...silent } = { ...held, source: { ...lan.source, version: lan.source.version + 1 } }
    expect(merged(held, silent).guardianship).toEqual(held.guardianship)
    expect(merged(held, { ...silent, guardianship: null }).guardianship).toBeNull()
  })

  test('a passport stays until the source names another or says that there is none', () => {
    const held = { ...lan, passport: aPassport() }
    const silent = { ...lan, source: { ...lan.source, version: 2 } }
    expect(merged(held, silent).passport).toEqual(held.passport)
    expect(merged(held, { ...silent, passport: null }).passport).toBeNull()
    expect(merged(held, { ...silent, passport: aPassport({ number: 'M87654321' }) }).passport?.number).toBe('M87654321')
  })

  test('never lists the current number as a former one', () => {
    expect(numberHistory([former('079303001234', '2026-01-01')], lan.number)).toEqual([])
  })
})

test('a set of numbers remembers those it was given and no others', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^\d{12}$/), { minLength: 2, maxLength: 40 }), (all) => {
    const set = numberSet()
    const [absent = '', ...given] = all
    for (const digits of given) set.add(number(digits))
    return given.every((digits) => set.has(number(digits))) && !set.has(number(absent))
  }))
})

test('a province of residence is found by the code it has today, never by the code of the 63', () => {
  expect(residenceProvince('24')?.name).toBe('Bắc Ninh')
  expect(residenceProvince('024')).toBeUndefined()
  expect(residenceProvince('02')).toBeUndefined()
})

test('docs/registry.md explains every column and every code', () => {
  const page = readFileSync(new URL('../../../docs/registry.md', import.meta.url), 'utf8')
  const words = [...columns.map(({ name }) => name), ...checks.map(({ code }) => code), 'cells', 'missing', 'malformed', 'not-json', 'number-repeated']
  expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([])
  for (const { code, stops } of checks) expect(page).toContain(`| \`${code}\` | ${stops ? 'refused' : 'warning'} |`)
})
