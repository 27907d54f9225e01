import { accountId, applicationId, mandateId, newId, organisationId, type ClientId } from '#kernel/id.ts'
import { dayInVietnam } from '#kernel/clock.ts'
import { reference } from '#kernel/random.ts'
import { notEnded } from '#domain/account/account.ts'
import { organisationCode, type Organisation } from '#domain/organisation/organisation.ts'
import type { Acting, Known } from '#domain/organisation/store.ts'
import type { Person } from '#domain/registry/person.ts'
import type { Purpose, TestPerson } from '#domain/registry/test-people.ts'
import type { House } from '#app/house.ts'

type Tools = Pick<House, 'registry' | 'accounts' | 'organisations' | 'clock'>
type Members = { director: Person; holder: Person }

/** Its name says what it is. No organisation that is made up elsewhere has its number. */
export const sample = { code: organisationCode.parse('0199999999'), name: 'Công ty TNHH Bình Minh (dữ liệu mẫu)' } as const
/** What the log of record says in place of what officers have seen. */
const reason = 'sample data of a development start'
const mandateDays = 364

/**
 * One organisation to try, of a development start and of no other: the ordinary adult represents it by law and offers the person with a single
 * name a mandate for these services. Both are raised to level 2 as soon as they have registered, by the operator and without any evidence, so that
 * nothing claims a check in person that nobody made.
 */
export async function bringOrganisation(house: Tools, five: readonly TestPerson[], services: readonly ClientId[]): Promise<void> {
  const of = (purpose: Purpose) => five.find((one) => one.purpose === purpose)?.person
  const [director, holder] = [of('adult'), of('single-name')]
  if (director === undefined || holder === undefined) return
  await house.organisations.importAll(registration(director))
  const settle = async () => settleSample(house, { director, holder }, services)
  const { open } = house.accounts
  // They are raised when they register, for nobody sits at a desk here.
  house.accounts.open = async (opening) => {
    const opened = await open(opening)
    if (opened) await settle()
    return opened
  }
  await settle()
}

/** What a newcomer is told of it. */
export function organisationLines(five: readonly TestPerson[]): readonly string[] {
  const [director, holder] = [five.find(({ purpose }) => purpose === 'adult'), five.find(({ purpose }) => purpose === 'single-name')]
  if (director === undefined || holder === undefined) return []
  return [`${director.person.name} represents ${sample.name} and offers ${holder.person.name} a mandate; both have level 2 without a desk.`]
}

/** What the business registration would say. */
async function* registration({ number, name }: Person): AsyncGenerator<readonly Organisation[]> {
  yield [{
    id: organisationId.parse(newId()), ...sample, address: 'Số 1, đường Lê Lợi, Hà Nội', state: 'operating',
    representatives: [{ number, name, since: '2020-01-01' }], source: { version: 1, confirmedAt: '2026-01-01T00:00:00Z' },
  }]
}

/** Does what is left to do, and nothing twice: people register in any order, and a start may find everything there. */
async function settleSample(tools: Tools, { director, holder }: Members, services: readonly ClientId[]): Promise<void> {
  await raised(tools, holder)
  const by = await raised(tools, director)
  const known = await tools.organisations.findByCode(sample.code)
  if (by === undefined || known === undefined) return
  if (known.account === undefined) await openAccount(tools, known, by)
  if ((await tools.organisations.mandatesOf(known.organisation.id, 1)).length > 0) return
  const [startsOn, endsOn] = [by.at, new Date(by.at.getTime() + mandateDays * 86_400_000)].map(dayInVietnam)
  if (startsOn === undefined || endsOn === undefined) return
  const { number, name } = holder
  await tools.organisations.offer({
    id: mandateId.parse(newId()), organisation: known.organisation.id, role: 'accountant', scope: { services: [...services], sectors: [] }, startsOn, endsOn, named: { number, name },
  }, by)
}

/** The account of this person, of level 2 from now on; `undefined` where they have none. */
async function raised({ registry, accounts, clock }: Tools, { number }: Person): Promise<Acting | undefined> {
  const person = await registry.findByNumber(number)
  const account = person && notEnded(await accounts.findByPerson(person.id))
  if (account === undefined) return undefined
  const at = clock.now()
  if (account.level === 1) await accounts.move(account.id, { to: 'raise', by: 'operator' }, at)
  return { person: account.person, account: account.id, at }
}

/** The steps of docs/organisations.md, with officers who are nobody. */
async function openAccount({ organisations }: Tools, { organisation: { id: organisation } }: Known, by: Acting): Promise<void> {
  const id = applicationId.parse(newId())
  const officer = () => ({ account: accountId.parse(crypto.randomUUID()), at: by.at, reason })
  await organisations.apply(organisation, { id, reference: reference() }, by)
  await organisations.examine(id, officer())
  await organisations.issue(id, officer())
  await organisations.move(organisation, { to: 'activate', by: 'representative' }, by)
}
