import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { dayInVietnam, systemClock, type Clock, type Day } from '#kernel/clock.ts'
import { personId, type PersonId } from '#kernel/id.ts'
import { paperOf } from '#domain/account/entitlement.ts'
import { namedFor, noLongerNamed } from '#domain/acting/representation.ts'
import { merged, numberHistory } from '#domain/registry/merge.ts'
import type { Person, PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Sealer } from '#keys/seal.ts'
import { endAccountsOf, endReplaced, endSessionsOf, renewPapersOf } from './account-moves.ts'
import { putCourtDays } from './court-days.ts'
import type { Database, Db } from './db.ts'
import { openPerson } from './person-open.ts'
import { passportIndex, passportRows, sealedColumns, sealedNumbers, sealedRow } from './person-row.ts'
import type { NumberRow, PersonRow } from './person-row.ts'

type FoundRow = PersonRow & { blind: Uint8Array; number: Uint8Array; valid_to: string | null; reason: Uint8Array | null }

/** Our own names, fixed when the program starts; as text they cost a find nothing. */
const all = sql.raw(`p.id, p.kind, p.life, p.source_version, p.confirmed_at, ${sealedColumns.map((column) => `p.${column}`).join(', ')},
  n.blind, n.number, n.valid_to, n.reason`)

/** People with all their numbers, one row for each number; nearly everybody has one. */
const found = (which: RawBuilder<unknown>): RawBuilder<FoundRow> => sql<FoundRow>`
  select ${all} from person p join person_number n on n.person_id = p.id where p.id ${which}`

function opened(sealer: Sealer, rows: readonly FoundRow[]): readonly Person[] {
  const groups = Map.groupBy(rows, ({ id }) => id).values()
  return [...groups].flatMap((numbers) => {
    const [row] = numbers
    return row === undefined ? [] : [openPerson(sealer, row, numbers satisfies readonly NumberRow[])]
  })
}

const holderOf = (blind: Uint8Array) =>
  sql`= (select person_id from person_number where blind = ${blind} and valid_to is null)`

/** A door, which may lead to one without deadlines: an import holds a transaction longer than any request may. */
type Door = Db & Partial<Pick<Database, 'patiently'>>

const patiently = <T>(db: Door, work: (slow: Db) => Promise<T>): Promise<T> =>
  db.patiently === undefined ? work(db) : db.patiently(work)

/** The registry in PostgreSQL and PGlite. Sealed values go in as one JSON parameter a batch, which both engines take alike. */
export const registry = (db: Door, sealer: Sealer, clock: Clock = systemClock): RegistryStore => ({
  async find(id) {
    return opened(sealer, await db.rows(found(sql`= ${id}`)))[0]
  },
  async findByNumber(number) {
    return opened(sealer, await db.rows(found(holderOf(sealer.index('personal-number', number)))))[0]
  },
  async idByNumber(number) {
    const row = await db.first(sql<{ person_id: string }>`select person_id from person_number where blind = ${sealer.index('personal-number', number)} and valid_to is null`)
    return row && personId.parse(row.person_id)
  },
  async findByPassport(passport) {
    const blind = passportIndex(sealer, passport)
    return opened(sealer, await db.rows(found(sql`= (select min(person_id::text)::uuid from person_passport where blind = ${blind} having count(*) = 1)`)))[0]
  },
  async whose(numbers) {
    const blinds = new Map(numbers.map((number) => [base64(sealer.index('personal-number', number)), number]))
    const rows = await db.rows(sql<{ blind: Uint8Array; person_id: string }>`
      select blind, min(person_id::text) as person_id from person_number
      where blind = any(array(select decode(value, 'base64') from json_array_elements_text(${JSON.stringify([...blinds.keys()])}::json)))
      group by blind having count(distinct person_id) = 1`)
    return new Map(rows.flatMap(({ blind, person_id: id }) => {
      const number = blinds.get(base64(blind))
      return number === undefined ? [] : [[number, personId.parse(id)] as const]
    }))
  },
  importAll: (persons, progress) => patiently(db, (slow) => slow.transaction(async (open) => {
    // One import at a time: two would wait for each other's rows in different orders.
    await open.rows(sql`select pg_advisory_xact_lock(${importLock})`)
    const done = { inserted: 0, replaced: 0 }
    let seen = 0
    for await (const batch of persons) {
      const { fresh, changed, died, decided, orphaned, courts } = sort(batch, await holders(open, sealer, batch), dayInVietnam(clock.now()))
      await replace(open, sealer, changed)
      await renewPapersOf(open, changed.map((person) => ({ person: person.id, ...paperOf(person) })), clock.now())
      await endAccountsOf(open, died, clock.now())
      await endSessionsOf(open, decided.map(({ id }) => id), clock.now())
      await insert(open, sealer, fresh)
      await putCourtDays(open, courts, clock.now())
      for (const person of orphaned) await endReplaced(open, { person: person.id, blinds: blindsOf(sealer, person, clock.now()), at: clock.now() })
      done.inserted += fresh.length
      done.replaced += changed.length
      seen += batch.length
      progress?.(seen)
    }
    // The embedded engine never does this by itself, and a planner that thinks the tables empty reads them whole.
    if (done.inserted >= batchWorthCounting) await open.change(sql`analyze person, person_number`)
    return done
  })),
  async count() {
    return (await db.first(sql<{ people: number }>`select count(*) as people from person`))?.people ?? 0
  },
})

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** By what those are found who may still act for this person. */
function blindsOf(sealer: Sealer, person: Person, at: Date): readonly Uint8Array[] {
  return namedFor(person, dayInVietnam(at)).flatMap(({ number }) => (number === undefined ? [] : [sealer.index('personal-number', number)]))
}

