import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import catalogueFile from '#config/scopes.json' with { type: 'json' }
import { catalogueSchema } from '#domain/consent/catalogue.ts'
import { disclose, knownClaims, type Subject } from '#domain/consent/disclosure.ts'
import type { Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { aForeigner, aPassport, aPerson } from '#test/support/made-up.ts'

const openedAt = new Date('2026-11-22T00:00:00Z')
const mail = { kind: 'email', value: 'lan@nha.example', verifiedAt: openedAt } as const
const subject = (changes: Partial<Person> = {}, more: Partial<Subject> = {}): Subject =>
  ({ person: aPerson(changes), contacts: [], level: 1, openedAt, today: '2026-11-22', ...more })
const residence = { text: 'Số 1 đường Lê Lợi, Bến Thành', province: '79', commune: 'Phường Bến Thành' }

describe('the values of claims', () => {
  test('an adult citizen with everything', () => {
    const lan = subject({ permanentResidence: residence, phones: ['+84901234567', '+84907654321'], birthPlace: { text: 'Huế' },
      hometown: { text: 'Quảng Nam' } }, { contacts: [mail] })
    expect(disclose(lan, knownClaims, ['79'])).toEqual({
      name: 'Trần Thị Ngọc Lan', family_name: 'Trần', middle_name: 'Thị Ngọc', given_name: 'Lan', birthdate: '2003-03-02',
        gender: 'female',
      updated_at: 1_767_312_000, address: { formatted: residence.text, country: 'VN', region: '79',
        locality: 'Phường Bến Thành' },
      phone_number: '+84901234567', phone_number_verified: false, email: 'lan@nha.example', email_verified: true,
      vn_personal_id: '079303001234', vn_identity_kind: 'citizen', nationalities: ['VNM'], place_of_birth: { locality: 'Huế' },
        vn_hometown: 'Quảng Nam',
      age_over_14: true, age_over_16: true, age_over_18: true, age_over_60: false, resident_of: true, registry_as_of: '2026-01-02',
    })
  })

  test('a foreigner has passport and residence card, and nobody else has', () => {
    const told = (person: Person) => disclose({ ...subject(), person }, ['vn_passport', 'vn_residence_card', 'nationalities', 'vn_identity_kind', 'family_name'])
    expect(told(aForeigner())).toEqual({
      vn_passport: { number: 'M12345678', country: 'KOR', issued_on: '2020-05-06', expires_on: '2030-05-06' },
      vn_residence_card: { issued_on: '2024-08-01', expires_on: '2029-08-01', residence: 'temporary' }, nationalities: ['KOR'], vn_identity_kind: 'foreigner',
    })
    expect(told(aForeigner({ passport: null, card: undefined }))).toEqual({ nationalities: ['KOR'], vn_identity_kind: 'foreigner' })
    expect(told(aPerson({ passport: aPassport() }))).toEqual({ nationalities: ['VNM'], vn_identity_kind: 'citizen', family_name: 'Trần' })
  })

  test('nothing but what was named is given, and what nobody knows is left out', () => {
    expect(disclose(subject(), ['birthdate'])).toEqual({ birthdate: '2003-03-02' })
    expect(disclose(subject(), [])).toEqual({})
    expect(disclose(subject(), ['iris', 'sub'])).toEqual({})
  })

  test.each(['toString', 'constructor', 'hasOwnProperty', '__proto__', 'valueOf'])('%s is no claim', (claim) => {
    expect(Object.keys(disclose(subject(), [claim]))).toEqual([])
  })

  test('what is not known is left out and never null', () => {
    expect(disclose(subject(), ['address', 'phone_number', 'phone_number_verified', 'email', 'email_verified', 'place_of_birth',
      'vn_hometown'])).toEqual({})
  })

  test('of a thousand people nobody has an empty claim', () => {
    const empty = (value: unknown): boolean => value === undefined || value === null || value === ''
      || (typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).some(empty))
    const found = [...people({ people: 1_000, seed: 'claims' })].flatMap((person) =>
      Object.entries(disclose({ person, contacts: [], level: 1, openedAt, today: '2026-11-22' }, knownClaims, ['79'])).filter(([, value]) => empty(value)))
    expect(found).toEqual([])
  })

  test('a single name is a given name', () => {
    expect(disclose(subject({ name: 'Dịu' }), ['name', 'family_name', 'middle_name', 'given_name']))
      .toEqual({ name: 'Dịu', given_name: 'Dịu' })
  })

  test('a name of two words has nothing in the middle', () => {
    expect(disclose(subject({ name: 'Lê Lợi' }), ['family_name', 'middle_name', 'given_name']))
      .toEqual({ family_name: 'Lê', given_name: 'Lợi' })
  })

  test('a foreigner\'s name is not taken apart', () => {
    const foreigner = subject({ kind: 'foreigner', name: 'Maria Silva Santos', nationality: ['BRA'] })
    expect(disclose(foreigner, ['name', 'family_name', 'middle_name', 'given_name'])).toEqual({ name: 'Maria Silva Santos' })
  })

  test('the parts of a citizen\'s name are the name, whatever it is', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('Nguyễn', 'Thị', 'Ý', 'Đặng', 'Ánh'), { minLength: 1, maxLength: 8 }),
      (parts) => {
      const { family_name, middle_name, given_name } = disclose(subject({ name: parts.join(' ') }),
        ['family_name', 'middle_name', 'given_name'])
      return [family_name, middle_name, given_name].filter((part) => typeof part === 'string').join(' ') === parts.join(' ')
    }))
  })

  test('a birth date of which only the year is known is that year (OIDC Core §5.1)', () => {
    expect(disclose(subject({ birthDate: '1950' }), ['birthdate'])).toEqual({ birthdate: '1950' })
  })

  test('a phone of the registry is never called verified, a proven mail address is', () => {
    const given = disclose(subject({ phones: ['+84901234567'], emails: ['cu@nha.example'] }, { contacts: [mail] }),
      ['phone_number_verified', 'email', 'email_verified'])
    expect(given).toEqual({ phone_number_verified: false, email: mail.value, email_verified: true })
  })

  test('an address that the registry knows but nobody proved is not given as email', () => {
    expect(disclose(subject({ emails: ['cu@nha.example'] }), ['email', 'email_verified'])).toEqual({})
  })

  test('a claim of the catalogue that has no source is refused at the start', () => {
    const withClaim = (claim: string) => catalogueSchema.safeParse({ ...catalogueFile, attributes: [...catalogueFile.attributes, { id: 'more', claims: [claim], label: { vi: 'Nữa', en: 'More' } }] })
    expect(catalogueSchema.safeParse(catalogueFile).success).toBe(true)
    expect(withClaim('shoe_size').error?.issues.map(({ message }) => message)).toEqual(['claim shoe_size has no source'])
    expect(withClaim('toString').success).toBe(false)
  })
})
