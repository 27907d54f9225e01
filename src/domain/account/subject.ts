import { createHmac, type KeyObject } from 'node:crypto'
import type { AccountId, Sector } from '#kernel/id.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The subject identifier of an account in a sector: HMAC-SHA-256 in base32, 52 characters (OIDC Core §8.1).
 * Equal for all clients of one legal entity, unlinkable across entities. What is stored at first use wins over what this
 * computes, so that a new key or a merged ministry never changes a subject.
 */
export function pairwiseSubject(key: KeyObject, account: AccountId, sector: Sector): string {
  // The length in front keeps the sector (`a`) + `bc` and (`ab`) + `c` apart (as bcrypt did not at Okta, 2024).
  const digest = createHmac('sha256', key).update(`${sector.length}:${sector}${account}`).digest()
  const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('').padEnd(260, '0')
  return Array.from({ length: 52 }, (_, at) => alphabet[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)]).join('')
}
