import type { Person, PersonalNumber } from './person.ts'

type Former = Person['formerNumbers'][number]

const inOrder = (one: Former, other: Former): number =>
  one.cancelledOn === other.cancelledOn ? one.number.localeCompare(other.number) : one.cancelledOn.localeCompare(other.cancelledOn)

/** Former numbers without repeats, oldest first: the order in which the store gives them back. */
export function numberHistory(formers: readonly Former[], current: PersonalNumber): Former[] {
  const byNumber = new Map(formers.map((former) => [former.number, former]))
  byNumber.delete(current)
  return [...byNumber.values()].toSorted(inOrder)
}

/**
 * What the registry holds after a newer record of somebody it knows: everything as the source says now, under the id they
 * always had, and a number history that only grows (Decree 70/2024 Art 11: cancelled numbers are kept). A record older than
 * the one that is held changes nothing, so files may arrive out of order.
 */
export function merged(held: Person, arriving: Person): Person {
  if (arriving.source.version < held.source.version) return held
  const formerNumbers = numberHistory([...held.formerNumbers, ...arriving.formerNumbers], arriving.number)
  const guardianship = arriving.guardianship === undefined ? held.guardianship : arriving.guardianship
  const passport = arriving.passport === undefined ? held.passport : arriving.passport
  return { ...arriving, id: held.id, formerNumbers, ...(guardianship !== undefined && { guardianship }), ...(passport !== undefined && { passport }) }
}
