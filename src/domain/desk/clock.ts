import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { calendar, deskRules, type Biometrics, type Calendar, type ClockKind, type DeskRules, type Purpose } from './rules.ts'

/** The last day by which something has to be done: so many working days after that on which it came, which does not count (Civil Code Art 147.2, 148.5). */
export function dueOn(received: Day, workingDays: number, days: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): Day {
  let day = received
  for (let left = workingDays; left > 0;) {
    day = nextDay(day)
    if (isWorkingDay(day, days)) left -= 1
  }
  return day
}

/** The last day of so many days of the calendar; one that is off moves to the next working day (Civil Code Art 147.2, 148.5). */
export function dueAfter(received: Day, days: number, known: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): Day {
  let day = shifted(received, days * 86_400_000)
  while (!isWorkingDay(day, known)) day = nextDay(day)
  return day
}

/** Which clock runs: a longer one for a foreigner whose face and fingerprints have to be taken first (Decree 69/2024 Art 13; `config/desk.json`). */
export function clockOf(purpose: Purpose, known?: Biometrics): ClockKind {
  return purpose === 'level-2' && known === 'missing' ? 'biometrics-missing' : purpose
}

/**
 * By when an open application is due that is gone on with: as was promised; but where face and fingerprints turn out to be missing, by the clock that runs then,
 * from its beginning. Nobody is told a later day who was promised an earlier one for any other reason, nor an earlier one once it is later.
 */
export function dueGoingOn({ receivedAt, dueOn: promised, clock: before }: { receivedAt: Date; dueOn: Day; clock: ClockKind }, now: ClockKind, { clocks }: Pick<DeskRules, 'clocks'> = deskRules): Day {
  if (now !== 'biometrics-missing' || before === now) return promised
  const due = dueOn(dayInVietnam(receivedAt), clocks[now].workingDays)
  return due > promised ? due : promised
}

/** What was worked on last on this day or earlier has waited for more than so many working days by the beginning of today. */
export function lastDayOver(today: Day, workingDays: number, days: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): Day {
  let day = dayBefore(today)
  while (dueOn(day, workingDays, days) >= today) day = dayBefore(day)
  return day
}

export function isWorkingDay(day: Day, { weekdays, holidays }: Pick<Calendar, 'weekdays' | 'holidays'> = calendar): boolean {
  const weekday = new Date(`${day}T00:00Z`).getUTCDay() || 7
  return weekdays.includes(weekday) && !holidays.includes(day)
}

const shifted = (day: Day, milliseconds: number): Day => new Date(Date.parse(`${day}T00:00Z`) + milliseconds).toISOString().slice(0, 10)
const nextDay = (day: Day): Day => shifted(day, 86_400_000)
const dayBefore = (day: Day): Day => shifted(day, -86_400_000)
