/** What a spreadsheet would take for a formula, and run (CWE-1236; OWASP CSV Injection). */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

function cell(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value)
  const text = value ?? ''
  const harmless = formula.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}

/**
 * A table as a file (RFC 4180). It begins with the mark by which spreadsheets know UTF-8, for without it they break Vietnamese; a text
 * that a spreadsheet would run gets an apostrophe in front.
 */
export function csv(head: readonly string[], rows: readonly (readonly (string | number | undefined)[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}
