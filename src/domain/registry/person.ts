import { z } from 'zod'
import { personId } from '#kernel/id.ts'

/**
 * One person of the national population database: the 26 items of Law 26/2023/QH15 Art 9, in its order.
 * The registry is the source; what is here is a copy that names the source's version and the time it was checked.
 */
export const personalNumber = z.string().regex(/^\d{12}$/).brand<'PersonalNumber'>()
/** Twelve digits. An attribute with a history, never a key and never `sub` (docs/decisions/0006). */
export type PersonalNumber = z.infer<typeof personalNumber>

const text = z.string().trim().min(1).max(200).transform((value) => value.normalize('NFC'))
const day = z.iso.date()
/** `YYYY-MM-DD`, or `YYYY` where only the year is known (OIDC Core §5.1 `birthdate`). */
const partialDay = z.union([day, z.string().regex(/^\d{4}$/)])
const country = z.string().regex(/^[A-Z]{3}$/)

/** A place as the register writes it: free text, with the code of the unit where there is one. */
const place = z.strictObject({ text, province: z.string().regex(/^\d{2,3}$/).optional(), commune: z.string().max(100).optional() })
export type Place = z.infer<typeof place>

/** Letters and digits as the machine-readable zone has them, without its fillers (ICAO Doc 9303-4 §4.2.2). */
export const passportNumber = z.string().regex(/^[A-Z0-9]{4,20}$/).brand<'PassportNumber'>()
export type PassportNumber = z.infer<typeof passportNumber>

/** A passport, or what is valid in its place (Decree 69/2024 Art 8). `country` is the state that issued it: a number alone is not one passport. */
const passport = z.strictObject({ number: passportNumber, country, issuedOn: day.optional(), issuedAt: text.optional(), expiresOn: day.optional() })

const relationKind = z.enum(['father', 'mother', 'spouse', 'child', 'legal-representative', 'represented'])
const relation = z.strictObject({
  kind: relationKind,
  name: text,
  number: personalNumber.optional(),
  oldNumber: z.string().regex(/^\d{9}$/).optional(),
  nationality: country.optional(),
})

const card = z.strictObject({
  kind: z.enum(['can-cuoc', 'cccd', 'cmnd-12', 'identity-certificate', 'residence-card', 'passport']),
  issuedOn: day,
  issuedAt: text,
  expiresOn: day.optional(),
  /** Of a residence card: for good, or for a time (Law 47/2014/QH13 Art 37, 40). */
  residence: z.enum(['permanent', 'temporary']).optional(),
})

/** What a court has decided about somebody who cannot act alone, and from which day (Civil Code 91/2015/QH13 Art 22–24, 46). */
const guardianship = z.strictObject({
  ground: z.enum(['capacity-lost', 'cognition-difficult', 'capacity-limited']),
  since: day,
  /** The first day on which it no longer stands. */
  until: day.optional(),
})

export const person = z.strictObject({
  id: personId,
  kind: z.enum(['citizen', 'foreigner', 'undetermined-nationality']),
  name: text,
  otherName: text.optional(),
  number: personalNumber,
  /** Numbers this person had before; they were cancelled and replaced (Decree 70/2024 Art 11). */
  formerNumbers: z.array(z.strictObject({ number: personalNumber, cancelledOn: day, reason: z.string().max(100) })),
  birthDate: partialDay,
  sex: z.enum(['male', 'female']),
  birthPlace: place.optional(),
  birthRegistrationPlace: place.optional(),
  hometown: place.optional(),
  ethnicity: text.optional(),
  religion: text.optional(),
  nationality: z.array(country),
  bloodType: z.enum(['A', 'B', 'AB', 'O', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-']).optional(),
  /** The nine-digit number of the identity card used until 2021 (số CMND). */
  oldNumber: z.string().regex(/^\d{9}$/).optional(),
  card: card.optional(),
  /** With which a foreigner came; `null` where the source says that there is none; absent where it does not say. */
  passport: passport.nullable().optional(),
  relations: z.array(relation),
  /** `null` where the source says that there is none; absent where it does not say. */
  guardianship: guardianship.nullable().optional(),
  permanentResidence: place.optional(),
  temporaryResidence: place.optional(),
  currentResidence: place.optional(),
  temporaryAbsence: text.optional(),
  residenceFile: z.string().max(40).optional(),
  maritalStatus: z.enum(['single', 'married', 'divorced', 'widowed']).optional(),
  householdRelation: text.optional(),
  household: z.array(z.strictObject({ name: text, number: personalNumber.optional(), relation: text.optional() })),
  life: z.strictObject({ status: z.enum(['alive', 'deceased', 'missing']), on: day.optional() }),
  phones: z.array(z.string().regex(/^\+\d{8,15}$/)),
  emails: z.array(z.email()),
  other: z.record(z.string(), z.string()),
  /** The source's version of this record, and when it was last confirmed there. */
  source: z.strictObject({ version: z.int().nonnegative(), confirmedAt: z.iso.datetime() }),
})
export type Person = z.infer<typeof person>
