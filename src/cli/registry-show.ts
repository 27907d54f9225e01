import { columns } from '#domain/registry/columns.ts'
import { personalNumber } from '#domain/registry/person.ts'
import type { Person } from '#domain/registry/person.ts'
import { groupedNumber, maskedNumber } from '#domain/registry/personal-number.ts'

/** What says nothing about who somebody is, wherever it stands in the record. */
const open = new Set(['id', 'kind', 'status', 'province', 'source', 'version', 'confirmedAt'])

function hide(value: unknown): unknown {
  if (typeof value === 'string') {
    const number = personalNumber.safeParse(value)
    return number.success ? maskedNumber(number.data) : `${Array.from(value)[0] ?? ''}•••`
  }
  if (Array.isArray(value)) return value.map(hide)
  return typeof value === 'object' && value !== null ? hideFields(value) : value
}

const hideFields = (record: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, open.has(key) ? value : hide(value)]))

/** A record in which one sees what is held, but not what it says. */
export const masked = (person: Person): Readonly<Record<string, unknown>> => hideFields(person)

function lineOf(key: string, value: unknown): string {
  const number = key === 'number' ? personalNumber.safeParse(value) : undefined
  if (number?.success) return groupedNumber(number.data)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isFilled = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0)

/** A record as lines of `field  value` in the order of the law, what is empty left out. */
export function personText(record: Readonly<Record<string, unknown>>): string {
  const filled = ['id', ...columns.map(({ field }) => field)]
    .map((field) => [field, record[field]] as const)
    .filter(([, value]) => isFilled(value))
  const width = Math.max(...filled.map(([key]) => key.length))
  return filled.map(([key, value]) => `${key.padEnd(width)}  ${lineOf(key, value)}`).join('\n')
}
