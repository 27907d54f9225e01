import { randomBytes, randomInt } from 'node:crypto'

/** An unguessable value of 256 bits, base64url (K08: secrets are 32 random bytes, never a UUID). */
export function secretToken(): string {
  return randomBytes(32).toString('base64url')
}

/** A code that a person types: uniformly random decimal digits. Strong only together with few tries and a short life. */
export function digits(length: number): string {
  return Array.from({ length }, () => randomInt(10)).join('')
}

/** A whole number from 0, less than `count`, uniformly random. */
export function wholeBelow(count: number): number {
  return randomInt(count)
}

const referenceAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** What an error page shows and support can look up: `7F3K-29QD`, without the letters and digits that look alike. */
export function reference(): string {
  return groups(2)
}

/** A key that is written on paper and typed again: 158 bits, in groups of four. */
export function writtenKey(): string {
  return groups(8)
}

/** A key that a program is given for some minutes: 79 bits, typed where it cannot be copied. */
export function shortKey(): string {
  return groups(4)
}

function groups(count: number): string {
  const group = () => Array.from({ length: 4 }, () => referenceAlphabet[randomInt(referenceAlphabet.length)]).join('')
  return Array.from({ length: count }, group).join('-')
}
