/** What is forgotten after one to two of these. */
const keptMilliseconds = 900_000
/** So many are remembered twice over; of more the older are forgotten. */
const most = 50_000

/** How often something is held against each party, within the last quarter of an hour at least. */
export function makeTimes() {
  let since = performance.now()
  let latest = new Map<string, number>()
  let before = new Map<string, number>()

  const of = (party: string): number => (latest.get(party) ?? 0) + (before.get(party) ?? 0)

  function forget(): void {
    const age = performance.now() - since
    if (age < keptMilliseconds && latest.size < most) return
    before = age < 2 * keptMilliseconds ? latest : new Map<string, number>()
    latest = new Map<string, number>()
    since = performance.now()
  }

  return {
    note(party: string): void {
      forget()
      latest.set(party, (latest.get(party) ?? 0) + 1)
    },
    /** Once less. */
    forgive(party: string): void {
      const left = of(party) - 1
      before.delete(party)
      if (left > 0) latest.set(party, left)
      else latest.delete(party)
    },
    of,
  }
}
