import type { Day } from '#kernel/clock.ts'
import { completedYears } from '#kernel/clock.ts'
import { personId } from '#kernel/id.ts'
import { folded } from '#domain/registry/name.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'
import { citizenCard, identityCertificate, passportOf, residenceCard } from './card.ts'
import { dayBetween, dayNumber, dayOf, later } from './days.ts'
import { diceId } from './dice.ts'
import type { Dice } from './dice.ts'
import { religionOf } from './names.ts'
import type { Numbers } from './numbers.ts'
import { originLike } from './places.ts'
import type { Origin } from './places.ts'

/** What everything about somebody is made with. */
export type Making = { by: Dice; numbers: Numbers; today: Day }

/** Who somebody is to be. */
export type Role = {
  kind: Person['kind']
  name: string
  sex: Person['sex']
  born: Day
  home: Origin
  ethnicity?: string
  nationality?: string
  /** Cast on purpose: alive, reachable, with a valid card and one number. */
  ordinary?: boolean
}

export const ageOn = (born: Day, today: Day): number => completedYears(born, today)

/** The yearly share of the old is not the point; that there are dead and missing people is. */
function lifeOf({ by, today }: Making, { born, ordinary }: Role): Person['life'] {
  const age = ageOn(born, today)
  if (ordinary) return { status: 'alive' }
  if (by.chance(0.0008)) return { status: 'missing', on: dayBetween(by, later(born, '2005-01-01'), today) }
  const gone = by.chance(age > 75 ? 0.12 : age > 55 ? 0.03 : 0.003)
  return gone ? { status: 'deceased', on: dayBetween(by, later(born, '2008-01-01'), today) } : { status: 'alive' }
}

const cancelReasons = ['Cải chính năm sinh', 'Xác định lại giới tính', 'Sai nơi đăng ký khai sinh']

/** A few had another number before (Decree 70/2024 Art 11). */
function formerNumbersOf({ by, numbers, today }: Making, { born, sex, ordinary }: Role, prefix: string): Person['formerNumbers'] {
  if (ordinary || !by.chance(0.004)) return []
  const number = numbers({ prefix, year: Number(born.slice(0, 4)) - 1, sex })
  return [{ number, cancelledOn: dayBetween(by, later(born, '2016-01-01'), today), reason: by.pick(cancelReasons) }]
}

const bloodTypes = ['O', 'O', 'O+', 'A', 'A+', 'B', 'B+', 'B+', 'AB', 'AB+', 'O-', 'A-'] as const

/** Country codes are not assigned to anybody with a zero behind them, so these numbers ring nowhere. */
const phoneOf = ({ by }: Making): string => `+84000${String(by.below(1_000_000)).padStart(6, '0')}`

function contactsOf(making: Making, { name, born, ordinary }: Role, number: string): Pick<Person, 'phones' | 'emails'> {
  if (ageOn(born, making.today) < 14) return { phones: [], emails: [] }
  const local = folded(name).replaceAll(/[^a-z0-9]+/g, '.').replaceAll(/^\.|\.$/g, '').slice(0, 40)
  return {
    phones: ordinary || making.by.chance(0.85) ? [phoneOf(making)] : [],
    emails: ordinary || making.by.chance(0.6) ? [`${local}.${number.slice(-4)}@example.com`] : [],
  }
}

const cardOf = ({ by, today }: Making, { kind, born, ordinary }: Role, number: PersonalNumber): Person['card'] => {
  if (kind === 'undetermined-nationality') return identityCertificate(born, number, today)
  const how = { today, sure: ordinary === true }
  return kind === 'foreigner' ? residenceCard(by, born, how) : citizenCard(by, born, how)
}

/** Old people of whom the register knows only the year. */
const birthDateOf = (by: Dice, { born, ordinary }: Role, age: number): string =>
  !ordinary && age > 62 && by.chance(0.06) ? born.slice(0, 4) : born

const nationalityOf = ({ kind, nationality }: Role): string[] =>
  kind === 'undetermined-nationality' ? [] : [kind === 'foreigner' ? nationality ?? 'XXX' : 'VNM']

/** Somebody without family and address yet: those are the household's. */
export function member(making: Making, role: Role): Person {
  const { by, today } = making
  const age = ageOn(role.born, today)
  const foreigner = role.kind === 'foreigner'
  const registered = originLike(by, role.home)
  const prefix = foreigner ? String(by.between(101, 299)) : registered.code
  const number = making.numbers({ prefix, year: Number(role.born.slice(0, 4)), sex: role.sex })
  const life = lifeOf(making, role)
  const card = life.status === 'alive' ? cardOf(making, role, number) : undefined
  const passport = foreigner && life.status === 'alive' ? passportOf(number, role.nationality ?? 'XXX', { today, sure: role.ordinary === true }) : null
  return {
    id: personId.parse(diceId(by)),
    kind: role.kind,
    name: role.name,
    number,
    formerNumbers: foreigner ? [] : formerNumbersOf(making, role, prefix),
    birthDate: birthDateOf(by, role, age),
    sex: role.sex,
    ...(!foreigner && {
      birthPlace: { text: `Bệnh viện đa khoa ${registered.name}`, province: registered.code },
      birthRegistrationPlace: { text: registered.name, province: registered.code },
      hometown: { text: role.home.name, province: role.home.code },
      religion: religionOf(by),
    }),
    ...(role.ethnicity !== undefined && { ethnicity: role.ethnicity }),
    nationality: nationalityOf(role),
    ...(by.chance(0.6) && { bloodType: by.pick(bloodTypes) }),
    ...(role.kind === 'citizen' && age > 27 && by.chance(0.7) && { oldNumber: String(by.between(100_000_000, 399_999_999)) }),
    ...(card !== undefined && { card }),
    relations: [],
    guardianship: null,
    passport,
    household: [],
    life,
    ...contactsOf(making, role, number),
    other: {},
    source: { version: by.between(1, 9), confirmedAt: `${dayOf(dayNumber(today) - by.between(1, 400))}T02:00:00Z` },
  }
}
