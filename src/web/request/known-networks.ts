import type { Clock } from '#kernel/clock.ts'

/** So many at most: those that were seen longest ago are forgotten first. */
const most = 10_000
const milliseconds = 3_600_000

export type KnownNetworks = { note: (network: string) => void; has: (network: string) => boolean }

/** Networks in which a service has proved itself within the last hour. Of this process alone: another learns it with the first request. */
export function knownNetworks(clock: Clock): KnownNetworks {
  const until = new Map<string, number>()
  return {
    note(network) {
      until.delete(network)
      until.set(network, clock.now().getTime() + milliseconds)
      const [oldest] = until.keys()
      if (until.size > most && oldest !== undefined) until.delete(oldest)
    },
    has: (network) => (until.get(network) ?? 0) > clock.now().getTime(),
  }
}
