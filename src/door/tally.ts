import type { Sender } from '#domain/abuse/fairness.ts'
import { siteOf } from '#domain/abuse/network.ts'
import type { FromSite } from '#domain/abuse/pace.ts'

/** Where nobody waits nobody asks, and nothing is kept for longer than this. */
const keptMilliseconds = 2000

/** Who came to the gate since this was last asked, and who of them was refused: each person once, however often they came. */
export function makeTally() {
  let sites = new Map<string, Map<string, 'came' | 'refused'>>()
  let since = performance.now()

  function note({ network, shown = network }: Sender, what: 'came' | 'refused'): void {
    if (performance.now() - since > keptMilliseconds) take()
    const site = siteOf(network)
    const people = sites.get(site) ?? new Map<string, 'came' | 'refused'>()
    if (what === 'refused' || !people.has(shown)) people.set(shown, what)
    sites.set(site, people)
  }

  function take(): readonly FromSite[] {
    const came = [...sites.values()].map((people) => ({ people: people.size, refused: [...people.values()].filter((what) => what === 'refused').length }))
    sites = new Map()
    since = performance.now()
    return came
  }

  return {
    came: (from: Sender): void => note(from, 'came'),
    refused: (from: Sender): void => note(from, 'refused'),
    take,
  }
}
