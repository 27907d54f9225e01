import { describe, expect, test } from 'vitest'
import { columns, readRow, writeRow } from '#domain/registry/columns.ts'
import { csvLine } from '#domain/registry/csv.ts'
import { importFile, toCsv } from '#domain/registry/import.ts'
import type { ImportOptions, RowFault } from '#domain/registry/import.ts'
import type { Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'

const today = '2026-11-22'
const header = csvLine(columns.map(({ name }) => name))
const population = [...people({ people: 30, seed: 'rows' })]

/** A registry that keeps what an import brings, and forgets it when the import fails, as a transaction would. */
function memory() {
  const kept: Person[] = []
  return {
    kept,
    importAll: async (persons: AsyncIterable<readonly Person[]>) => {
      const arriving: Person[] = []
      for await (const batch of persons) arriving.push(...batch)
      kept.push(...arriving)
      return { inserted: arriving.length, replaced: 0 }
    },
  }
}

async function* pieces(file: string | Uint8Array, size = 7) {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function run(file: string | Uint8Array, options: Partial<ImportOptions> = {}) {
  const registry = memory()
  const told: RowFault[] = []
  const outcome = await importFile({ registry }, pieces(file), { today, tell: (fault) => told.push(fault), ...options })
  return { outcome, told, kept: registry.kept }
}

const cells = population.slice(0, 1).flatMap(writeRow)
const row = (changes: Record<string, string> = {}) => csvLine(columns.map(({ name }, at) => changes[name] ?? cells[at] ?? ''))

describe('a row', () => {
  test('reads back as the person it was written from, but for the id', () => {
    for (const person of population) {
      const written = writeRow(person)
      const read = readRow(Object.fromEntries(columns.map(({ name }, at) => [name, written[at] ?? ''])))
      expect(read).toEqual({ person: { ...person, id: expect.any(String) } })
    }
  })

  test('has a column for each of the fields of a person, the id excepted', () => {
    expect(columns.length).toBe(32)
    expect(new Set(columns.map(({ field }) => field)).size).toBe(32)
  })
})

describe('a file', () => {
  test('brings everybody in, with line breaks, quotes and a byte order mark where they may be', async () => {
    const odd = row({ temporary_absence: 'một "hai"\r\nba, bốn' })
    const { outcome, kept, told } = await run(`\ufeff${header.replace('\n', '\r\n')}${odd}`)
    expect(outcome).toEqual({ is: 'imported', report: { read: 1, accepted: 1, refused: 0, inserted: 1, replaced: 0, unchanged: 0, faults: {} } })
    expect(kept[0]?.temporaryAbsence).toBe('một "hai"\r\nba, bốn')
    expect(told).toEqual([])
  })

  test('has its columns in any order', async () => {
    const turned = [columns.map(({ name }) => name).toReversed(), cells.toReversed()].map(csvLine).join('')
    expect((await run(turned)).outcome.is).toBe('imported')
  })

  test('from before a court\'s decisions were in it says nothing about them; an empty cell says that there is none', async () => {
    const guardianship = '{"ground":"capacity-lost","since":"2026-01-02"}'
    const older = (text: string) => text.replace(/,[^,]*,[^,]*\n$/, '\n')
    expect((await run(older(header) + older(row()))).kept[0]).not.toHaveProperty('guardianship')
    expect((await run(older(header) + older(row()))).kept[0]).not.toHaveProperty('passport')
    expect((await run(header + row())).kept[0]).toHaveProperty('guardianship', null)
    expect((await run(header + row({ guardianship }))).kept[0]?.guardianship).toEqual({ ground: 'capacity-lost', since: '2026-01-02' })
  })

  test('of a header alone brings nobody in', async () => {
    expect((await run(header)).outcome).toMatchObject({ is: 'imported', report: { read: 0 } })
  })

  test('tells every refused row by line, column and code, and takes the others', async () => {
    const lines = [
      row({ temporary_absence: 'hai\ndòng' }),
      row({ number: '079303001' }),
      row({ number: '079303001235', name: '', phones: '["0912"]', card: '{nope' }),
      row({ number: '079303001236', life: '{"status":"deceased","on":"2030-01-01"}' }),
      'too,few,cells\n',
      row({ number: '079303001237' }),
    ]
    const { outcome, told, kept } = await run(header + lines.join(''))
    expect(outcome).toMatchObject({ is: 'imported', report: { read: 6, accepted: 2, refused: 4 } })
    expect(kept).toHaveLength(2)
    expect(told.filter(({ stops }) => stops).map(({ line, column, code }) => `${line} ${column} ${code}`)).toEqual([
      '4 number malformed', '5 card not-json', '5 name missing', '5 phones malformed', '6 life died-in-future', '7 kind cells',
    ])
  })

  test('is warned about what is odd but usable', async () => {
    const { outcome, told } = await run(header + row({ number: '003999001234' }))
    expect(outcome.report).toMatchObject({ accepted: 1, faults: { 'number-prefix-unknown': 1, 'number-contradicts': 1 } })
    expect(told.every(({ stops }) => !stops)).toBe(true)
  })

  test('has each number once, current or former; the first row keeps it', async () => {
    const former = JSON.stringify([{ number: '079303001234', cancelledOn: '2020-01-01', reason: 'x' }])
    const lines = [row({ number: '079303001234', name: '' }), row({ number: '079303001234' }), row({ number: '079303001234' }),
      row({ number: '079303001299', former_numbers: former }),
      row({ number: '079303001300', former_numbers: former.replace('1234', '1235') }), row({ number: '079303001235' })]
    const { told, kept } = await run(header + lines.join(''))
    expect(told.filter(({ code }) => code === 'number-repeated').map(({ line, column }) => `${line} ${column}`))
      .toEqual(['4 number', '5 former_numbers', '7 number'])
    expect(kept).toHaveLength(2)
  })

  test('leaves a cell empty where there is no value: nobody related, no contact, and alive', async () => {
    const bare = { former_numbers: '', relations: '', household: '', life: '', phones: '', emails: '', other: '', card: '', religion: '' }
    const { kept } = await run(header + row(bare))
    expect(kept[0]).toMatchObject({ life: { status: 'alive' }, formerNumbers: [], relations: [], household: [], phones: [], emails: [], other: {} })
    expect(kept[0]).not.toHaveProperty('card')
    expect(kept[0]).not.toHaveProperty('religion')
  })

  test('never repeats in its report what is written in it', async () => {
    const { outcome, told } = await run(header + row({ name: 'CANARY1', number: 'CANARY2', card: 'CANARY3', phones: '["CANARY4"]', sex: 'CANARY5' }))
    expect(JSON.stringify([outcome, told])).not.toContain('CANARY')
    const headless = await run('CANARY,CANARY\n')
    expect(JSON.stringify(headless.outcome)).not.toContain('CANARY')
  })
})

describe('a broken file brings nobody in', () => {
  const good = row()
  const bytes = (...parts: readonly (string | readonly number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))))

  test.each([
    ['empty', '', { code: 'no-header' }],
    ['not UTF-8', bytes(header, good, [0x4e, 0xe9, 0x0a]), { code: 'not-utf8' }],
    ['cut in the middle of a letter', bytes(header, good, [0xe1, 0xba]), { code: 'not-utf8' }],
    ['UTF-16', Buffer.from(`\ufeff${header}`, 'utf16le'), { code: 'not-utf8' }],
    ['without a header', good, { code: 'column-unknown', position: 1 }],
    ['a column too many', header.replace('\n', ',note\n') + good, { code: 'column-unknown', position: 33 }],
    ['a column twice', header.replace('\n', ',name\n') + good, { code: 'column-repeated', position: 33 }],
    ['a column too few', header.replace('phones,', '') + good, { code: 'column-missing', column: 'phones' }],
    ['a quote that is never closed', `${header}${good}"citizen,`, { code: 'quote-broken', line: 3 }],
    ['a quote in the middle', `${header}${good}"citizen"x,`, { code: 'quote-broken', line: 3 }],
    ['a row that does not end', `${header}${good}${'x'.repeat(200_000)}`, { code: 'row-too-large', line: 3 }],
    ['a cell that does not end', `${header}${good}"${'x\n'.repeat(100_000)}`, { code: 'row-too-large', line: expect.any(Number) }],
  ])('%s', async (_what, file, fault) => {
    const { outcome, kept } = await run(file)
    expect(outcome).toMatchObject({ is: 'nothing', fault })
    expect(kept).toEqual([])
  })

  test('one with a refused row, when strict', async () => {
    const { outcome, kept } = await run(header + good + row({ number: 'x' }) + row({ number: '079303001299' }), { strict: true })
    expect(outcome).toMatchObject({ is: 'nothing', fault: { code: 'row-refused', line: 3 }, report: { read: 2, inserted: 0 } })
    expect(kept).toEqual([])
  })
})

test('an error of the store is not taken for a fault of the file', async () => {
  const registry = { importAll: () => Promise.reject(new Error('down')) }
  await expect(importFile({ registry }, pieces(header), { today })).rejects.toThrow('down')
})

test('progress is heard every 500 rows', async () => {
  const heard: number[] = []
  const file = [...toCsv(people({ people: 1200, seed: 3 }))].join('')
  await importFile({ registry: memory() }, pieces(file, 65_536), { today, progress: (read) => heard.push(read) })
  expect(heard).toEqual([500, 1000])
})
