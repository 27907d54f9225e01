import { Refusal } from '#kernel/refusal.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'

/** A personal number as an operator types it; throws `Refusal` for anything else. */
export function readNumber(typed: string): PersonalNumber {
  const number = parsePersonalNumber(typed)
  if (number === undefined) throw new Refusal('A personal number has 12 digits, for example 079 203 001 234.')
  return number
}
