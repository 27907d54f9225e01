/**
 * A line that says how far long work is, rewritten in place; only for a person who watches, so it goes to stderr and only
 * when that is a terminal. `end` clears it.
 */
export function progressLine(label: string): { at: (done: number) => void; end: () => void } {
  const { stderr } = process
  let told = 0
  return {
    at(done) {
      if (!stderr.isTTY || Date.now() - told < 100) return
      told = Date.now()
      stderr.write(`\r${label}: ${done.toLocaleString('en')}\u001b[K`)
    },
    end() {
      if (stderr.isTTY && told > 0) stderr.write('\r\u001b[K')
    },
  }
}
