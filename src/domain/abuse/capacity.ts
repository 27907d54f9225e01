/** Nobody waits longer for the processor than this, in milliseconds. */
const longestAhead = 150
const [fewest, most] = [32, 512]
/** Until something has been measured. */
export const firstPlaces = 64

/** How many places there are where one request takes so many milliseconds of the processor: as many as are worked off within the time that is bearable. */
export function placesFor(millisecondsEach: number): number {
  return Math.min(most, Math.max(fewest, Math.round(longestAhead / millisecondsEach)))
}

/** What it costs to turn somebody away, or to tell them their place in the line, in requests that are served (docs/bench.md). */
const refusalCost = 0.25

/**
 * What the processor has done, in requests that are served. Turning away is never more than a third of it: the cheaper a refusal is the more of them anybody can
 * ask for, and were each counted in full, a flood of them would make requests look cheap and the places many, each of which then waits for all the others.
 */
export function workDone({ served, turnedAway }: Readonly<{ served: number; turnedAway: number }>): number {
  return served + Math.min(refusalCost * turnedAway, served / 2)
}

/** A whole sign-in asks so many times. */
export const requestsEach = 8

/** What so many places work off: requests a second, and whole sign-ins. */
export function requestsPerSecond(places: number): number {
  return (places * 1000) / longestAhead
}

export function signInsPerSecond(places: number): number {
  return requestsPerSecond(places) / requestsEach
}
