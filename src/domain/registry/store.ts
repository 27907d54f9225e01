import type { PersonId } from '#kernel/id.ts'
import type { PassportRef } from './passport.ts'
import type { Person, PersonalNumber } from './person.ts'

/** The copy of the population registry that this house reads. Every attribute is sealed at rest (D03). */
export type RegistryStore = {
  find: (id: PersonId) => Promise<Person | undefined>
  /** By the number that is valid now; a cancelled number finds nobody. */
  findByNumber: (number: PersonalNumber) => Promise<Person | undefined>
  /** The same, and nothing of their record is read or opened: it costs the same for a number that nobody has (W10). */
  idByNumber: (number: PersonalNumber) => Promise<PersonId | undefined>
  /** By the passport that is theirs now; one that two people are said to have finds nobody. */
  findByPassport: (passport: PassportRef) => Promise<Person | undefined>
  /**
   * Whose each of these numbers is, valid or cancelled: of one that belongs to somebody else now, or was two people's, nobody's. What names
   * somebody by it names no one of them.
   */
  whose: (numbers: readonly PersonalNumber[]) => Promise<ReadonlyMap<PersonalNumber, PersonId>>
  /**
   * Puts a whole import in or leaves everything as it was: the persons given are inserted, or replaced where the current
   * number is known already (the id in the row is then ignored and the old one kept, the number history grows).
   * In the same commit accounts follow: those of people who have died end, those whose paper has ended or was renewed close or open,
   * of those about whom a court has decided every session ends, and of those who have another representative what was opened by one who is
   * named no more.
   * `progress` hears how many are in so far.
   */
  importAll: (persons: AsyncIterable<readonly Person[]>, progress?: (done: number) => void) => Promise<{ inserted: number; replaced: number }>
  count: () => Promise<number>
}
