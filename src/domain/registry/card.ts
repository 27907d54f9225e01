import rule from '#config/card.json' with { type: 'json' }
import type { Day } from '#kernel/clock.ts'

/** The day somebody completes this many years; born on 29 February, that is 1 March in other years. */
export function birthday(born: Day, age: number): Day {
  const year = Number(born.slice(0, 4)) + age
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const day = born.slice(5) === '02-29' && !leap ? '03-01' : born.slice(5)
  return `${year}-${day}`
}

/**
 * Until when an identity card is valid: the next renewal age, or the one after it when issued within two years before
 * (Law 26/2023/QH15 Art 21). `undefined` after the last age: the card does not expire.
 */
export function cardExpiry(born: Day, issuedOn: Day): Day | undefined {
  const next = rule.renewalAges.find((age) => issuedOn < birthday(born, age - rule.spareYears))
  return next === undefined ? undefined : birthday(born, next)
}
