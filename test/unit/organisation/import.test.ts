import { describe, expect, test } from 'vitest'
import { importOrganisations, organisationsAsCsv, type OrganisationFault } from '#domain/organisation/import.ts'
import type { Organisation } from '#domain/organisation/organisation.ts'
import { syntheticOrganisations } from '#domain/organisation/synthetic.ts'

async function* file(text: string) {
  yield Buffer.from(text)
}

async function read(text: string) {
  const taken: Organisation[] = []
  const faults: OrganisationFault[] = []
  const importAll = async (batches: AsyncIterable<readonly Organisation[]>) => {
    for await (const batch of batches) taken.push(...batch)
    return { inserted: taken.length, replaced: 0 }
  }
  const outcome = await importOrganisations({ organisations: { importAll } }, file(text), (fault) => void faults.push(fault))
  return { outcome, taken, faults }
}

const header = 'code,name,foreign_name,tax_code,address,state,representatives,version,confirmed_at'
const row = (changes: Readonly<Record<string, string>> = {}) =>
  Object.values({ code: '0101234567', name: 'Công ty TNHH An Khang', foreign: '', tax: '', address: '', state: 'operating', representatives: '[]', version: '1', at: '2026-11-01T00:00:00Z', ...changes }).join(',')

describe('a file of organisations', () => {
  test('that was written is read back as it was, and the same wish makes the same ones', async () => {
    const wish = { organisations: 40, people: 200, seed: 'tests' }
    const made = [...syntheticOrganisations(wish)]
    const without = (all: readonly Organisation[]) => all.map(({ id: _id, ...rest }) => rest)
    expect(without([...syntheticOrganisations(wish)])).toEqual(without(made))
    expect(made.every(({ representatives }) => representatives.length > 0)).toBe(true)
    const { taken, outcome } = await read([...organisationsAsCsv(made)].join(''))
    expect(without(taken)).toEqual(JSON.parse(JSON.stringify(without(made))))
    expect(outcome).toMatchObject({ is: 'imported', report: { read: 40, refused: 0, inserted: 40 } })
  })

  test('tells each faulty row by line and column and repeats nothing of it; the others are in', async () => {
    const twice = '"[{""number"":""079185000001"",""name"":""A"",""since"":""2020-01-01""},{""number"":""079185000001"",""name"":""B"",""since"":""2020-01-01""}]"'
    const { faults, taken, outcome } = await read([
      header, row(), row({ code: '12' }), row({ code: '' }), row({ code: '0101234568', state: 'sleeping' }), row({ code: '0101234569', representatives: 'x' }), row(),
      row({ code: '0101234570', version: '' }), row({ code: '0101234571', at: 'yesterday' }), row({ code: '0101234572', representatives: twice }), '1,2',
    ].join('\n'))
    expect(faults).toEqual([
      { line: 3, column: 'code', code: 'malformed' }, { line: 4, column: 'code', code: 'missing' }, { line: 5, column: 'state', code: 'malformed' }, { line: 6, column: 'representatives', code: 'not-json' },
      { line: 7, column: 'code', code: 'code-repeated' }, { line: 8, column: 'version', code: 'missing' }, { line: 9, column: 'confirmed_at', code: 'malformed' },
      { line: 10, column: 'representatives', code: 'number-repeated' }, { line: 11, column: 'code', code: 'cells' },
    ])
    expect(taken).toHaveLength(1)
    expect(outcome).toMatchObject({ is: 'imported', report: { read: 10, refused: 9 } })
  })

  test('of people, or without a column, brings nothing in', async () => {
    expect((await read('kind,name\ncitizen,A')).outcome).toMatchObject({ is: 'nothing', fault: { code: 'column-unknown' } })
    expect((await read('code,name\n1,A')).outcome).toMatchObject({ is: 'nothing', fault: { code: 'column-missing' } })
  })
})
