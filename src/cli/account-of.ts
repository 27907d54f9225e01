import { Refusal } from '#kernel/refusal.ts'
import { notEnded } from '#domain/account/account.ts'
import type { House } from '#app/house.ts'
import type { readNumber } from './read-number.ts'

/** Whose account it is. */
export async function accountOf({ registry, accounts }: Pick<House, 'registry' | 'accounts'>, number: ReturnType<typeof readNumber>) {
  const person = await registry.findByNumber(number)
  const account = person && notEnded(await accounts.findByPerson(person.id))
  if (account === undefined) throw new Refusal(`Nobody with the number that ends in ${number.slice(-4)} has an account: they register first, at any service.`)
  return account.id
}
