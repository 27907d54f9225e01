/** What is forgotten after one to two of these. */
const keptMilliseconds = 900_000

/** How often each was let in while others waited, within the last quarter of an hour at least. */
export function makeTimes() {
  let since = performance.now()
  let latest = new Map<string, number>()
  let before = new Map<string, number>()

  function forget(): void {
    const age = performance.now() - since
    if (age < keptMilliseconds) return
    before = age < 2 * keptMilliseconds ? latest : new Map<string, number>()
    latest = new Map<string, number>()
    since = performance.now()
  }

  return {
    note(shown: string): void {
      forget()
      latest.set(shown, (latest.get(shown) ?? 0) + 1)
    },
    of: (shown: string): number => (latest.get(shown) ?? 0) + (before.get(shown) ?? 0),
  }
}
