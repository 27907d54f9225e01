/** Where "now" comes from. Rules take a time as a value; only acts with tools hold a clock. */
export type Clock = { now: () => Date }

export const systemClock: Clock = { now: () => new Date() }

/** Seconds that the clock of somebody else may be ahead of ours, or behind it (P08, P09): whose is further off is refused, and a node of ours takes no traffic (L05). */
export const clocksApart = 10

/** Whole seconds since 1970, the unit of JWT times (RFC 7519 §2 NumericDate). */
export function epochSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

const hanoi = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' })

/** A calendar day `YYYY-MM-DD`. */
export type Day = string

/** The calendar day in Viet Nam, where ages and expiries are counted (domain: Asia/Ho_Chi_Minh). */
export function dayInVietnam(at: Date): Day {
  return hanoi.format(at)
}

/** The moment at which a day begins in Viet Nam. */
export function startOfDay(day: Day): Date {
  return new Date(`${day}T00:00:00+07:00`)
}

/** `YYYY-MM-DDTHH:MM`, the time of day in Viet Nam, as a form has it (HTML §4.10.5.1.11); it has no summer time. */
export function momentInVietnam(at: Date): string {
  return new Date(at.getTime() + ahead).toISOString().slice(0, 16)
}

/** The moment that such a text names; `undefined` for any other. */
export function readMoment(text: string): Date | undefined {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) ? new Date(`${text}:00+07:00`) : undefined
  return at !== undefined && momentInVietnam(safe(at)) === text ? at : undefined
}

const ahead = 7 * 3_600_000
/** What names no moment comes out as one that no text names. */
const safe = (at: Date): Date => (Number.isNaN(at.getTime()) ? new Date(0) : at)

/** Completed years ("từ đủ") between a birth day and a day. Someone born on 29 February completes a year on 1 March. */
export function completedYears(born: Day, on: Day): number {
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4))
  return on.slice(5) < born.slice(5) ? years - 1 : years
}
