import type { Day } from '#kernel/clock.ts'
import type { AccountLevel } from '#domain/assurance/level.ts'
import type { Contact } from '#domain/account/store.ts'
import type { InPerson } from '#domain/desk/application.ts'
import { nameParts } from '#domain/registry/name.ts'
import type { Person, Place } from '#domain/registry/person.ts'
import { isOver, livesInAny, thresholds } from './derived.ts'
import { residentOf } from './place-question.ts'

/** Everything a claim may be drawn from. Read from the registry at each release, so that data is alive ("sống"). */
export type Subject = {
  person: Person
  contacts: readonly Contact[]
  level: AccountLevel
  openedAt: Date
  /** The check in person that raised the account to level 2, where there is a record of it (Decree 69/2024 Art 10.2). */
  inPerson?: InPerson | undefined
  /** The day in Viet Nam, on which ages are counted. */
  today: Day
}

/** `places` is what `resident_of` was asked about. */
type Source = (subject: Subject, places: readonly string[]) => unknown

/** OIDC Core §5.1, OpenID Connect for Identity Assurance claims 1.0 §4, and our own `vn_` claims (docs/glossary.md). */
const sources: Readonly<Record<string, Source>> = {
  name: ({ person }) => person.name,
  family_name: ({ person }) => nameParts(person).family,
  middle_name: ({ person }) => nameParts(person).middle,
  given_name: ({ person }) => nameParts(person).given,
  birthdate: ({ person }) => person.birthDate,
  gender: ({ person }) => person.sex,
  // To the day: the moment would tell two services that they know the same person (D01).
  updated_at: ({ person }) => Math.floor(Date.parse(person.source.confirmedAt.slice(0, 10)) / 1000),
  address: ({ person }) => person.permanentResidence && address(person.permanentResidence),
  phone_number: ({ person }) => person.phones[0],
  // The registry says whose phone it is; that the person holds it today nobody here has checked.
  phone_number_verified: ({ person }) => (person.phones.length > 0 ? false : undefined),
  email: ({ contacts }) => contacts.find(({ kind }) => kind === 'email')?.value,
  email_verified: ({ contacts }) => contacts.some(({ kind }) => kind === 'email') || undefined,
  vn_personal_id: ({ person }) => person.number,
  vn_identity_kind: ({ person }) => person.kind,
  nationalities: ({ person }) => person.nationality,
  vn_passport: ({ person }) => passportOf(person),
  vn_residence_card: ({ person }) => residenceCardOf(person),
  place_of_birth: ({ person }) => person.birthPlace && placeOfBirth(person.birthPlace),
  vn_hometown: ({ person }) => person.hometown?.text,
  ...Object.fromEntries(thresholds.map((years): [string, Source] => [`age_over_${years}`, ({ person, today }) => isOver(years, person, today)])),
  [residentOf]: ({ person }, places) => livesInAny(person, places),
  // The same day as in `updated_at`: two different cuts of one moment would say more than either.
  registry_as_of: ({ person }) => person.source.confirmedAt.slice(0, 10),
}

export const knownClaims: readonly string[] = Object.keys(sources)

function address(place: Place): object {
  return { formatted: place.text, country: 'VN', ...(place.province && { region: place.province }), ...(place.commune && { locality: place.commune }) }
}

/** Of a foreigner alone: what a citizen's passport says is for others to tell. */
function passportOf({ kind, passport }: Person): object | undefined {
  if (kind !== 'foreigner' || passport === undefined || passport === null) return undefined
  const { number, country, issuedOn, expiresOn } = passport
  return { number, country, ...(issuedOn && { issued_on: issuedOn }), ...(expiresOn && { expires_on: expiresOn }) }
}

function residenceCardOf({ kind, card }: Person): object | undefined {
  if (kind !== 'foreigner' || card?.kind !== 'residence-card') return undefined
  return { issued_on: card.issuedOn, ...(card.expiresOn && { expires_on: card.expiresOn }), ...(card.residence && { residence: card.residence }) }
}

function placeOfBirth(place: Place): object {
  return { locality: place.text, ...(place.province && { region: place.province }) }
}

/** The values of these claims; a claim without a value is left out, never `null` (OIDC Core §5.3.2). */
export function disclose(subject: Subject, claims: Iterable<string>, places: readonly string[] = []): Record<string, unknown> {
  // Only names of our own: every object also answers to `toString` and `__proto__`.
  const known = [...claims].filter((claim) => Object.hasOwn(sources, claim))
  const values = known.map((claim) => [claim, sources[claim]?.(subject, places)] as const)
  return Object.fromEntries(values.filter(([, value]) => value !== undefined))
}
