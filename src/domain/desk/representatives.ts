import type { AccountId } from '#kernel/id.ts'
import { actsFor, representativesOf, type ForWard, type WardTools } from '#domain/acting/ward.ts'
import type { Person } from '#domain/registry/person.ts'

/**
 * Who may come to this officer's desk with that person: nobody with a ward of the officer's own, in whoever's name and with whoever's passkey.
 * Another officer sees to those (A04).
 */
export async function representativesBefore(tools: WardTools, officer: AccountId, ward: Person): Promise<readonly ForWard[]> {
  return (await actsFor(tools, officer, ward)) ? [] : representativesOf(tools, ward)
}
