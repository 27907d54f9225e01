import { dayInVietnam, type Day } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { reasons, type ChipReason } from '#domain/chip/reason.ts'
import type { Person } from '#domain/registry/person.ts'
import { deskRules, isDoubtKind, type DeskRules } from './rules.ts'

/**
 * A reading that speaks against somebody's card, of whichever application it was. It stays with the person, whoever reads what afterwards: a card that
 * was refused at one desk is not a better one at the next.
 */
export type Doubt = { /** The reading. */ id: string; at: Date; reason: ChipReason; officer: AccountId; /** Of the application. */ reference: string; commune: string }

/** On these nothing is given (docs/chip.md). After the others the chip is read again, or the desk goes on as for a card that has none. */
export const isDoubtful = (reason: ChipReason): boolean => isDoubtKind(reasons[reason].trouble)

/** Somebody has made another card of this one, or another chip: an alarm, whoever brought it. */
export const isForgery = (reason: ChipReason): boolean => ['forged', 'copied'].includes(reasons[reason].trouble)

type Now = { at: Date; /** When the card was issued that the register has of the person. */ issuedOn: Day | undefined }

/**
 * Which of these still stand, two officers having ended none of them: all but those that have an end of their own in `config/desk.json`. No reading
 * ends one, of whichever officer.
 */
export function standingDoubts(undecided: readonly Doubt[], now: Now, rules: Pick<DeskRules, 'doubts'> = deskRules): readonly Doubt[] {
  return undecided.filter(({ reason, at }) => {
    const { trouble } = reasons[reason]
    if (trouble === 'other-card') return now.at.getTime() < at.getTime() + rules.doubts[trouble].hours * 3_600_000
    if (trouble === 'out-of-force') return now.issuedOn === undefined || now.issuedOn <= dayInVietnam(at)
    return isDoubtKind(trouble)
  })
}

/** The card whose chip is doubted, as the register has it. */
export const issueOf = ({ card }: Pick<Person, 'card'>): Day | undefined => card?.issuedOn
