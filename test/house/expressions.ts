import { code, type Source } from './source.ts'

/** A regular expression as it stands in a file: after what no division comes after. Of texts that look like one some are taken for one, which costs a moment. */
const literal = /(?<=(?:^|[(=,:[!?&|>{;]|\breturn)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/gm

export function expressionsIn(source: Source): readonly RegExp[] {
  return [...code(source).matchAll(literal)].flatMap(([, body = '', flags = '']) => compiled(body, flags) ?? [])
}

function compiled(body: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(body, flags)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** What senders repeat, and how they begin and end it so that nothing matches. */
const pieces = ['a', 'A', '0', ' ', '\t', '\n', '-', '_', '.', ',', '/', ':', ';', '=', '"', '\'', '<', '(', '@', '%', '&', '?', '\\', 'é', '\u0300', 'a ', 'a.', 'a-', 'a,', ', ', ' ,', '1.', 'a/', 'a//', 'a=', 'a@', '0,', '<a', '\r\n', 'a\n']
const endings = ['', '\u0001', '!x']
const beginnings = ['', 'x']

/** Milliseconds; where time grows with the square of the length the one is four hundred times the other and more, else sixteen times. */
const [short, long] = [{ length: 2000, suspicious: 0.5, endless: 10 }, { length: 32_000, slow: 150 }]

const tries = pieces.flatMap((piece) => beginnings.flatMap((beginning) => endings.map((ending) => ({ piece, beginning, ending }))))

/** What keeps the one thread busy for longer than it may, of all that is tried (CWE-1333). */
export function slowOn(expression: RegExp): string | undefined {
  const found = tries.find(({ piece, beginning, ending }) => {
    const made = (length: number) => beginning + piece.repeat(length / piece.length) + ending
    // First in short, for what takes exponential time never ends in long.
    if (quickest(expression, made(24)) > short.endless) return true
    return quickest(expression, made(short.length)) > short.suspicious && quickest(expression, made(long.length)) > long.slow
  })
  return found && JSON.stringify(`${found.beginning}${found.piece}…${found.ending}`)
}

/** Of three tries, for others use this machine too. */
function quickest(expression: RegExp, text: string): number {
  return Math.min(...Array.from({ length: 3 }, () => {
    const began = performance.now()
    text.replace(expression, '')
    return performance.now() - began
  }))
}
