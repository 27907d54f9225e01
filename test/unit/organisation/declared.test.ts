import { describe, expect, test } from 'vitest'
import { answerDue, declaration, isIssued } from '#domain/organisation/declared.ts'

describe('an organisation that no register knows (Decree 69/2024 Art 13)', () => {
  test('is answered within fifteen days of the calendar, and one of the registration within three working days', () => {
    expect([answerDue('2026-11-25', { pending: true }), answerDue('2026-11-25', { pending: false }), answerDue('2026-11-25', undefined)]).toEqual(['2026-12-10', '2026-11-30', '2026-11-30'])
  })

  test('a last day off moves to the next working day (Civil Code Art 148.5): Saturday, Sunday, a holiday', () => {
    expect(['2026-11-27', '2026-11-28', '2026-12-17'].map((day) => answerDue(day, { pending: true }))).toEqual(['2026-12-14', '2026-12-14', '2027-01-04'])
  })

  test('papers are issued today at the latest, by the day in Vietnam', () => {
    const now = new Date('2026-11-27T18:00:00Z')
    expect([isIssued('2026-11-28', now), isIssued('2026-11-29', now)]).toEqual([true, false])
  })

  test('what says nothing is no declaration', () => {
    const whole = { code: '0401234567', name: 'Hội', kind: 'association', address: 'Hà Nội', papers: { number: '1', issuer: 'Hà Nội', issuedOn: '2020-01-02' }, others: [] }
    const wrong = [{ code: '1' }, { name: ' ' }, { kind: 'company' }, { address: '' }, { papers: { ...whole.papers, number: ' ' } }]
    expect([whole, ...wrong.map((changes) => ({ ...whole, ...changes }))].map((one) => declaration.safeParse(one).success)).toEqual([true, false, false, false, false, false])
  })
})