/** An arbitrary name for the lock; no other lock of this program has it. */
const importLock = 7_019_530

const batchWorthCounting = 1_000

const claimedNumbers = ({ number, formerNumbers }: Person): readonly PersonalNumber[] =>
  [number, ...numberHistory(formerNumbers, number).toReversed().map((former) => former.number)]

/**
 * Those whom somebody in the batch may be: by the number that is valid now, or one that the row says was cancelled. Lateral,
 * so that each number is looked up in the index; as a semi-join the planner reads the whole table for each batch.
 */
async function holders(db: Db, sealer: Sealer, batch: readonly Person[]): Promise<ReadonlyMap<PersonalNumber, Person>> {
  const numbers = batch.flatMap(claimedNumbers)
  const blinds = JSON.stringify(numbers.map((number) => Buffer.from(sealer.index('personal-number', number)).toString('base64')))
  const rows = await db.rows(found(sql`in (
    select held.person_id from json_array_elements_text(${blinds}::json) as claimed, lateral (
      select person_id from person_number where blind = decode(claimed.value, 'base64') and valid_to is null limit 1) as held)`))
  return new Map(opened(sealer, rows).map((person) => [person.number, person]))
}

type Sorted = { fresh: Person[]; changed: Person[]; died: PersonId[]; /** About whom a court has decided. */ decided: Person[]; /** Of whom the source says whether there is a guardianship. */ courts: Person[]; /** Whose representative is named no more. */ orphaned: Person[] }

/** Who is new, who changed, and what about them. The valid number decides; after it the one cancelled last. */
function sort(batch: readonly Person[], held: ReadonlyMap<PersonalNumber, Person>, today: Day): Sorted {
  const sorted: Sorted = { fresh: [], changed: [], died: [], decided: [], courts: [], orphaned: [] }
  const { fresh, changed, died, decided, courts, orphaned } = sorted
  for (const person of batch) {
    const number = claimedNumbers(person).find((candidate) => held.has(candidate))
    const known = number === undefined ? undefined : held.get(number)
    if (person.guardianship !== undefined) courts.push({ ...person, id: known?.id ?? person.id })
    if (known === undefined) fresh.push({ ...person, formerNumbers: numberHistory(person.formerNumbers, person.number) })
    else {
      const now = merged(known, person)
      if (!isDeepStrictEqual(now, known)) changed.push(now)
      if (!isDeepStrictEqual(now.guardianship ?? null, known.guardianship ?? null)) decided.push(now)
      if (noLongerNamed(known, now, today)) orphaned.push(now)
      if (now.life.status === 'deceased' && known.life.status !== 'deceased') died.push(now.id)
    }
  }
  return sorted
}

const bytes = (columns: readonly string[]) => sql.join(columns.map((column) => sql`decode(${sql.ref(`r.${column}`)}, 'base64')`))
const texts = sql.join(sealedColumns.map((column) => sql`${sql.ref(column)} text`))
const columns = sql.join(sealedColumns.map((column) => sql.ref(column)))

const recordsOf = (sealer: Sealer, people: readonly Person[]) => sql`
  json_to_recordset(${JSON.stringify(people.map((person) => sealedRow(sealer, person)))}::json) as r(
    id uuid, kind text, life text, province text, source_version bigint, confirmed_at timestamptz, ${texts})`

async function insert(db: Db, sealer: Sealer, people: readonly Person[]): Promise<void> {
  if (people.length === 0) return
  await db.change(sql`
    insert into person (id, kind, life, province, source_version, confirmed_at, ${columns})
    select r.id, r.kind, r.life, r.province, r.source_version, r.confirmed_at, ${bytes(sealedColumns)}
    from ${recordsOf(sealer, people)}`)
  await insertNumbers(db, sealer, people)
  await insertPassports(db, sealer, people)
}

async function insertPassports(db: Db, sealer: Sealer, people: readonly Person[]): Promise<void> {
  const rows = passportRows(sealer, people)
  if (rows.length === 0) return
  await db.change(sql`
    insert into person_passport (blind, person_id) select decode(r.blind, 'base64'), r.person_id
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(blind text, person_id uuid)`)
}

async function insertNumbers(db: Db, sealer: Sealer, people: readonly Person[]): Promise<void> {
  const numbers = JSON.stringify(people.flatMap((person) => sealedNumbers(sealer, person)))
  await db.change(sql`
    insert into person_number (blind, person_id, number, valid_from, valid_to, reason)
    select decode(r.blind, 'base64'), r.person_id, decode(r.number, 'base64'), r.valid_from, r.valid_to, decode(r.reason, 'base64')
    from json_to_recordset(${numbers}::json) as r(
      blind text, person_id uuid, number text, valid_from date, valid_to date, reason text)`)
}

async function replace(db: Db, sealer: Sealer, people: readonly Person[]): Promise<void> {
  if (people.length === 0) return
  const ids = JSON.stringify(people.map(({ id }) => id))
  await db.change(sql`
    update person set (kind, life, province, source_version, confirmed_at, ${columns}) =
      row(r.kind, r.life, r.province, r.source_version, r.confirmed_at, ${bytes(sealedColumns)})
    from ${recordsOf(sealer, people)} where person.id = r.id`)
  await db.change(sql`
    delete from person_number where person_id in (select value::uuid from json_array_elements_text(${ids}::json))`)
  await insertNumbers(db, sealer, people)
  await db.change(sql`delete from person_passport where person_id in (select value::uuid from json_array_elements_text(${ids}::json))`)
  await insertPassports(db, sealer, people)
}
