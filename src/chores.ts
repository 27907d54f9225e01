import { endRepresentations } from '#domain/acting/upkeep.ts'
import { daysKept } from '#domain/audit/told-problem.ts'
import { warnOfKeys } from '#domain/connection/key-warning.ts'
import { tellOverdue } from '#domain/connection/overdue.ts'
import { remindAll } from '#domain/connection/reminder.ts'
import { keepDesksGoing } from '#domain/desk/upkeep.ts'
import type { RelyingParty } from '#domain/passkey/passkey.ts'
import { tellAltered } from '#domain/proposal/watch.ts'
import { tellOldKeys } from '#domain/signing-key/age.ts'
import { daysWatched } from '#domain/signing-key/watch.ts'
import type { Chores } from '#storage/jobs/chores.ts'
import type { House } from './house.ts'
import { heldOf } from './signing.ts'

/**
 * Everything that is done by the clock, by its name, and at which of the hours (`storage/jobs/prepare.ts`): five minutes, just after midnight in
 * Viet Nam, or an hour. A chore that stands in none of them is done by nobody, and a test looks for such.
 */
export function choresOf(house: House, rp: Pick<RelyingParty, 'id' | 'origin'>) {
  const { statistics, health, answerTimes, accounts, organisations, toldProblems, keySetWatch, clock } = house
  const before = (kept: number) => new Date(clock.now().getTime() - kept)
  return {
    papers: {
      'deaths': () => accounts.followDeaths(clock.now()),
      'papers of accounts': () => accounts.followPapers(clock.now()),
      'papers that end soon': () => accounts.remindOfPapers(clock.now()),
      'organisations': () => organisations.follow(clock.now()),
      'days of courts': () => accounts.followCourts(clock.now()),
      'representations': () => endRepresentations(house),
    },
    reminders: {
      'what ends of services': () => remindAll(house),
      'keys nobody fetched': () => warnOfKeys(house),
      'requests to connect': () => tellOverdue(house),
      'ages of keys': () => tellOldKeys(house, heldOf(house.keyring.signing)),
      'altered approvals': () => tellAltered({ ...house, rp }),
      'desks': () => keepDesksGoing(house),
    },
    statistics: {
      'counts': () => statistics.refresh(clock.now()),
      'old faults': () => health.sweep(before(faultsKeptMilliseconds)),
      'old answer times': () => answerTimes.sweep(before(timesKeptMilliseconds)),
      'old problems': () => toldProblems.sweep(before(daysKept * 86_400_000)),
      'old addresses': () => keySetWatch.sweep(before(daysWatched * 86_400_000)),
    },
  } satisfies Chores
}

/** Longer than anybody looks back. */
const faultsKeptMilliseconds = 35 * 86_400_000
const timesKeptMilliseconds = 86_400_000
