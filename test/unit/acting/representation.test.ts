import { describe, expect, test } from 'vitest'
import type { Day } from '#kernel/clock.ts'
import { courtDaysOf, namedFor, needOf, noLongerNamed, tieBetween } from '#domain/acting/representation.ts'
import { birthday } from '#domain/registry/card.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { aPerson } from '#test/support/made-up.ts'

const today: Day = '2026-11-26'
const dayBefore = (day: Day): Day => new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)
const bornYearsAgo = (years: number): Day => birthday(today, -years)
const guardianship = { ground: 'capacity-lost' as const, since: '2026-01-01' }
const parent = aPerson({ number: personalNumber.parse('079185000001'), birthDate: bornYearsAgo(40) })
const guardian = aPerson({ number: personalNumber.parse('079175000002'), birthDate: bornYearsAgo(50) })
const named = (kind: Person['relations'][number]['kind'], { name, number }: Person) => ({ kind, name, number })
const child = (changes: Partial<Person> = {}) => aPerson({ number: personalNumber.parse('079218000003'), birthDate: bornYearsAgo(8), relations: [named('mother', parent)], ...changes })

describe('who needs a representative', () => {
  test.each([0, 6, 13, 14, 15, 17, 18, 40, 90])('at %i years: under 14, and nobody else by age', (years) => {
    expect(needOf({ birthDate: bornYearsAgo(years) }, today)).toBe(years < 14 ? 'under-age' : undefined)
  })

  test('until the day of the fourteenth birthday, also for who was born on 29 February; of whom only the year is known until its last day has come', () => {
    for (const born of ['2012-02-29', '2012-11-26', '2012-12-31'] as const) {
      const fourteen = birthday(born, 14)
      expect([needOf({ birthDate: born }, dayBefore(fourteen)), needOf({ birthDate: born }, fourteen)]).toEqual(['under-age', undefined])
    }
    expect([needOf({ birthDate: '2012' }, '2026-12-30'), needOf({ birthDate: '2012' }, '2026-12-31')]).toEqual(['under-age', undefined])
  })

  test.each([
    ['decided', guardianship, 'guardianship'],
    ['decided today', { ...guardianship, since: today }, 'guardianship'],
    ['not yet in force', { ...guardianship, since: '2026-11-27' }, undefined],
    ['on its last day', { ...guardianship, until: '2026-11-27' }, 'guardianship'],
    ['over since today', { ...guardianship, until: today }, undefined],
    ['the source says there is none', null, undefined],
    ['the source does not say', undefined, undefined],
  ] as const)('by a court: %s', (_name, court, need) => {
    expect(needOf({ birthDate: bornYearsAgo(60), guardianship: court }, today)).toBe(need)
  })
})

test('the days of a court that are still to come, and no others', () => {
  expect(courtDaysOf({ guardianship: { ...guardianship, since: '2026-11-27', until: '2027-01-01' } }, today)).toEqual(['2026-11-27', '2027-01-01'])
  expect(courtDaysOf({ guardianship: { ...guardianship, since: today, until: '2027-01-01' } }, today)).toEqual(['2027-01-01'])
  expect([courtDaysOf({ guardianship }, today), courtDaysOf({ guardianship: null }, today), courtDaysOf({}, today)]).toEqual([[], [], []])
})

describe('who acts for them', () => {
  test('parents where the register names no guardian, and the guardian alone where it does (Civil Code Art 47, 136)', () => {
    const father = aPerson({ number: personalNumber.parse('079084000004') })
    const both = [named('mother', parent), named('father', father)]
    expect(namedFor(child({ relations: both }), today)).toEqual(both)
    expect(namedFor(child({ relations: [...both, named('legal-representative', guardian)] }), today)).toEqual([named('legal-representative', guardian)])
    expect(namedFor(child({ relations: [] }), today)).toEqual([])
  })

  test('nobody for who acts alone; no parent for an adult under guardianship', () => {
    expect(namedFor(child({ birthDate: bornYearsAgo(14) }), today)).toEqual([])
    expect(namedFor(child({ birthDate: bornYearsAgo(30), guardianship }), today)).toEqual([])
  })

  test('a number names whoever it belongs to, cancelled or not, and nobody where it is not one person’s alone', () => {
    const replaced = aPerson({ ...parent, number: personalNumber.parse('079185000009') })
    const tied = (holders: ReadonlyMap<string, Person['id']>) => tieBetween(replaced, child(), { today, holders })?.as
    expect([tied(new Map([[parent.number, replaced.id]])), tied(new Map()), tied(new Map([[parent.number, guardian.id]]))]).toEqual(['parent', undefined, undefined])
  })

  test('who acted before and is named no more is replaced; who is named besides changes nothing', () => {
    const [alone, both] = [child(), child({ relations: [named('mother', parent), named('father', guardian)] })]
    expect([noLongerNamed(alone, both, today), noLongerNamed(both, alone, today), noLongerNamed(both, both, today)]).toEqual([false, true, false])
    expect(noLongerNamed(both, child({ relations: [...both.relations, named('legal-representative', guardian)] }), today)).toBe(true)
  })

  const ties: readonly [what: string, representative: Partial<Person>, ward: Partial<Person>, tie: string | undefined][] = [
    ['a parent', {}, {}, 'parent'],
    ['of another number and the same name', { number: personalNumber.parse('079185000008') }, {}, undefined],
    ['whose number the register does not say', {}, { relations: [{ kind: 'mother', name: parent.name }] }, undefined],
    ['named in another role', {}, { relations: [named('spouse', parent)] }, undefined],
    ['who has died', { life: { status: 'deceased' } }, {}, undefined],
    ['who is missing', { life: { status: 'missing' } }, {}, undefined],
    ['who is 17', { birthDate: bornYearsAgo(17) }, {}, undefined],
    ['who is 18', { birthDate: bornYearsAgo(18) }, {}, 'parent'],
    ['who is under guardianship', { guardianship }, {}, undefined],
    ['of a child that has died', {}, { life: { status: 'deceased' } }, undefined],
    ['of a child of 14', {}, { birthDate: bornYearsAgo(14) }, undefined],
    ['of an adult under guardianship who is named the guardian', {}, { birthDate: bornYearsAgo(70), guardianship, relations: [named('legal-representative', parent)] }, 'guardian'],
    ['of the same person', { number: personalNumber.parse('079218000003') }, { relations: [{ kind: 'mother', name: 'x', number: personalNumber.parse('079218000003') }] }, undefined],
  ]
  test.each(ties)('%s', (_what, representative, ward, tie) => {
    const one = aPerson({ ...parent, ...representative })
    const other = child(_what === 'of the same person' ? { ...ward, id: one.id } : ward)
    expect(tieBetween(one, other, { today, holders: new Map([[one.number, one.id]]) })?.as).toBe(tie)
  })
})
