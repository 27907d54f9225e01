import registration from '#config/birth-registration.json' with { type: 'json' }
import type { Day } from '#kernel/clock.ts'
import { completedYears } from '#kernel/clock.ts'
import { isLatin } from './name.ts'
import type { Person } from './person.ts'
import { knownPrefix, plausible } from './personal-number.ts'
import { residenceProvince } from './province.ts'

/** A field of the record, so that a report can name the column without telling what is in it. */
export type Field = keyof Person

/**
 * One rule of data quality ("đúng, đủ, sạch, sống"). What `stops` cannot be relied on and is refused; the rest is taken in,
 * for the register is the source and is corrected there, and counted in the report.
 */
export type Check = { code: string; field: Field; stops: boolean; fails: (person: Person, today: Day) => boolean }

/** `early` is before `late`; where one is only a year, years are compared, so nothing is claimed that is not known. */
function before(early: string, late: string): boolean {
  const length = Math.min(early.length, late.length)
  return early.slice(0, length) < late.slice(0, length)
}

const age = ({ birthDate }: Person, today: Day): number => completedYears(birthDate.padEnd(10, '-01-01'), today)
const letters = /^[\p{L}\p{M}'’ʼ.,\- ]+$/u
const ownCodes = new Set(registration.provinces.flatMap(({ code }) => [code, code.slice(1)]))
const residences = ({ permanentResidence, temporaryResidence, currentResidence }: Person) =>
  [permanentResidence, temporaryResidence, currentResidence].flatMap((place) => place?.province ?? [])
const origins = ({ birthPlace, birthRegistrationPlace, hometown }: Person) =>
  [birthPlace, birthRegistrationPlace, hometown].flatMap((place) => place?.province ?? [])
const hasParent = ({ relations }: Person): boolean =>
  relations.some(({ kind }) => kind === 'father' || kind === 'mother' || kind === 'legal-representative')

/** Whom the law gives which card: a card of another sort opens no account, and is somebody's slip of the pen. */
const cardsOf: Readonly<Record<Person['kind'], readonly NonNullable<Person['card']>['kind'][]>> = {
  citizen: ['can-cuoc', 'cccd', 'cmnd-12'],
  foreigner: ['residence-card', 'passport'],
  'undetermined-nationality': ['identity-certificate'],
}

/** Every rule; the wording for people is in docs/registry.md under the same code. */
export const checks: readonly Check[] = [
  { code: 'born-in-future', field: 'birthDate', stops: true, fails: (person, today) => before(today, person.birthDate) },
  { code: 'older-than-130', field: 'birthDate', stops: false,
    fails: (person, today) => person.life.status === 'alive' && age(person, today) > 130 },
  { code: 'died-before-birth', field: 'life', stops: true,
    fails: ({ life, birthDate }) => life.on !== undefined && before(life.on, birthDate) },
  { code: 'died-in-future', field: 'life', stops: true, fails: ({ life }, today) => life.on !== undefined && life.on > today },
  { code: 'alive-with-end', field: 'life', stops: true, fails: ({ life }) => life.status === 'alive' && life.on !== undefined },
  { code: 'end-without-day', field: 'life', stops: false, fails: ({ life }) => life.status !== 'alive' && life.on === undefined },
  { code: 'name-unwritable', field: 'name', stops: true, fails: ({ name }) => !letters.test(name) },
  { code: 'name-other-script', field: 'name', stops: false, fails: ({ name }) => !isLatin(name) },
  { code: 'number-also-former', field: 'formerNumbers', stops: true,
    fails: ({ number, formerNumbers }) => formerNumbers.some((former) => former.number === number) },
  { code: 'number-prefix-unknown', field: 'number', stops: false,
    fails: ({ kind, number }) => kind !== 'foreigner' && !knownPrefix(number) },
  { code: 'number-contradicts', field: 'number', stops: false, fails: (person) => !plausible(person.number, person) },
  { code: 'residence-province-unknown', field: 'currentResidence', stops: true,
    fails: (person) => residences(person).some((code) => residenceProvince(code) === undefined) },
  { code: 'origin-province-unknown', field: 'birthPlace', stops: false,
    fails: (person) => origins(person).some((code) => !ownCodes.has(code) && residenceProvince(code) === undefined) },
  { code: 'related-to-self', field: 'relations', stops: true,
    fails: ({ number, relations }) => relations.some((relation) => relation.number === number) },
  { code: 'minor-without-parents', field: 'relations', stops: false,
    fails: (person, today) => person.life.status === 'alive' && age(person, today) < 14 && !hasParent(person) },
  { code: 'married-minor', field: 'maritalStatus', stops: false,
    fails: (person, today) => person.maritalStatus === 'married' && age(person, today) < 18 },
  { code: 'guardianship-ends-before-it-begins', field: 'guardianship', stops: true,
    fails: ({ guardianship }) => guardianship?.until !== undefined && guardianship.until < guardianship.since },
  { code: 'guardianship-without-guardian', field: 'guardianship', stops: false,
    fails: ({ guardianship, relations }) => guardianship !== undefined && guardianship !== null && !relations.some(({ kind }) => kind === 'legal-representative') },
  { code: 'card-ends-before-issue', field: 'card', stops: true,
    fails: ({ card }) => card?.expiresOn !== undefined && card.expiresOn < card.issuedOn },
  { code: 'card-before-birth', field: 'card', stops: false,
    fails: ({ card, birthDate }) => card !== undefined && before(card.issuedOn, birthDate) },
  { code: 'card-not-for-kind', field: 'card', stops: false, fails: ({ card, kind }) => card !== undefined && !cardsOf[kind].includes(card.kind) },
  { code: 'residence-of-other-card', field: 'card', stops: false, fails: ({ card }) => card?.residence !== undefined && card.kind !== 'residence-card' },
  { code: 'passport-ends-before-issue', field: 'passport', stops: true,
    fails: ({ passport }) => passport?.expiresOn !== undefined && passport.issuedOn !== undefined && passport.expiresOn < passport.issuedOn },
  { code: 'passport-of-other-country', field: 'passport', stops: false,
    fails: ({ passport, nationality }) => passport !== undefined && passport !== null && !nationality.includes(passport.country) },
  { code: 'foreigner-without-passport', field: 'passport', stops: false,
    fails: ({ kind, passport, life }) => kind === 'foreigner' && life.status === 'alive' && passport === null },
  { code: 'citizen-not-vietnamese', field: 'nationality', stops: false,
    fails: ({ kind, nationality }) => kind === 'citizen' && !nationality.includes('VNM') },
  { code: 'nationality-contradicts-kind', field: 'nationality', stops: false,
    fails: ({ kind, nationality }) => kind === 'undetermined-nationality' ? nationality.length > 0
      : kind === 'foreigner' && (nationality.length === 0 || nationality.includes('VNM')) },
  { code: 'confirmed-in-future', field: 'source', stops: false,
    fails: ({ source }, today) => source.confirmedAt.slice(0, 10) > today },
]

/** The rules a person fails on a given day, those that stop and those that warn. */
export const faultsOf = (person: Person, today: Day): readonly Check[] => checks.filter((check) => check.fails(person, today))
