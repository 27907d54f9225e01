import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, sector } from '#kernel/id.ts'
import { readOfficerFile } from '#domain/officer/file.ts'
import { manyColumns, repeated, roleOrEnd } from '#domain/officer/many.ts'
import type { RoleGrant } from '#domain/officer/role.ts'

const now = new Date('2026-11-26T05:00:00Z')
const account = accountId.parse(randomUUID())
const read = (text: string, most = 9) => readOfficerFile(text, { columns: manyColumns, most })

describe('a file of officers', () => {
  test.each([
    ['commas', 'number,role,desk\r\n001,support,"a ""b"", c"\r\n'],
    ['tabs, as a spreadsheet copies', 'number\trole\tdesk\n001\tsupport\t"a ""b"", c"'],
    ['semicolons, as a Vietnamese spreadsheet saves, with a mark in front', '\uFEFFnumber;role;desk\n\n001; support ;"a ""b"", c"\n;;\n'],
  ])('is read with %s', (_what, text) => {
    expect(read(text)).toMatchObject({ rows: [{ cells: { number: '001', role: 'support', desk: 'a "b", c' } }] })
  })

  test('tells the line on which each row begins, also after a cell of several lines', () => {
    expect(read('number,desk\n1,"a\nb"\n\n2,c')).toMatchObject({ rows: [{ line: 2 }, { line: 5 }] })
  })

  test.each([
    ['', { code: 'empty' }], ['number,role', { code: 'empty' }], ['number,role\n1,"a', { code: 'quote-broken' }], ['number,role\n1,"a"b', { code: 'quote-broken' }],
    ['number,role\n1,2\n1,2\n1,2', { code: 'too-many' }], ['001085012345,support\n1,2', { code: 'column-unknown', position: 1 }], ['number,number\n1,2', { code: 'column-unknown', position: 2 }],
    ['number,role\n1,2\n1', { code: 'cells', line: 3, count: 1, expected: 2 }],
  ])('is refused whole: %j', (text, fault) => {
    expect(read(text, 2)).toEqual({ fault })
  })
})

describe('a row of many roles', () => {
  const grant: RoleGrant = { id: randomUUID(), account, role: 'client-admin', sector: sector.parse('thue.example'), since: now, endsOn: '2027-01-31' }
  const known = { account, held: [grant], now }

  test('gives a role, and nothing where just that is in force', () => {
    expect(roleOrEnd({ number: '1', role: 'support', ends_on: '2027-01-31', end: '' }, known)).toEqual({ grant: { account, role: 'support', ends_on: '2027-01-31' } })
    expect(roleOrEnd({ number: '1', role: 'client-admin', sector: 'thue.example', ends_on: '2027-01-31' }, known)).toEqual({ nothing: true })
    expect(roleOrEnd({ number: '1', role: 'support', ends_on: '2020-01-31' }, known)).toEqual({ faults: [{ column: 'ends_on', code: 'ends-in-the-past' }] })
  })

  test('ends the one role in force that it speaks of', () => {
    expect(roleOrEnd({ role: 'client-admin', end: 'x' }, known)).toEqual({ end: { grant: grant.id, account, role: 'client-admin' } })
    const second = { ...grant, id: randomUUID(), sector: sector.parse('y-te.example') }
    expect(roleOrEnd({ role: 'client-admin', end: 'x' }, { ...known, held: [grant, second] })).toEqual({ faults: [{ column: 'end', code: 'several' }] })
    expect(roleOrEnd({ role: 'client-admin', sector: 'y-te.example', end: 'x' }, { ...known, held: [grant, second] })).toMatchObject({ end: { grant: second.id } })
    for (const held of [[], [{ ...grant, endedAt: now }], [{ ...grant, endsOn: '2026-11-25' }]]) expect(roleOrEnd({ role: 'client-admin', end: 'x' }, { ...known, held })).toEqual({ faults: [{ column: 'role', code: 'not-held' }] })
    expect(roleOrEnd({ role: 'client-admin', end: 'x' }, { account: undefined, held: [], now })).toEqual({ faults: [{ column: 'number', code: 'no-account' }] })
  })

  test('that says the same as one before is told', () => {
    const row = (line: number, role: string) => ({ line, cells: { number: '1', role } })
    expect(repeated([row(2, 'support'), row(3, 'analyst'), row(4, 'support')])).toEqual([4])
  })
})
