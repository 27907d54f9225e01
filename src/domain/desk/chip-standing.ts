import type { AccountId } from '#kernel/id.ts'
import { reasons, type ChipReason, type ChipTrouble } from '#domain/chip/reason.ts'
import type { Heard } from './reader.ts'

/** How it stands with the chip of the card: nobody has read it, it was believed, or it speaks against the card. */
export type ChipStanding = { is: 'unread' } | { is: 'verified'; at: Date } | { is: 'doubtful'; reason: ChipReason; at: Date }

/** On these nothing is given (docs/chip.md). After the others the chip is read again, or the desk goes on as for a card that has none. */
const doubtful: ReadonlySet<ChipTrouble> = new Set<ChipTrouble>(['forged', 'copied', 'out-of-force', 'other-card'])

export const isDoubtful = (reason: ChipReason): boolean => doubtful.has(reasons[reason].trouble)

/** Somebody has made another card of this one, or another chip: an alarm, whoever brought it. */
export const isForgery = (reason: ChipReason): boolean => ['forged', 'copied'].includes(reasons[reason].trouble)

/**
 * By the newest reading that decides. What speaks against a card stays, whoever read it, until a chip is believed; what was believed before another
 * officer is not what this one has seen.
 */
export function chipStanding(newestFirst: readonly Heard[], officer: AccountId): ChipStanding {
  const deciding = newestFirst.find((heard) => heard.is === 'verified' || isDoubtful(heard.reason))
  if (deciding === undefined || (deciding.is === 'verified' && deciding.officer !== officer)) return { is: 'unread' }
  return deciding.is === 'verified' ? { is: 'verified', at: deciding.at } : { is: 'doubtful', reason: deciding.reason, at: deciding.at }
}
