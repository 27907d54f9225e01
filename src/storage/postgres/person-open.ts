import { numberHistory } from '#domain/registry/merge.ts'
import { personalNumber } from '#domain/registry/person.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'
import type { Sealer } from '#keys/seal.ts'
import { numberPlace, place, sealedItems } from './person-row.ts'
import type { NumberRow, PersonRow, SealedColumn } from './person-row.ts'

const openNumber = (sealer: Sealer, id: string, { blind, number }: NumberRow): PersonalNumber =>
  personalNumber.parse(sealer.open(number, numberPlace('number', id, blind)))

/** The name alone, where nothing else of somebody is to be known. */
export const openPersonName = (sealer: Sealer, { id, name }: { id: string; name: Uint8Array }): string => sealer.open(name, place('name', id))

function currentNumber(sealer: Sealer, id: string, rows: readonly NumberRow[]): PersonalNumber {
  const current = rows.find(({ valid_to }) => valid_to === null)
  if (current === undefined) throw new Error('a person without a valid number')
  return openNumber(sealer, id, current)
}

function formerNumbers(sealer: Sealer, id: string, rows: readonly NumberRow[]): Person['formerNumbers'] {
  if (rows.length === 1) return []
  const formers = rows.flatMap((row) => row.valid_to === null || row.reason === null ? [] : [{
    number: openNumber(sealer, id, row),
    cancelledOn: row.valid_to,
    reason: sealer.open(row.reason, numberPlace('reason', id, row.blind)),
  }])
  return numberHistory(formers, currentNumber(sealer, id, rows))
}

function fieldsOf(text: string | undefined): Readonly<Record<string, unknown>> {
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** Adds a field that does its work when it is first read. */
function lazily(record: object, field: string, work: () => unknown): void {
  let done: { value: unknown } | undefined
  Object.defineProperty(record, field, { enumerable: true, configurable: true, get: () => (done ??= { value: work() }).value })
}

/**
 * The person of a row and the rows of its numbers. Name, birth date, numbers, places, contacts and kin are opened when they
 * are first read and not before: a token needs a name and an age, and what nobody reads stays sealed. Reading throws
 * `Problem('sealed.unreadable')` when the value was altered, moved or sealed with a key that is not here; so does this for
 * what is opened at once.
 */
export function openPerson(sealer: Sealer, row: PersonRow, numbers: readonly NumberRow[]): Person {
  const open = (column: SealedColumn): string | undefined => {
    const sealed = row[column]
    return sealed === null ? undefined : sealer.open(sealed, place(column, row.id))
  }
  const { endOn, confirmedAt = row.confirmed_at.toISOString(), ...details } = fieldsOf(open('details'))
  const life = { status: row.life, ...(endOn !== undefined && { on: endOn }) }
  const source = { version: row.source_version, confirmedAt }
  const record: object =
    { id: row.id, kind: row.kind, ...details, life, source, phones: [], emails: [], relations: [], household: [] }

  for (const { column, field, json } of sealedItems) {
    if (row[column] !== null) lazily(record, field, () => (json ? JSON.parse(open(column) ?? '') : open(column)))
  }
  lazily(record, 'number', () => currentNumber(sealer, row.id, numbers))
  lazily(record, 'formerNumbers', () => formerNumbers(sealer, row.id, numbers))
  if (row.kin !== null) {
    for (const field of ['relations', 'household']) lazily(record, field, () => fieldsOf(open('kin'))[field])
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what opens here was written by `sealedRow`, which was given a person; the seal vouches for it
  return record as Person
}
