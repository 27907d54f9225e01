import type { AccountId } from '#kernel/id.ts'
import type { ChipReason } from '#domain/chip/reason.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Application } from './application.ts'
import { isDoubtful, issueOf, standingDoubts, type Doubt } from './doubt.ts'
import type { DeskFault } from './fault.ts'
import { provenBy } from './proofing.ts'
import type { Heard, ReaderStore } from './reader.ts'
import { deskRules } from './rules.ts'

/** How it stands with the chip of the card: nobody has read it, it was believed, or something speaks against the card. */
export type ChipStanding = { is: 'unread' } | { is: 'verified'; at: Date } | { is: 'doubtful'; reason: ChipReason; at: Date; /** The newest first. */ doubts: readonly Doubt[] }

/** What was read for one application, newest first; what stands against the person's card; and by whom and since when the person is served. */
type Read = { readings: readonly Heard[]; doubts: readonly Doubt[]; officer: AccountId; since: Date }

/**
 * A doubt that stands comes before every reading. Otherwise by the newest reading that decides: what was believed before another officer, or at an
 * earlier visit, is not what this one has seen.
 */
export function chipStanding({ readings, doubts, officer, since }: Read): ChipStanding {
  const [newest] = doubts
  if (newest !== undefined) return { is: 'doubtful', reason: newest.reason, at: newest.at, doubts }
  const deciding = readings.find((heard) => heard.is === 'verified' || isDoubtful(heard.reason))
  return deciding?.is === 'verified' && deciding.officer === officer && deciding.at >= since ? { is: 'verified', at: deciding.at } : { is: 'unread' }
}

type Tools = { readers: Pick<ReaderStore, 'readings' | 'doubts'> }
type About = { application: Pick<Application, 'id' | 'person' | 'workedAt'>; person: Pick<Person, 'card'>; officer: AccountId; at: Date }

/** How it stands for this officer at this moment. */
export async function standingOfChip({ readers }: Tools, { application: { id, person: whose, workedAt: since }, person, officer, at }: About): Promise<ChipStanding> {
  const [readings, undecided] = await Promise.all([readers.readings(id), readers.doubts(whose)])
  return chipStanding({ readings, doubts: standingDoubts(undecided, { at, issuedOn: issueOf(person) }), officer, since })
}

/** On a card that something speaks against nothing is given; an unread chip is a matter of what level 2 asks for (`config/desk.json`). */
export function chipFault(person: Pick<Person, 'kind'>, { is }: ChipStanding): DeskFault | undefined {
  if (is === 'doubtful') return 'chip-doubtful'
  return is === 'unread' && provenBy(person, deskRules).includes('chip-verified') ? 'chip-unread' : undefined
}
