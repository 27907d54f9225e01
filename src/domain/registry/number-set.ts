import type { PersonalNumber } from './person.ts'

export type NumberSet = { has: (number: PersonalNumber) => boolean; add: (number: PersonalNumber) => void }

/**
 * Remembers many personal numbers in little memory: as small integers, a set for each six leading digits, for one set of
 * the language holds at most 2²⁴ members.
 */
export function numberSet(): NumberSet {
  const groups = new Map<number, Set<number>>()
  return {
    has: (number) => groups.get(Number(number.slice(0, 6)))?.has(Number(number.slice(6))) ?? false,
    add(number) {
      const prefix = Number(number.slice(0, 6))
      const group = groups.get(prefix) ?? new Set()
      groups.set(prefix, group.add(Number(number.slice(6))))
    },
  }
}
