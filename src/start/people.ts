import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { accountId } from '#kernel/id.ts'
import { paperOf } from '#domain/account/entitlement.ts'
import { readClient } from '#domain/client/client.ts'
import { groupedNumber } from '#domain/registry/personal-number.ts'
import { person, type Person } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { purposes, testPeople, type Purpose, type TestPerson } from '#domain/registry/test-people.ts'
import { countryName } from '#web/i18n/country.ts'
import type { House } from '#app/house.ts'

/** The population of a development start: always the same people. */
const population = { people: 10_000, seed: 'dinh-danh' }
const batchSize = 500

/**
 * Fills an empty house with synthetic people and writes down, beside the database, whom to try it as; a later version may
 * make up other people. `progress` hears how many are in.
 */
export async function bringPeople(house: House, dataDir: string, progress: (done: number, of: number) => void): Promise<readonly TestPerson[]> {
  const note = join(dataDir, 'test-people.json')
  if ((await house.registry.count()) > 0) return readNote(note)
  await house.registry.importAll(batches(), (done) => progress(done, population.people))
  const five = testPeople(people(population))
  await lockOne(house, five)
  await writeFile(note, JSON.stringify(five))
  return five
}

const noted = z.array(z.object({ purpose: z.enum(purposes), person }))

async function readNote(note: string): Promise<readonly TestPerson[]> {
  const text = await readFile(note, 'utf8').catch(() => '[]')
  return noted.parse(JSON.parse(text))
}

async function* batches(): AsyncGenerator<readonly Person[]> {
  let batch: Person[] = []
  for (const one of people(population)) {
    batch.push(one)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The last of the five has an account already, and it is locked. */
async function lockOne({ accounts, registry, clock }: House, five: readonly TestPerson[]): Promise<void> {
  const chosen = five.find(({ purpose }) => purpose === 'locked')
  const holder = chosen && (await registry.findByNumber(chosen.person.number))
  if (holder === undefined) return
  const id = accountId.parse(randomUUID())
  const now = clock.now()
  await accounts.open({ account: { id, person: holder.id, level: 1, state: 'active', locks: [], createdAt: now, ...paperOf(holder) } })
  await accounts.move(id, { to: 'lock', ground: 'competent-body', by: 'operator' }, now)
}

/** The numbers of those who have an account by now. */
export async function holdersAmong({ accounts, registry }: Pick<House, 'accounts' | 'registry'>, people: readonly TestPerson[]): Promise<ReadonlySet<string>> {
  const numbers = await Promise.all(people.map(async ({ person: { number } }) => {
    const holder = await registry.findByNumber(number)
    return holder && (await accounts.findByPerson(holder.id)) ? [number] : []
  }))
  return new Set(numbers.flat())
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
  minor: 'is refused: under 14, a parent registers',
  locked: 'is refused: has an account already, and it is locked',
}

/** One line for each test person: number, name, birth date, and what to expect. */
export function personLines(five: readonly TestPerson[], holders: ReadonlySet<string>): readonly string[] {
  const width = Math.max(...five.map(({ person: { name } }) => name.length))
  // A foreigner names themself by the passport, which nobody could guess.
  const papers = ({ kind, passport }: Person) => (kind === 'foreigner' && passport !== undefined && passport !== null ? `, passport ${passport.number} of ${countryName(passport.country, 'en')}` : '')
  const remark = ({ purpose, person: one }: TestPerson) => (holders.has(one.number) && purpose !== 'locked' ? 'has an account: sign in' : `${remarks[purpose]}${papers(one)}`)
  return five.map((one) => `${groupedNumber(one.person.number)}   ${one.person.name.padEnd(width)}   ${shownDate(one.person.birthDate)}   ${remark(one)}`)
}

function shownDate(birthDate: string): string {
  return birthDate.split('-').toReversed().join('/').padStart(10)
}
