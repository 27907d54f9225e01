/** What makes a whole file unusable. `position` counts the columns from 1; a heading itself is not told, for without a header it would be somebody's name. */
export type OfficerFileFault =
  | { code: 'quote-broken' | 'empty' | 'too-many' }
  | { code: 'column-unknown'; position: number }
  | { code: 'cells'; line: number; count: number; expected: number }

/** The rows of a file of officers, each with its line; the first line names the columns. */
export function readOfficerFile<Column extends string>(text: string, { columns, most }: { columns: readonly Column[]; most: number }): { rows: readonly { line: number; cells: Readonly<Partial<Record<Column, string>>> }[] } | { fault: OfficerFileFault } {
  const records = recordsOf(text.replace(/^\uFEFF/, ''))
  if (records === undefined) return { fault: { code: 'quote-broken' } }
  const [header, ...rows] = records
  if (header === undefined || rows.length === 0) return { fault: { code: 'empty' } }
  const names = header.cells.map((name) => columns.find((column) => column === name.trim()))
  const unknown = names.findIndex((name, at) => name === undefined || names.indexOf(name) !== at)
  if (unknown >= 0) return { fault: { code: 'column-unknown', position: unknown + 1 } }
  if (rows.length > most) return { fault: { code: 'too-many' } }
  const uneven = rows.find(({ cells }) => cells.length !== names.length)
  if (uneven !== undefined) return { fault: { code: 'cells', line: uneven.line, count: uneven.cells.length, expected: names.length } }
  return { rows: rows.map(({ line, cells }) => ({ line, cells: rowOf(names, cells) })) }
}

function rowOf<Column extends string>(names: readonly (Column | undefined)[], cells: readonly string[]): Readonly<Partial<Record<Column, string>>> {
  const row: Partial<Record<Column, string>> = {}
  for (const [at, name] of names.entries()) if (name !== undefined) row[name] = (cells[at] ?? '').trim().normalize('NFC')
  return row
}

type Line = { line: number; cells: readonly string[] }

/**
 * The cells of a CSV text (RFC 4180), each record with the line on which it begins, empty lines left out; nothing where a quotation mark is not closed.
 * What spreadsheets put between cells counts too: a tab where somebody copies, a semicolon where the comma is in numbers.
 */
function recordsOf(text: string): readonly Line[] | undefined {
  const [heading = ''] = text.split(/\r|\n/, 1)
  const between = heading.includes('\t') ? '\t' : heading.includes(';') ? ';' : ','
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"${between}\r\n]*)(${between}|\r\n|\n|\r|$)`, 'y')
  const records: Line[] = []
  let [line, cells]: [number, string[]] = [1, []]
  let begins = line
  while (cell.lastIndex < text.length || cells.length > 0) {
    const found = cell.exec(text)
    if (found === null) return undefined
    const [, value = '', end = ''] = found
    cells.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value)
    line += value.split(/\r\n|\n|\r/).length - 1
    if (end === between) continue
    if (cells.some((one) => one.trim() !== '')) records.push({ line: begins, cells })
    line += end === '' ? 0 : 1
    ;[begins, cells] = [line, []]
  }
  return records
}
