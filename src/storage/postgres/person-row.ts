import type { PassportRef } from '#domain/registry/passport.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Sealer } from '#keys/seal.ts'

/** Columns that hold one item each, sealed by itself. `json` items have parts. */
export const sealedItems = [
  { column: 'name',                     field: 'name',                   json: false },
  { column: 'birth_date',               field: 'birthDate',              json: false },
  { column: 'birth_place',              field: 'birthPlace',             json: true },
  { column: 'birth_registration_place', field: 'birthRegistrationPlace', json: true },
  { column: 'hometown',                 field: 'hometown',               json: true },
  { column: 'permanent_residence',      field: 'permanentResidence',     json: true },
  { column: 'temporary_residence',      field: 'temporaryResidence',     json: true },
  { column: 'current_residence',        field: 'currentResidence',       json: true },
  { column: 'phones',                   field: 'phones',                 json: true },
  { column: 'emails',                   field: 'emails',                 json: true },
] as const

export type SealedColumn = (typeof sealedItems)[number]['column'] | 'kin' | 'details'
export const sealedColumns: readonly SealedColumn[] = [...sealedItems.map(({ column }) => column), 'kin', 'details']

/** A row of `person` as a statement gives it back. */
export type PersonRow = {
  id: string
  kind: string
  life: string
  source_version: number
  confirmed_at: Date
} & Record<SealedColumn, Uint8Array | null>

/** A row of `person_number`; the current number has no `valid_to`. */
export type NumberRow = { blind: Uint8Array; number: Uint8Array; valid_to: string | null; reason: Uint8Array | null }

export const place = (column: SealedColumn, id: string) => ({ table: 'person', column, row: id })

/** A number's row is named by person and index, so that no sealed number opens in the row of another. */
export const numberPlace = (column: 'number' | 'reason', id: string, blind: Uint8Array) =>
  ({ table: 'person_number', column, row: `${id} ${Buffer.from(blind).toString('base64')}` })

const isEmpty = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.length === 0)

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** The family and household of a person: many names of others, rarely read. */
const kinOf = ({ relations, household }: Person) => (relations.length + household.length === 0 ? undefined : { relations, household })

function detailsOf(person: Person) {
  const { otherName, sex, ethnicity, religion, nationality, bloodType, oldNumber, card, temporaryAbsence, residenceFile,
    maritalStatus, householdRelation, life, other, source, guardianship, passport } = person
  return { otherName, sex, ethnicity, religion, nationality, bloodType, oldNumber, card, temporaryAbsence, residenceFile,
    maritalStatus, householdRelation, endOn: life.on, other, confirmedAt: source.confirmedAt, guardianship, passport }
}

/** A person as the JSON object of one row of `person`, sealed values in base64, for `json_to_recordset`. */
export function sealedRow(sealer: Sealer, person: Person): Readonly<Record<string, unknown>> {
  const sealed: Partial<Record<SealedColumn, string>> = {}
  const put = (column: SealedColumn, plain: string) => {
    sealed[column] = base64(sealer.seal(plain, place(column, person.id)))
  }
  for (const { column, field } of sealedItems) {
    const value = person[field]
    if (!isEmpty(value)) put(column, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const kin = kinOf(person)
  if (kin !== undefined) put('kin', JSON.stringify(kin))
  put('details', JSON.stringify(detailsOf(person)))
  const { id, kind, life, source, currentResidence, permanentResidence } = person
  const province = currentResidence?.province ?? permanentResidence?.province ?? null
  return { id, kind, life: life.status, province, source_version: source.version, confirmed_at: source.confirmedAt, ...sealed }
}

/** All numbers of a person as JSON objects for `person_number`: the current one first, then those it replaced. */
export function sealedNumbers(sealer: Sealer, person: Person): readonly Readonly<Record<string, unknown>>[] {
  const history = person.formerNumbers
  const formers = history.map(({ number, cancelledOn, reason }, at) =>
    ({ number, from: history[at - 1]?.cancelledOn ?? null, to: cancelledOn, reason }))
  const current = { number: person.number, from: history.at(-1)?.cancelledOn ?? null, to: null, reason: undefined }
  return [current, ...formers].map(({ number, from, to, reason }) => {
    const blind = sealer.index('personal-number', number)
    return {
      blind: base64(blind),
      person_id: person.id,
      number: base64(sealer.seal(number, numberPlace('number', person.id, blind))),
      valid_from: from,
      valid_to: to,
      reason: reason === undefined ? null : base64(sealer.seal(reason, numberPlace('reason', person.id, blind))),
    }
  })
}

/** By what a passport is found: the state and the number, for a number alone is not one passport. */
export const passportIndex = (sealer: Sealer, { country, number }: PassportRef): Uint8Array => sealer.index('passport', `${country} ${number}`)

/** The passports of these people as JSON objects for `person_passport`; most have none here. */
export function passportRows(sealer: Sealer, people: readonly Person[]): readonly { blind: string; person_id: string }[] {
  return people.flatMap(({ id, passport }) => (passport === undefined || passport === null ? [] : [{ blind: base64(passportIndex(sealer, passport)), person_id: id }]))
}
