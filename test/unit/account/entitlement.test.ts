import { describe, expect, test } from 'vitest'
import type { Day } from '#kernel/clock.ts'
import { entitlement, hasValidPaper, paperOf } from '#domain/account/entitlement.ts'
import { birthday } from '#domain/registry/card.ts'
import type { Person } from '#domain/registry/person.ts'
import { aPassport, aPerson } from '#test/support/made-up.ts'

type Kind = Person['kind']
type Card = NonNullable<Person['card']>['kind'] | 'none'
const kinds: readonly Kind[] = ['citizen', 'foreigner', 'undetermined-nationality']
const cards: readonly Card[] = ['can-cuoc', 'cccd', 'cmnd-12', 'identity-certificate', 'residence-card', 'passport', 'none']
const lives = ['alive', 'deceased', 'missing'] as const

const born: Day = '2012-02-29'
const before = (day: Day): Day => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
/** Each birthday until twenty, the day before, and the day after. */
const days = Array.from({ length: 21 }, (_, age) => birthday(born, age)).flatMap((day) => [before(day), day]).filter((day) => day >= born)

/** Decree 69/2024 Art 7 as a clerk reads it, by the band of age. */
const law: Record<Kind, (years: number, card: Card) => [level1: string, level2: string]> = {
  citizen: (years, card) => {
    if (years >= 14) return ['can-cuoc', 'cccd', 'cmnd-12'].includes(card) ? ['yes', 'yes'] : ['no', 'no']
    if (card !== 'can-cuoc') return ['no', 'no']
    return years >= 6 ? ['yes', 'on-demand'] : ['on-demand', 'no']
  },
  foreigner: (years, card) => {
    if (card !== 'residence-card') return ['no', 'no']
    return years >= 6 ? ['yes', 'on-demand'] : ['on-demand', 'no']
  },
  'undetermined-nationality': (years, card) => (years >= 14 && card === 'identity-certificate' ? ['yes', 'no'] : ['no', 'no']),
}

/** Counted on fingers: birthdays that have come. */
const yearsOn = (day: Day): number => Array.from({ length: 30 }, (_, age) => age).filter((age) => age > 0 && birthday(born, age) <= day).length

const ends = ['yesterday', 'today', 'never'] as const
const everybody = kinds.flatMap((kind) => cards.flatMap((card) => lives.flatMap((status) => days.flatMap((today) => ends.map((end) => ({ kind, card, status, today, ends: end }))))))

describe('who may have what (Decree 69/2024 Art 7)', () => {
  test('every kind, paper, life and day around every birthday until twenty', () => {
    const told = everybody.map((one) => {
      const expiresOn = { yesterday: before(one.today), today: one.today, never: undefined }[one.ends]
      const card = one.card === 'none' ? undefined : { kind: one.card, issuedOn: born, issuedAt: 'Bộ Công an', ...(expiresOn !== undefined && { expiresOn }) }
      return { ...one, ...entitlement(aPerson({ kind: one.kind, birthDate: born, card, life: { status: one.status } }), one.today) }
    })
    const expected = everybody.map((one) => {
      const years = yearsOn(one.today)
      const [level1, level2] = one.status !== 'alive' || one.ends === 'yesterday' ? ['no', 'no'] : law[one.kind](years, one.card)
      return { ...one, level1, level2, alone: years >= 14 }
    })
    expect(told.filter((one, at) => JSON.stringify(one) !== JSON.stringify(expected[at]))).toEqual([])
    expect(told).toHaveLength(3 * 7 * 3 * 41 * 3)
  })

  test('of whom only the year is known is as old as the last day of it makes them', () => {
    const on = (today: Day) => entitlement(aPerson({ birthDate: '2012', card: { kind: 'can-cuoc', issuedOn: '2024-08-01', issuedAt: 'Bộ Công an' } }), today).alone
    expect([on('2026-12-30'), on('2026-12-31')]).toEqual([false, true])
  })
})

test.each([
  ['can-cuoc', 'card'], ['cccd', 'card'], ['cmnd-12', 'card'], ['identity-certificate', 'card'], ['residence-card', 'residence-card'], ['passport', 'passport'],
] as const)('an account follows a %s as its %s', (kind, paper) => {
  expect(paperOf(aPerson({ card: { kind, issuedOn: '2024-08-01', issuedAt: 'Bộ Công an', expiresOn: '2028-03-02' } }))).toEqual({ paper, expiresOn: '2028-03-02' })
})

test('an account follows nothing where there is no card', () => expect(paperOf({ kind: 'citizen', card: undefined })).toEqual({}))

describe('a foreigner needs residence card and passport (Decree 69/2024 Art 8, 15)', () => {
  const today: Day = '2026-11-26'
  const past = '2026-11-25'
  const residence = (expiresOn?: Day) => ({ kind: 'residence-card' as const, issuedOn: '2024-08-01', issuedAt: 'Cục Quản lý xuất nhập cảnh', ...(expiresOn && { expiresOn }) })
  const passport = (expiresOn?: Day) => aPassport({ ...(expiresOn && { expiresOn }) })
  const kim = (changes: Partial<Person>) => aPerson({ kind: 'foreigner', birthDate: '1990-01-01', nationality: ['KOR'], card: undefined, ...changes })

  test.each([
    [today, today, 'yes', 'passport', today],
    [today, '2030-01-01', 'yes', 'residence-card', today],
    ['2030-01-01', today, 'yes', 'passport', today],
    [undefined, today, 'yes', 'passport', today],
    [today, undefined, 'yes', 'residence-card', today],
    [undefined, undefined, 'yes', 'passport', undefined],
    [past, today, 'no', 'residence-card', past],
    [today, past, 'no', 'passport', past],
    [past, '2026-11-24', 'no', 'passport', '2026-11-24'],
  ] as const)('residence until %s, passport until %s: level 1 %s, following the %s until %s', (...[until, passportUntil, level1, paper, expiresOn]) => {
    const person = kim({ card: residence(until), passport: passport(passportUntil) })
    expect([entitlement(person, today).level1, hasValidPaper(person, today), paperOf(person)]).toEqual([level1, level1 === 'yes', { paper, expiresOn }])
  })

  test('a passport alone opens nothing, and one that the register does not know of ends nothing', () => {
    expect(entitlement(kim({ passport: passport('2030-01-01') }), today).level1).toBe('no')
    for (const unknown of [undefined, null]) {
      const person = kim({ card: residence(today), ...(unknown === null && { passport: null }) })
      expect([entitlement(person, today).level1, paperOf(person)]).toEqual(['yes', { paper: 'residence-card', expiresOn: today }])
    }
  })

  test('the passport of a citizen ends nothing', () => {
    const citizen = aPerson({ passport: passport(past) })
    expect([entitlement(citizen, today).level1, paperOf(citizen).paper]).toEqual(['yes', 'card'])
  })
})
