import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import { catalogueSchema, reachable } from '#domain/consent/catalogue.ts'
import { isOver, livesInAny, thresholds } from '#domain/consent/derived.ts'
import { disclose, type Subject } from '#domain/consent/disclosure.ts'
import { grantNames, isGranted, placesFault, placesIn } from '#domain/consent/place-question.ts'
import type { Person } from '#domain/registry/person.ts'
import { placeCode } from '#domain/registry/residence.ts'
import { people } from '#domain/registry/synthetic.ts'
import { aPerson } from '#test/support/made-up.ts'

const catalogue = catalogueSchema.parse(catalogueFile)
const residence = { text: 'Số 1 Lê Lợi', province: '79', commune: 'Phường Bến Thành' }
const subject = (changes: Partial<Person>, today: string): Subject =>
  ({ person: aPerson(changes), contacts: [], level: 1, openedAt: new Date(0), today })

describe('an age without the birth date', () => {
  test.each<[string, string, number, boolean | undefined]>([
    ['2008-11-24', '2026-11-23', 18, false],
    ['2008-11-23', '2026-11-23', 18, true],
    ['2008-02-29', '2026-02-28', 18, false],
    ['2008-02-29', '2026-03-01', 18, true],
    ['2012', '2026-06-01', 14, undefined],
    ['2012', '2026-12-31', 14, true],
    ['2012', '2025-12-31', 14, false],
    ['2008', '2026-01-01', 18, undefined],
    ['1950', '2026-01-01', 60, true],
  ])('born %s, on %s from %i years: %s', (birthDate, today, years, answer) => {
    expect(isOver(years, { birthDate }, today)).toBe(answer)
  })

  test('there is a claim for each threshold, an attribute of its own, and what is not sure is left out', () => {
    const claims = thresholds.map((years) => `age_over_${years}`)
    expect(disclose(subject({ birthDate: '2010-05-05' }, '2026-11-23'), claims))
      .toEqual({ age_over_14: true, age_over_16: true, age_over_18: false, age_over_60: false })
    expect(disclose(subject({ birthDate: '2008' }, '2026-11-23'), claims)).toEqual({ age_over_14: true, age_over_16: true, age_over_60: false })
    for (const claim of claims) expect(catalogue.attributes.filter(({ claims: of }) => of.includes(claim)).map(({ claims: of }) => of)).toEqual([[claim]])
  })

  test('nobody grows younger, and nobody is over a higher age and not over a lower one', () => {
    const birth = fc.date({ min: new Date('1910-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10))
    fc.assert(fc.property(fc.oneof(birth, birth.map((one) => one.slice(0, 4))), fc.integer({ min: 0, max: 40 }), (birthDate, later) => {
      const answers = thresholds.map((years) => isOver(years, { birthDate }, '2026-11-23'))
      expect(answers.map(Number).filter((one) => !Number.isNaN(one)).toSorted((a, b) => b - a)).toEqual(answers.filter((one) => one !== undefined).map(Number))
      const [after] = [isOver(18, { birthDate }, `${2026 + later}-11-23`)]
      expect(isOver(18, { birthDate }, '2026-11-23') === true && after !== true).toBe(false)
    }))
  })
})

describe('a residence without the address', () => {
  test.each<[string, Person['permanentResidence'], readonly string[], boolean | undefined]>([
    ['in the province', residence, ['79'], true],
    ['in the commune', residence, ['79/Phường Bến Thành'], true],
    ['in one of them', residence, ['01', '79'], true],
    ['in another province', residence, ['01'], false],
    ['in another commune of the province', residence, ['79/Phường Sài Gòn'], false],
    ['a commune of that name elsewhere', residence, ['01/Phường Bến Thành'], false],
    ['nothing was asked', residence, [], undefined],
    ['nobody knows where', undefined, ['79'], undefined],
    ['words without a code', { text: 'Hồ Chí Minh' }, ['79'], undefined],
    ['the commune is not known', { text: 'x', province: '79' }, ['79/Phường Bến Thành'], undefined],
    ['the commune is not known, and need not be', { text: 'x', province: '79' }, ['01/Phường Ba Đình'], false],
  ])('%s', (_story, permanentResidence, places, answer) => {
    expect(livesInAny(aPerson({ permanentResidence }), places)).toBe(answer)
  })

  test('a commune is found also where its letters are composed otherwise', () => {
    expect(livesInAny(aPerson({ permanentResidence: residence }), placesIn({ value: '79/Phường Bến Thành'.normalize('NFD') }))).toBe(true)
  })

  test.each(['7', '790', '99', '07', '79/', '79/\u0000', 'Hà Nội', '', `79/${'x'.repeat(101)}`])('%j is no place', (place) => {
    expect(placeCode.safeParse(place).success).toBe(false)
    expect(placesFault({ value: place })).toMatch(/^resident_of: /)
  })

  test('a question names its places once and in order; twenty are enough', () => {
    expect(placesIn({ value: '79', values: ['01', '79'] })).toEqual(['01', '79'])
    expect([placesIn(null), placesIn({}), placesIn({ values: ['79', 7] }), placesIn('79')]).toEqual([[], [], [], []])
    expect([placesFault(null), placesFault({ essential: true })]).toEqual([undefined, undefined])
    expect(placesFault({ values: Array.from({ length: 21 }, () => '79') })).toBeDefined()
  })

  test('D02 what is granted for one place answers for no other', () => {
    const granted = new Set(grantNames(['resident_of', 'name'], ['79']))
    expect(isGranted('resident_of', { value: '79' }, granted)).toBe(true)
    expect(isGranted('resident_of', { values: ['79', '01'] }, granted)).toBe(false)
    expect(isGranted('resident_of', { value: '79' }, new Set(['resident_of:79']))).toBe(false)
    expect([isGranted('name', null, granted), isGranted('birthdate', null, granted)]).toEqual([true, false])
  })
})

test('registry_as_of is the day the record was confirmed, the one in updated_at', () => {
  const { registry_as_of: day, updated_at: at } = disclose(subject({}, '2026-11-23'), ['registry_as_of', 'updated_at'])
  expect([day, new Date(Number(at) * 1000).toISOString()]).toEqual(['2026-01-02', '2026-01-02T00:00:00.000Z'])
})

test('of a thousand people everybody is over some age or not, and most live somewhere', () => {
  const all = [...people({ people: 1_000, seed: 'derived' })].map((person) =>
    disclose({ person, contacts: [], level: 1, openedAt: new Date(0), today: '2026-11-23' }, ['age_over_18', 'resident_of'], ['79']))
  expect(all.filter((one) => one['resident_of'] === true).length).toBeGreaterThan(50)
  expect(all.filter((one) => one['age_over_18'] === undefined).length).toBeLessThan(50)
})

describe('what a profile can reach', () => {
  const claims = (profile: 'baseline' | 'fapi2') => reachable(catalogue, profile).attributes.flatMap((attribute) => attribute.claims)

  test('baseline: nothing that stays for life and opens other doors', () => {
    for (const claim of ['vn_personal_id', 'place_of_birth', 'vn_hometown']) {
      expect([claim, claims('baseline').includes(claim), claims('fapi2').includes(claim)]).toEqual([claim, false, true])
    }
    expect(claims('baseline')).toContain('birthdate')
  })

  test('every other profile: everything', () => {
    expect([reachable(catalogue, 'fapi2'), reachable(catalogue, 'fapi2-ms')]).toEqual([catalogue, catalogue])
  })
})
