import { randomUUID } from 'node:crypto'
import { accountId } from '#kernel/id.ts'
import { readClient } from '#domain/client/client.ts'
import { groupedNumber } from '#domain/registry/personal-number.ts'
import type { Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { testPeople, type Purpose, type TestPerson } from '#domain/registry/test-people.ts'
import type { House } from './house.ts'

/** The population of a development start: always the same people. */
const population = { people: 10_000, seed: 'dinh-danh' }
const batchSize = 500

/** Fills an empty house with synthetic people. `progress` hears how many are in. */
export async function bringPeople({ registry }: House, progress: (done: number, of: number) => void): Promise<void> {
  if ((await registry.count()) > 0) return
  await registry.importAll(batches(), (done) => progress(done, population.people))
}

async function* batches(): AsyncGenerator<readonly Person[]> {
  let batch: Person[] = []
  for (const person of people(population)) {
    batch.push(person)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Five people to try the product as, the last one with an account that is locked. */
export async function bringTestPeople({ accounts, registry, clock }: House): Promise<readonly TestPerson[]> {
  const five = testPeople(people(population))
  const chosen = five.find(({ purpose }) => purpose === 'locked')
  const person = chosen && (await registry.findByNumber(chosen.person.number))
  if (person === undefined || (await accounts.findByPerson(person.id)) !== undefined) return five
  const id = accountId.parse(randomUUID())
  const now = clock.now()
  await accounts.open({ account: { id, person: person.id, level: 1, state: 'active', locks: [], createdAt: now, expiresOn: person.card?.expiresOn } })
  await accounts.lock(id, 'holder-request', now)
  return five
}

/** Registers clients from metadata that is part of this repository. */
export async function bringClients({ clients }: House, entries: readonly unknown[]): Promise<void> {
  for (const entry of entries) {
    const read = readClient(entry, { allowLocal: true })
    if ('fault' in read) throw new Error(read.fault)
    await clients.put(read.client)
  }
}

const remarks: Readonly<Record<Purpose, string>> = {
  adult: 'can register',
  'single-name': 'can register; a single name',
  foreigner: 'can register; a foreigner',
  minor: 'cannot register alone: under 14',
  locked: 'has an account, and it is locked',
}

/** One line for each test person: number, name, birth date, and what to expect. */
export function personLines(five: readonly TestPerson[]): readonly string[] {
  const width = Math.max(...five.map(({ person }) => person.name.length))
  return five.map(({ purpose, person }) =>
    `${groupedNumber(person.number)}   ${person.name.padEnd(width)}   ${shownDate(person.birthDate)}   ${remarks[purpose]}`)
}

function shownDate(birthDate: string): string {
  return birthDate.split('-').toReversed().join('/').padStart(10)
}
