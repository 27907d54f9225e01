import { sameName } from './name.ts'
import type { Person } from './person.ts'

/** What somebody says about themselves: the name as typed and the full day of birth, or the year where no day is known. */
export type Claimed = { name: string; birthDate: string }

type Recorded = Pick<Person, 'name' | 'birthDate'>

/** Compared in place of nobody, so that an unknown number costs the same work as a known one (W10). */
const nobody: Recorded = { name: 'Nguyễn Thị Không Có Ai', birthDate: '0000-00-00' }

/**
 * Whether name and birth date are those of the record (đối soát). A record with a year only is met by that year, with or
 * without a day; a record with a day needs the day. Both halves are always compared, also when there is no record.
 */
export function matches(person: Recorded | undefined, claimed: Claimed, same: (typed: string, registered: string) => boolean = sameName): boolean {
  const record = person ?? nobody
  const named = same(claimed.name.slice(0, 200), record.name)
  return [person !== undefined, named, isBornOn(person, claimed.birthDate)].every((agreed) => agreed)
}

/** Whether this is their day of birth, or, where the record knows no more, their year. */
export function isBornOn(person: Pick<Recorded, 'birthDate'> | undefined, birthDate: string): boolean {
  const record = person ?? nobody
  return birthDate.slice(0, record.birthDate.length) === record.birthDate
}
