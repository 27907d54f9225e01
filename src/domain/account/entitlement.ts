import { completedYears, type Day } from '#kernel/clock.ts'
import type { Person } from '#domain/registry/person.ts'
import { accountRules, type AccountRules, type grants } from './rules.ts'
import type { Paper } from './ground.ts'

type Grant = (typeof grants)[number]

/** What the law grants somebody today. `alone` is whether they act without a representative (Decree 69/2024 Art 14.2). */
export type Entitlement = { level1: Grant; level2: Grant; alone: boolean }

type Subject = Pick<Person, 'kind' | 'birthDate' | 'card' | 'life'>

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
  const entitled = row !== undefined && person.life.status === 'alive' && hasPaper(person, row.papers ?? papers, today)
  return { ...(entitled ? { level1: row.level1, level2: row.level2 } : nothing), alone }
}

/** Whether they hold a valid paper of the sort that an account of theirs follows, whatever their age. */
export function hasValidPaper(person: Subject, today: Day, { entitlement: { kinds } }: AccountRules = accountRules): boolean {
  return hasPaper(person, kinds[person.kind].papers, today)
}

function hasPaper({ card }: Subject, kinds: AccountRules['entitlement']['kinds'][Person['kind']]['papers'], today: Day): boolean {
  return card !== undefined && kinds.includes(card.kind) && (card.expiresOn ?? today) >= today
}

/** The paper that an account of this person follows, and its last day. */
export function paperOf({ card }: Pick<Person, 'card'>): { paper?: Paper; expiresOn?: Day | undefined } {
  if (card === undefined) return {}
  const paper = card.kind === 'passport' || card.kind === 'residence-card' ? card.kind : 'card'
  return { paper, expiresOn: card.expiresOn }
}

/** Where only the year is known, the last day of it counts: nobody is made older than the record shows. */
export function birthDay({ birthDate }: Pick<Person, 'birthDate'>): Day {
  return birthDate.length === 4 ? `${birthDate}-12-31` : birthDate
}
