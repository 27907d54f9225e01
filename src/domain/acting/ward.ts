import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import { levelAt, notEnded, standing, type Account } from '#domain/account/account.ts'
import type { AccountStore, AccountWithLife } from '#domain/account/store.ts'
import { atLeast } from '#domain/assurance/level.ts'
import type { Client } from '#domain/client/client.ts'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { namedFor, needOf, tieBetween, type Holders, type Tie } from './representation.ts'
import { actingRules } from './rules.ts'

export type WardTools = {
  accounts: Pick<AccountStore, 'find' | 'findByPerson'>
  registry: Pick<RegistryStore, 'find' | 'whose'>
  clock: Clock
}

/** Somebody whom the register lets another person act for, and their account where they have one. */
export type Ward = { person: Person; tie: Tie; account?: Account | undefined }

/** Whether people may act for others at this client. */
export const takesWards = ({ own }: Pick<Client, 'own'>): boolean => own.in_name_of?.includes('ward') === true

/** An account whose holder is fit to act for others today, and their record; or `undefined`. */
async function representative({ accounts, registry, clock }: WardTools, id: AccountId): Promise<{ account: Account; person: Person } | undefined> {
  const found = await accounts.find(id)
  const person = found && (await registry.find(found.account.person))
  if (found === undefined || person === undefined || !isUsable(found, clock)) return undefined
  return atLeast(levelAt(found.account, clock.now()), actingRules.representative.level) ? { account: found.account, person } : undefined
}

function isUsable({ account, life }: AccountWithLife, clock: Clock): boolean {
  return standing(account, life, dayInVietnam(clock.now())).is === 'usable'
}

/**
 * For whom this person may act today. Their own record says whom to look up, and the record of each of those decides: nobody becomes a
 * representative by what stands in their own.
 */
export async function wardsOf(tools: WardTools, id: AccountId): Promise<readonly Ward[]> {
  const here = await representative(tools, id)
  const numbers: readonly string[] = here?.person.relations.flatMap(({ kind, number }) => (number !== undefined && (kind === 'child' || kind === 'represented') ? [number] : [])) ?? []
  if (here === undefined) return []
  const wards = new Set((await holdersOf(tools, numbers)).values())
  const found = await Promise.all([...wards].map(async (id): Promise<readonly Ward[]> => {
    const person = await tools.registry.find(id)
    const tie = person && (await tieIn(tools, here.person, person))
    return person === undefined || tie === undefined ? [] : [{ person, tie, account: notEnded(await tools.accounts.findByPerson(person.id)) }]
  }))
  return found.flat()
}

/** By what this account acts for that one at this moment, both usable; or `undefined`. */
export async function tieOf(tools: WardTools, { by, account: id }: { by: AccountId; account: AccountId }): Promise<Tie | undefined> {
  const [here, found] = await Promise.all([representative(tools, by), tools.accounts.find(id)])
  if (here === undefined || found === undefined || !isUsable(found, tools.clock)) return undefined
  const ward = await tools.registry.find(found.account.person)
  return ward && tieIn(tools, here.person, ward)
}

export type ForWard = { account: AccountId; person: Person; tie: Tie }

/** Who may act for this person at this moment, whether or not they have an account yet; nobody where they act alone. */
export async function representativesOf(tools: WardTools, ward: Person): Promise<readonly ForWard[]> {
  const named = new Set((await holdersOf(tools, numbersOf(namedFor(ward, dayInVietnam(tools.clock.now()))))).values())
  const found = await Promise.all([...named].map(async (one): Promise<readonly ForWard[]> => {
    const account = notEnded(await tools.accounts.findByPerson(one))
    const here = account && (await representative(tools, account.id))
    const tie = here && (await tieIn(tools, here.person, ward))
    return here === undefined || tie === undefined ? [] : [{ account: here.account.id, person: here.person, tie }]
  }))
  return found.flat()
}

/** Whether the register lets the holder of this account act for that person today, whatever the account is good for. */
export async function actsFor(tools: { accounts: Pick<AccountStore, 'find'> } & Pick<WardTools, 'registry' | 'clock'>, id: AccountId, ward: Person): Promise<boolean> {
  const found = await tools.accounts.find(id)
  const person = found && (await tools.registry.find(found.account.person))
  return person !== undefined && (await tieIn(tools, person, ward)) !== undefined
}

/** By what this person acts for that one today, whatever accounts they have. */
export async function tieIn(tools: Pick<WardTools, 'registry' | 'clock'>, representative: Person, ward: Person): Promise<Tie | undefined> {
  const today = dayInVietnam(tools.clock.now())
  return tieBetween(representative, ward, { today, holders: await holdersOf(tools, numbersOf(namedFor(ward, today))) })
}

const numbersOf = (named: ReturnType<typeof namedFor>) => named.flatMap(({ number }) => number ?? [])

async function holdersOf({ registry }: Pick<WardTools, 'registry'>, numbers: readonly string[]): Promise<Holders> {
  return numbers.length === 0 ? new Map() : registry.whose(numbers.map((number) => personalNumber.parse(number)))
}

/** Who answers for this account: its own holder, or whoever may act for them; nobody where they may not act alone and nobody may for them. */
export async function answerersFor(tools: WardTools, { id, person: whose }: Pick<Account, 'id' | 'person'>): Promise<{ is: 'holder' } | { is: 'representatives'; accounts: readonly AccountId[] }> {
  const today = dayInVietnam(tools.clock.now())
  const person = await tools.registry.find(whose)
  if (person === undefined || needOf(person, today) === undefined) return { is: 'holder' }
  const named = new Set((await holdersOf(tools, numbersOf(namedFor(person, today)))).values())
  const found = await Promise.all([...named].map(async (one) => {
    const account = await tools.accounts.findByPerson(one)
    return account && (await tieOf(tools, { by: account.id, account: id })) ? [account.id] : []
  }))
  return { is: 'representatives', accounts: found.flat() }
}
