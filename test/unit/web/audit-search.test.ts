import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { csv } from '#web/answer/csv.ts'
import { queryOf, readSearch, typedSearch } from '#web/admin/audit-search.ts'
import { textsOf } from '#web/i18n/language.ts'

const now = new Date('2026-11-26T05:00:00Z')
const read = (typed: Record<string, string>) => readSearch(typedSearch.parse(typed), textsOf('vi').audit, now)

describe('a search as it is typed', () => {
  test('nothing typed is the last 24 hours', () => {
    expect(read({})).toEqual({ search: { from: new Date('2026-11-25T05:00:00Z'), to: now }, filters: [] })
  })

  test('times are those of Viet Nam, and a day before the end where only that is given', () => {
    expect(read({ from: '2026-11-01T07:00', to: '2026-11-02T07:00' })).toMatchObject({ search: { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-02T00:00:00Z') }, filters: ['time'] })
    expect(read({ to: '2026-11-02T07:00' })).toMatchObject({ search: { from: new Date('2026-11-01T00:00:00Z') } })
  })

  test('an event that is called by its number is found whenever it was', () => {
    const reference = randomUUID()
    expect(read({ reference })).toMatchObject({ search: { from: new Date(0), reference }, filters: ['reference'] })
  })

  test('it is recorded by what was searched, in the words of the program', () => {
    const [by, older] = [randomUUID(), randomUUID()]
    expect(read({ by, older, type: 'login.finished', client: 'portal' })).toMatchObject({ search: { by, older, type: 'login.finished', client: 'portal' }, filters: ['by', 'type', 'client', 'older'] })
  })

  test.each([
    [{ from: 'yesterday' }, 'from'], [{ to: '2026-13-01T00:00' }, 'to'], [{ from: '2026-11-02T07:00', to: '2026-11-01T07:00' }, 'from'],
    [{ client: 'có dấu' }, 'client'], [{ reference: 'ABCD2345' }, 'reference'],
  ])('%j is said to be wrong at its field', (typed, at) => {
    expect(read(typed)).toMatchObject({ faults: [{ field: at }] })
  })

  test('an address holds what was typed and nothing that was left empty', () => {
    expect(queryOf(typedSearch.parse({}))).toBe('')
    expect(queryOf(typedSearch.parse({ client: 'a b&c', from: '' }), { older: 'x' })).toBe('?client=a+b%26c&older=x')
  })
})

test('a table for spreadsheets computes nothing, keeps quotes and lines, and is UTF-8 to them', () => {
  const text = csv(['a', 'b'], [['=1+1', '+1'], ['-1', '@x'], ['\t=1', 'say "no"\r\n=1'], ['Đơn', '2026-11-26']])
  expect(text).toBe('\uFEFF"a","b"\r\n"\'=1+1","\'+1"\r\n"\'-1","\'@x"\r\n"\'\t=1","say ""no""\r\n=1"\r\n"Đơn","2026-11-26"\r\n')
})
