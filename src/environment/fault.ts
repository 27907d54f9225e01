import type { SettingName } from './settings.ts'

/** One thing that is wrong with the environment, as a person who runs servers needs to read it. */
export type Fault = { variable: string; problem: string; example: string }

/** Every fault as a line of its own: `PORT must be a whole number …, not "abc". Example: PORT=3000`. */
export function faultLines(faults: readonly Fault[]): readonly string[] {
  return faults.map(({ variable, problem, example }) =>
    `${variable} ${problem}${problem.endsWith('?') ? '' : '.'}${example === '' ? '' : ` Example: ${variable}=${example}`}`)
}

/** Real variables of other programs that happen to look like ours. `MAILDIR` is where mail readers keep mail. */
const strangers = new Set(['MAILDIR', 'PORTS'])

/**
 * Names in the environment that are nearly one of ours while ours is not set: `DATABSE_URL` would otherwise start the
 * embedded database without a word.
 */
export function misspelt(names: readonly string[], known: Readonly<Record<string, string>>): readonly Fault[] {
  const present = new Set(names)
  return names
    .filter((name) => !Object.hasOwn(known, name) && !strangers.has(name))
    .flatMap((name) => {
      const meant = Object.keys(known).find((ours) => !present.has(ours) && isNear(name, ours))
      return meant === undefined ? [] : [{ variable: name, problem: `is not known; did you mean ${meant}?`, example: '' }]
    })
}

/** One slip; names under five letters are too short to guess at. Two slips would take OpenSSL's `SSL_CERT_FILE` for one of ours. */
function isNear(name: string, ours: string): boolean {
  if (ours.length < 5 || Math.abs(name.length - ours.length) > 1) return false
  return distance(name.toUpperCase(), ours) <= 1
}

/** Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours. */
function distance(left: string, right: string): number {
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= left.length; row += 1) {
    const cells = [row]
    rows.push(cells)
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      cells.push(Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      ))
    }
  }
  return at(left.length, right.length)
}

/** Raw values by name; file variables hold their file's contents. */
export type Env = Partial<Record<SettingName, string | undefined>>

/** What several variables must keep together. */
export type Rule = { variable: SettingName; problem: string; broken: (env: Env) => boolean }
