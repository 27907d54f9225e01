import type { FileFault } from '#domain/registry/csv.ts'

const advice: Readonly<Record<FileFault['code'], (columns: string) => string>> = {
  'not-utf8': () => 'it is not UTF-8 text; save it as CSV UTF-8',
  'no-header': () => 'it is empty; its first line must name the columns',
  'column-missing': () => 'a column is missing; every column must be there, and a cell may be empty',
  'column-unknown': (columns) => `its first line has a heading that is no column; compare it with ${columns}`,
  'column-repeated': () => 'its first line names a column twice',
  'quote-broken': () => 'a quotation mark is not closed, or stands in the middle of a cell; double it within quoted cells',
  'row-too-large': () => 'a row is longer than 65,536 characters; a quotation mark may be missing before it',
  'row-refused': () => 'a row was refused and --strict was given; correct the row, or import without --strict',
}

const where = (fault: FileFault): string => {
  if ('line' in fault) return `line ${fault.line}`
  if ('position' in fault) return `column ${fault.position}`
  return 'column' in fault ? `column ${fault.column}` : 'the file'
}

/** Why nothing of a file is in, and what to do; `columns` is the page of docs that names its columns. */
export function nothingImported(fault: FileFault, { columns }: { columns: string }): string {
  return `Nothing was imported. ${where(fault)}: ${advice[fault.code](columns)}.`
}
