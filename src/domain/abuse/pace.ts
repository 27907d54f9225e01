import { signInsPerSecond } from './capacity.ts'
import { longestLook, soonLook } from './line.ts'

/** As many people are called from the line in a second as come in then, and no more than so many. */
const quickest = 5000

/**
 * Of those who were called and of what they do afterwards, within one second and from one site: how many people came to the gate (sign-ins and
 * numbers of the line; who shows neither is one with their network), and how many of them were refused there, however often each was.
 */
export type FromSite = Readonly<{ people: number; refused: number }>

/** Never fewer than this are called, however hard it goes: a tenth of what the places work off. */
export function leastPace(places: number): number {
  return Math.max(1, Math.floor(signInsPerSecond(places) / 10))
}

const fewestAtFirst = 10

/** While nothing is known of how it goes, three quarters of what the places work off: a line that begins far below that holds up thousands for nothing. */
export function firstPace(places: number): number {
  return Math.max(fewestAtFirst, Math.floor(0.75 * signInsPerSecond(places)))
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

/** How many are called in a second, and for how many more seconds nothing is heard of that. */
export type Pace = Readonly<{ perSecond: number; unheard: number }>

/** `came`: of each site in the last second; `isUsed`: whether as many come as are called. */
type Heard = Readonly<{ came: readonly FromSite[]; isUsed: boolean; places: number }>

/**
 * The pace of the next second, by what the last one was like: a twentieth more, of the pace or of what the places work off, or a fifth less where more than a few of all who
 * came were refused (additive increase, multiplicative decrease: Chiu and Jain 1989). It is judged by a share, for a number of refusals says
 * nothing without the number of those who came. Whoever is called looks again some seconds later, so what is heard within these is of
 * the pace before: it slows nobody once more. And a pace at which nobody came yet has shown nothing: it does not grow (RFC 7661 §4.3).
 */
export function nextPace({ perSecond, unheard }: Pace, { came, isUsed, places }: Heard): Pace {
  const least = leastPace(places)
  if (wasTooMuch(came)) return unheard > 0 ? { perSecond, unheard: unheard - 1 } : { perSecond: Math.max(least, Math.floor(perSecond * 0.8)), unheard: soonLook }
  const more = isUsed ? Math.ceil(Math.max(least / 2, perSecond / 20)) : 0
  return { perSecond: Math.min(quickest, Math.max(least, perSecond + more)), unheard: Math.max(0, unheard - 1) }
}

/** What happened in a second: how many were called, and how many of those called before came for the first time. */
export type Second = Readonly<{ called: number; came: number }>

/** Whether those who are called at this pace come, nearly all, by the last seconds. */
export function isUsed({ perSecond }: Pace, latest: readonly Second[]): boolean {
  const came = latest.slice(-soonLook).reduce((sum, second) => sum + second.came, 0)
  return came >= 0.8 * perSecond * soonLook
}

/** Seconds after which those who were called have looked again, and over how many it is counted. */
const [lookSeconds, countedSeconds] = [longestLook + soonLook, 20]
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
