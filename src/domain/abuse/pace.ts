/** How many people are called from the line in a second, so that as many come as the server can take, and no more. */
export const firstPace = 10
const quickest = 5000

/** A whole sign-in asks so many times. */
const requestsEach = 8
/** Of what the places work off, the part that people in the line get however hard it goes. */
const leastShare = 0.1

/** `milliseconds`: for how long one request keeps its place, as it was measured; nothing was, at first. */
export type Room = Readonly<{ places: number; milliseconds: number | undefined }>

/**
 * Of those who were called and of what they do afterwards, within one second and from one site: how many people came to the gate (sign-ins and
 * numbers of the line; who shows neither is one with their network), and how many of them were refused there, however often each was.
 */
export type FromSite = Readonly<{ people: number; refused: number }>

/** Never fewer than this are called: a tenth of what the places work off (Little's law), in whole sign-ins. */
export function leastPace({ places, milliseconds }: Room): number {
  if (milliseconds === undefined) return 1
  return Math.max(1, Math.floor((leastShare * places * 1000) / Math.max(milliseconds, 1) / requestsEach))
}

/** Refusals that are chance: one, or so many of all who came. */
const bearable = 0.05
/** Of fewer nobody can say which is the crowd and which is one that floods. */
const sitesThatTell = 4

/**
 * Whether more than a few found no place. Each site has one voice, so that neither who sends much nor who has kept many sign-ins makes it look
 * fuller, or emptier, than it is for the others; and what happens to one site alone is of its own making.
 */
function wasTooMuch(came: readonly FromSite[]): boolean {
  const refused = came.reduce((sum, site) => sum + site.refused, 0)
  const voices = came.reduce((sum, site) => sum + site.refused / site.people, 0)
  const isOneAlone = came.length >= sitesThatTell && came.filter((site) => site.refused > 0).length === 1
  return refused > 1 && !isOneAlone && voices > bearable * came.length
}

/**
 * The pace of the next second, by what the last one was like: a tenth of the room more, or a third less where more than a few of all who
 * came were refused (additive increase, multiplicative decrease: Chiu and Jain 1989). It is judged by a share, for a number of refusals says
 * nothing without the number of those who came; and from the least pace all the room is reached again in ten seconds.
 */
export function nextPace(pace: number, came: readonly FromSite[], room: Room): number {
  const least = leastPace(room)
  return Math.min(quickest, wasTooMuch(came) ? Math.max(least, Math.floor(pace * 0.7)) : pace + least)
}

/** What happened in a second: how many were called, and how many of those called before came for the first time. */
export type Second = Readonly<{ called: number; came: number }>

/** Seconds after which those who were called have looked again, most of them; and over how many it is counted. */
const [lookSeconds, countedSeconds] = [5, 20]
export const rememberedSeconds = lookSeconds + countedSeconds
/** Fewer say nothing. */
const tellingCount = 20
const fewestWhoCome = 0.1

/**
 * Which part of those who are called come. Whoever has gone away, or took a number for nothing, is not to slow those who wait: for ten who
 * are called and one who comes, ten times as many are called. Not more than that, or all that come back at once would find no room.
 */
export function partWhoCome(latest: readonly Second[]): number {
  const called = latest.slice(0, -lookSeconds).reduce((sum, second) => sum + second.called, 0)
  const came = latest.slice(-countedSeconds).reduce((sum, second) => sum + second.came, 0)
  return called < tellingCount ? 1 : Math.min(1, Math.max(fewestWhoCome, came / called))
}
