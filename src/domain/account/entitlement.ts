import { completedYears, type Day } from '#kernel/clock.ts'
import type { Person } from '#domain/registry/person.ts'
import { accountRules, type AccountRules, type grants } from './rules.ts'
import type { Paper } from './ground.ts'

type Grant = (typeof grants)[number]

/** What the law grants somebody today. `alone` is whether they act without a representative (Decree 69/2024 Art 14.2). */
export type Entitlement = { level1: Grant; level2: Grant; alone: boolean }

type Subject = Pick<Person, 'kind' | 'birthDate' | 'card' | 'passport' | 'life'>

const nothing = { level1: 'no', level2: 'no' } as const

/**
 * Who may have which account today (Decree 69/2024 Art 7; `config/account.json`): by kind, completed years and a valid paper of the right sort.
 * It follows from birth date and day alone, so birthdays change it by themselves.
 */
export function entitlement(person: Subject, today: Day, { entitlement: rules }: AccountRules = accountRules): Entitlement {
  const years = completedYears(birthDay(person), today)
  const alone = years >= rules.actsAloneFrom.age
  const { ages, papers } = rules.kinds[person.kind]
  const row = ages.findLast(({ from }) => from <= years)
  const entitled = row !== undefined && person.life.status === 'alive' && hasPaper(person, row.papers ?? papers, today, rules.kinds)
  return { ...(entitled ? { level1: row.level1, level2: row.level2 } : nothing), alone }
}

/** Whether they hold a valid paper of the sort that an account of theirs follows, and every other that has to be valid with it, whatever their age. */
export function hasValidPaper(person: Subject, today: Day, { entitlement: { kinds } }: AccountRules = accountRules): boolean {
  return hasPaper(person, kinds[person.kind].papers, today, kinds)
}

type Kinds = AccountRules['entitlement']['kinds']

function hasPaper(person: Subject, wanted: Kinds[Person['kind']]['papers'], today: Day, kinds: Kinds): boolean {
  const { card } = person
  return card !== undefined && wanted.includes(card.kind) && documentsOf(person, kinds).every(({ expiresOn }) => (expiresOn ?? today) >= today)
}

type Document = { paper: Paper; expiresOn?: Day | undefined }

/** Every paper that has to be valid for an account of this person; one that the register does not know of is not held against them. */
function documentsOf({ kind, card, passport }: Pick<Person, 'kind' | 'card' | 'passport'>, kinds: Kinds): readonly Document[] {
  const besides = kinds[kind].besides?.papers.includes('passport') === true && passport !== undefined && passport !== null
  return [
    ...(besides ? [{ paper: 'passport' as const, expiresOn: passport.expiresOn }] : []),
    ...(card === undefined ? [] : [{ paper: sortOf(card), expiresOn: card.expiresOn }]),
  ]
}

const sortOf = ({ kind }: NonNullable<Person['card']>): Paper => (kind === 'passport' || kind === 'residence-card' ? kind : 'card')

/** No day is as late as never. */
const never: Day = '9999-12-31'

/** The paper that an account of this person follows, of several that which ends first, and its last day (Decree 69/2024 Art 15). */
export function paperOf(person: Pick<Person, 'kind' | 'card' | 'passport'>, { entitlement: { kinds } }: AccountRules = accountRules): { paper?: Paper; expiresOn?: Day | undefined } {
  const [first] = documentsOf(person, kinds).toSorted((one, other) => (one.expiresOn ?? never).localeCompare(other.expiresOn ?? never))
  return first ?? {}
}

/** Where only the year is known, the last day of it counts: nobody is made older than the record shows. */
export function birthDay({ birthDate }: Pick<Person, 'birthDate'>): Day {
  return birthDate.length === 4 ? `${birthDate}-12-31` : birthDate
}
