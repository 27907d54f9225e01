import { describe, expect, test } from 'vitest'
import { eligibility, type Facts } from '#domain/enrolment/eligibility.ts'
import type { Person } from '#domain/registry/person.ts'
import { aPerson } from '#test/support/made-up.ts'

const today = '2026-11-22'
const card = (expiresOn?: string, kind: NonNullable<Person['card']>['kind'] = 'can-cuoc'): Person['card'] => ({ kind, issuedOn: '2020-01-01', issuedAt: 'Bộ Công an',
  ...(expiresOn !== undefined && { expiresOn }) })

function answer(changes: Partial<Person>, facts: Partial<Facts> = {}): string {
  const person = aPerson(changes)
  const verdict = eligibility({ person, claimed: { name: person.name, birthDate: person.birthDate }, registered: false, today, ...facts })
  return verdict.is === 'refused' ? verdict.because : verdict.is
}

const kinds = ['citizen', 'foreigner', 'undetermined-nationality'] as const
const cardOf = { citizen: 'can-cuoc', foreigner: 'residence-card', 'undetermined-nationality': 'identity-certificate' } as const
const lives = ['alive', 'deceased', 'missing'] as const
const births = ['2003-03-02', '2013-03-02']
const cards = [undefined, card('2026-11-21'), card('2026-11-22'), card()]
const claims = ['right', 'wrong name', 'wrong day'] as const
const flags = [false, true]
const everything = kinds.flatMap((kind) => lives.flatMap((status) => births.flatMap((birthDate) => cards.flatMap((held) =>
  claims.flatMap((claim) => flags.map((registered) => ({ kind, status, birthDate, held, claim, registered })))))))

describe('who may register by themselves', () => {
  test('every combination of reasons, with the reason that counts', () => {
    const wrong: unknown[] = []
    for (const { kind, status, birthDate, held, claim, registered } of everything) {
      const person = aPerson({ kind, life: { status }, birthDate, card: held && { ...held, kind: cardOf[kind] } })
      const claimed = { name: claim === 'wrong name' ? 'Trần Thị Ngọc Mai' : person.name,
        birthDate: claim === 'wrong day' ? '2003-02-03' : birthDate }
      const verdict = eligibility({ person, claimed, registered, today })
      const bars = {
        mismatch: claim !== 'right', registered, 'not-alive': ['deceased', 'missing'].includes(status),
        'under-age': birthDate.startsWith('2013'), 'no-valid-card': held === undefined || held.expiresOn === '2026-11-21',
      }
      const [first] = Object.entries(bars).filter(([, holds]) => holds).map(([name]) => name)
      const expected = first === undefined ? { is: 'eligible', person } : { is: 'refused', because: first }
      if (JSON.stringify(verdict) !== JSON.stringify(expected)) wrong.push({ kind, status, birthDate, held, claim, registered,
        verdict })
    }
    expect(wrong).toEqual([])
  })

  test('nobody by that number', () => {
    expect(answer({}, { person: undefined })).toBe('unknown')
  })

  test.each<[born: string, today: string, outcome: string]>([
    ['2012-11-23', '2026-11-22', 'under-age'],
    ['2012-11-22', '2026-11-22', 'eligible'],
    ['2012-02-29', '2026-02-28', 'under-age'],
    ['2012-02-29', '2026-03-01', 'eligible'],
    ['2014-02-28', '2028-02-28', 'eligible'],
    ['2014-03-01', '2028-02-29', 'under-age'],
    ['2012-12-31', '2026-12-30', 'under-age'],
    ['2012-12-31', '2026-12-31', 'eligible'],
    ['2012', '2026-12-30', 'under-age'],
    ['2012', '2026-12-31', 'eligible'],
    ['2026-11-22', '2026-11-22', 'under-age'],
    ['1908-01-01', '2026-11-22', 'eligible'],
  ])('born %s, on %s: %s', (birthDate, on, outcome) => {
    expect(answer({ birthDate, card: card() }, { today: on })).toBe(outcome)
  })

  test.each<[string, Person['card'], string]>([
    ['no card', undefined, 'no-valid-card'],
    ['a card that ended yesterday', card('2026-11-21'), 'no-valid-card'],
    ['a card on its last day', card('2026-11-22'), 'eligible'],
    ['a card without an end', card(), 'eligible'],
  ])('%s: %s', (_story, held, outcome) => {
    expect(answer({ card: held })).toBe(outcome)
  })

  test('marks may be missing from the name, another name may not be there', () => {
    const claimed = (name: string) => answer({}, { claimed: { name, birthDate: '2003-03-02' } })
    expect(['Trần Thị Ngọc Lan', 'tran thi ngoc lan', 'TRẦN THỊ NGỌC LAN', 'Trần Thị Ngọc Lân', 'Trần Thị Lan', ''].map(claimed))
      .toEqual(['eligible', 'eligible', 'eligible', 'mismatch', 'mismatch', 'mismatch'])
  })

  test('a year is no answer for somebody whose day is known, a day is one where only the year is', () => {
    expect(answer({}, { claimed: { name: 'Trần Thị Ngọc Lan', birthDate: '2003' } })).toBe('mismatch')
    expect(answer({ birthDate: '1950', card: card() }, { claimed: { name: 'Trần Thị Ngọc Lan', birthDate: '1950-07-07' } }))
      .toBe('eligible')
    expect(answer({ birthDate: '1950', card: card() }, { claimed: { name: 'Trần Thị Ngọc Lan', birthDate: '' } }))
      .toBe('mismatch')
  })
})
