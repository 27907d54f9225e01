import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { csv } from '#web/answer/csv.ts'
import { around, queryOf, readSearch, typedSearch } from '#web/admin/audit-search.ts'
import { textsOf } from '#web/i18n/language.ts'

const now = new Date('2026-11-26T05:00:00Z')
const officer = accountId.parse(randomUUID())
const read = (typed: Record<string, string>) => readSearch(typedSearch.parse(typed), [{ account: officer }], { t: textsOf('vi').audit, now })

describe('a search as it is typed', () => {
  test('nothing typed is the last 24 hours', () => {
    expect(read({})).toEqual({ search: { from: new Date('2026-11-25T05:00:00Z'), to: now, oldestFirst: false }, told: undefined, filters: [], sought: {} })
  })

  test('times are those of Viet Nam, and a day before the end where only that is given', () => {
    expect(read({ from: '2026-11-01T07:00', to: '2026-11-02T07:00' })).toMatchObject({ search: { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-02T00:00:00Z') }, filters: ['time'] })
    expect(read({ to: '2026-11-02T07:00' })).toMatchObject({ search: { from: new Date('2026-11-01T00:00:00Z') } })
  })

  test('an event that is called by its number is found whenever it was', () => {
    const reference = randomUUID()
    expect(read({ reference })).toMatchObject({ search: { from: new Date(0), reference }, filters: ['reference'] })
  })

  test('it is recorded by what and for what was searched, in the words of the program', () => {
    const older = randomUUID()
    const sought = { by: officer, type: 'login.finished', client: 'portal' }
    expect(read({ ...sought, older })).toMatchObject({ search: { ...sought, older }, filters: ['by', 'type', 'client', 'older'], sought })
  })

  test('S09: a reference of an error page is one however it was read out', () => {
    for (const reference of ['7F3K-29QD', ' 7f3k 29qd', '7f3k29qd', '７Ｆ３Ｋ－２９ＱＤ', '7F3K – 29QD']) expect(read({ reference })).toMatchObject({ told: '7F3K-29QD', sought: { reference: '7F3K-29QD' } })
    expect(around({ reference: '7F3K-29QD', at: new Date('2026-11-25T20:01:00Z'), problem: 'internal', place: '', client: 'portal' })).toBe('?from=2026-11-26T02%3A59%3A00&to=2026-11-26T03%3A03%3A00&client=portal')
  })

  test('A04: nobody but an officer is asked for by name', () => {
    expect(read({ by: randomUUID() })).toMatchObject({ faults: [{ field: 'by', message: expect.stringContaining('không phải cán bộ') }] })
  })

  test.each([
    [{ from: 'yesterday' }, 'from'], [{ to: '2026-13-01T00:00' }, 'to'], [{ from: '2026-11-02T07:00', to: '2026-11-01T07:00' }, 'from'],
    [{ from: '0001-01-01T00:00' }, 'from'], [{ to: '0001-01-01T00:00' }, 'to'], [{ from: '1970-01-01T06:59' }, 'from'], [{ from: '2026-01-01T00:00\0' }, 'from'],
    [{ type: 'login\0finished' }, 'type'], [{ type: 'no.such' }, 'type'], [{ type: 'toString' }, 'type'], [{ by: '\0' }, 'by'], [{ client: 'a\0b' }, 'client'],
    [{ client: 'có dấu' }, 'client'], [{ reference: 'ABCD234' }, 'reference'],
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
