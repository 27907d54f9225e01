import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { newId, personId } from '#kernel/id.ts'
import { importFile, toCsv } from '#domain/registry/import.ts'
import { person as schema, personalNumber } from '#domain/registry/person.ts'
import type { Person } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { people } from '#domain/registry/synthetic.ts'
import { makeSealer } from '#keys/sealer.ts'
import type { Database } from '#storage/postgres/db.ts'
import { registry } from '#storage/postgres/registry.ts'
import { databases } from '#test/support/engines.ts'
import { aForeigner, aPassport } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const number = (digits: string) => personalNumber.parse(digits)
const [base] = people({ people: 1, seed: 'base' })
const lan = (changes: Partial<Person> = {}): Person => schema.parse({ ...base, number: '079303001234', formerNumbers: [], ...changes })
const later = { version: 100, confirmedAt: '2026-11-01T00:00:00Z' }

async function* batches(...all: readonly (readonly Person[])[]) {
  yield* all
}

async function* once(text: string) {
  yield Buffer.from(text)
}

describe.each(Object.entries(databases))('a registry on %s', (_name, open) => {
  let db: Database
  let store: RegistryStore
  beforeEach(async () => {
    db = await open()
    store = registry(db, sealer)
  })

  test('gives back everything that was put in, by id and by number', async () => {
    const population = [...people({ people: 600, seed: 'all' })]
    const heard: number[] = []
    expect(await store.importAll(batches(population.slice(0, 400), population.slice(400)), (done) => heard.push(done)))
      .toEqual({ inserted: 600, replaced: 0 })
    expect(heard).toEqual([400, 600])
    expect(await store.count()).toBe(600)
    for (const person of population.slice(0, 40)) {
      expect(await store.find(person.id)).toStrictEqual(person)
      expect(await store.findByNumber(person.number)).toStrictEqual(person)
      expect(await store.idByNumber(person.number)).toBe(person.id)
    }
    const renumbered = population.find(({ formerNumbers }) => formerNumbers.length > 0)
    expect(renumbered && (await store.find(renumbered.id))).toStrictEqual(renumbered)
  })

  test('knows nobody whom it was not told of', async () => {
    await store.importAll(batches([lan()]))
    expect(await store.find(personId.parse(newId()))).toBeUndefined()
    expect([await store.findByNumber(number('079303009999')), await store.idByNumber(number('079303009999'))]).toEqual([undefined, undefined])
  })

  test('whose a number is, valid or cancelled; of one that was two people’s it is nobody’s', async () => {
    const [old, shared, fresh] = [number('079303001111'), number('079303002222'), number('079303003333')]
    const cancelled = (one: typeof old) => ({ number: one, cancelledOn: '2026-02-01', reason: 'sửa sai' })
    const [one, other] = [lan({ formerNumbers: [cancelled(old), cancelled(shared)] }), lan({ id: personId.parse(newId()), number: shared })]
    await store.importAll(batches([one]))
    expect(await store.whose([old, shared, fresh])).toEqual(new Map([[old, one.id], [shared, one.id]]))
    await store.importAll(batches([other]))
    expect(await store.whose([old, shared, fresh, one.number])).toEqual(new Map([[old, one.id], [one.number, one.id]]))
    expect(await store.whose([])).toEqual(new Map())
  })

  test('a foreigner is found by passport and state, by the one of today, and nobody by one that two have', async () => {
    const kim = aForeigner({ id: personId.parse(newId()) })
    const passport = aPassport()
    await store.importAll(batches([lan(), kim]))
    expect(await store.findByPassport(passport)).toStrictEqual(kim)
    expect(await store.findByPassport({ ...passport, country: 'JPN' })).toBeUndefined()
    const renewed = aForeigner({ passport: aPassport({ number: 'M99999999', expiresOn: '2036-01-01' }), source: later })
    await store.importAll(batches([renewed]))
    expect(await store.findByPassport(passport)).toBeUndefined()
    expect((await store.findByPassport(aPassport({ number: 'M99999999' })))?.id).toBe(kim.id)
    await store.importAll(batches([aForeigner({ number: number('101090009999'), passport: aPassport({ number: 'M99999999' }) })]))
    expect(await store.findByPassport(aPassport({ number: 'M99999999' }))).toBeUndefined()
    await store.importAll(batches([aForeigner({ passport: null, source: { ...later, version: 101 } })]))
    expect((await store.findByPassport(aPassport({ number: 'M99999999' })))?.number).toBe('101090009999')
  })

  test('the same people again change nothing', async () => {
    const population = [...people({ people: 300, seed: 'twice' })]
    await store.importAll(batches(population))
    expect(await store.importAll(batches(population))).toEqual({ inserted: 0, replaced: 0 })
    expect(await store.count()).toBe(300)
  })

  test('a newer record replaces the older under the id it always had', async () => {
    const first = lan()
    await store.importAll(batches([first]))
    const newer = lan({ id: personId.parse(newId()), phones: ['+84000123456'], life: { status: 'missing', on: '2026-01-02' }, source: later })
    expect(await store.importAll(batches([newer]))).toEqual({ inserted: 0, replaced: 1 })
    expect(await store.findByNumber(first.number)).toStrictEqual({ ...newer, id: first.id })
    expect(await store.find(newer.id)).toBeUndefined()
  })

  test('an item that the source no longer has is gone', async () => {
    await store.importAll(batches([lan()]))
    const { permanentResidence: _, ...without } = lan({ source: later, emails: [] })
    await store.importAll(batches([schema.parse(without)]))
    const now = await store.findByNumber(lan().number)
    expect(now?.permanentResidence).toBeUndefined()
    expect(now?.emails).toEqual([])
  })

  test('a record older than the one held changes nothing', async () => {
    await store.importAll(batches([lan({ source: later })]))
    expect(await store.importAll(batches([lan({ name: 'Tên Cũ', source: { ...later, version: 99 } })]))).toEqual({ inserted: 0, replaced: 0 })
    expect((await store.findByNumber(lan().number))?.name).toBe(lan().name)
  })

  test('a replaced number finds its owner, the cancelled one nobody, and the history only grows', async () => {
    const first = lan()
    await store.importAll(batches([first]))
    const cancelled = { number: first.number, cancelledOn: '2026-05-06', reason: 'Cải chính năm sinh' }
    const renumbered = lan({ number: number('079304005678'), formerNumbers: [cancelled], source: later })
    expect(await store.importAll(batches([renumbered]))).toEqual({ inserted: 0, replaced: 1 })
    expect(await store.findByNumber(first.number)).toBeUndefined()
    expect(await store.findByNumber(renumbered.number)).toStrictEqual({ ...renumbered, id: first.id })

    const again = lan({ number: renumbered.number, formerNumbers: [], source: { ...later, version: 101 } })
    await store.importAll(batches([again]))
    expect((await store.find(first.id))?.formerNumbers).toEqual([cancelled])
    expect(await store.count()).toBe(1)
  })

  test('an import that ends in an error leaves everything as it was', async () => {
    await store.importAll(batches([lan()]))
    async function* broken() {
      yield [...people({ people: 50, seed: 'broken' })]
      yield [lan({ name: 'Tên Mới', source: later })]
      throw new Error('the file ended in the middle of a row')
    }
    await expect(store.importAll(broken())).rejects.toThrow('the file ended')
    expect(await store.count()).toBe(1)
    expect((await store.findByNumber(lan().number))?.name).toBe(lan().name)
  })

  test('of racing imports of the same people one puts them in', async () => {
    const population = [...people({ people: 60, seed: 'race' })]
    const both = await Promise.all(Array.from({ length: 4 }, () => registry(db, sealer).importAll(batches(population))))
    expect(both.map(({ inserted }) => inserted).toSorted((one, other) => one - other)).toEqual([0, 0, 0, 60])
    expect(await store.count()).toBe(60)
  })

  test('a number belongs to one person at a time', async () => {
    const two = [lan(), lan({ id: personId.parse(newId()) })]
    await expect(store.importAll(batches(two))).rejects.toThrow()
    expect(await store.count()).toBe(0)
  })

  test('a file with a refused row brings the others in; the file again changes nothing; a broken one nothing at all', async () => {
    const lines = [...toCsv(people({ people: 20, seed: 'file' }))]
    const [header = '', ...rows] = lines
    const bad = rows[3]?.replace(/\d{12}/, '12345') ?? ''
    const file = [header, ...rows.slice(0, 3), bad, ...rows.slice(4)].join('')
    const options = { today: '2026-11-22' }
    const first = await importFile({ registry: store }, once(file), options)
    expect(first).toMatchObject({ is: 'imported', report: { read: 20, refused: 1, inserted: 19 } })
    expect(await importFile({ registry: store }, once(file), options))
      .toMatchObject({ is: 'imported', report: { inserted: 0, replaced: 0, unchanged: 19 } })
    expect(await importFile({ registry: store }, once(`${lines.join('')}"open`), options))
      .toMatchObject({ is: 'nothing', fault: { code: 'quote-broken', line: 22 } })
    expect(await store.count()).toBe(19)
  })

  test('a dump holds nothing that could be read', async () => {
    const canaries = Array.from({ length: 14 }, (_, at) => `CANARYBIRD${at}`)
    const [name, other, text, commune, ethnicity, religion, kin, absence, file, relation, member, extra, issuer, reason] = canaries
    await store.importAll(batches([lan({
      number: number('079303777555'), birthDate: '2003-07-13', formerNumbers: [{ number: number('079302666444'), cancelledOn: '2020-01-01', reason: `${reason}` }],
      name: `${name}`, otherName: `${other}`, birthPlace: { text: `${text}` }, hometown: { text: `${text}` },
      permanentResidence: { text: `${text}`, province: '79', commune: `${commune}` }, currentResidence: { text: `${text}`, province: '79' },
      temporaryResidence: { text: `${text}` }, birthRegistrationPlace: { text: `${text}` }, ethnicity: `${ethnicity}`, religion: `${religion}`,
      relations: [{ kind: 'mother', name: `${kin}`, number: number('079175888333') }], temporaryAbsence: `${absence}`, residenceFile: `${file}`,
      householdRelation: `${relation}`, household: [{ name: `${member}` }], other: { note: `${extra}` }, oldNumber: '271828182',
      card: { kind: 'can-cuoc', issuedOn: '2025-01-01', issuedAt: `${issuer}` }, phones: ['+84000424242'], emails: ['canarybird@example.com'],
    })]))
    const dump = await dumpOf(db)
    expect(dump).toContain('"province":"79"')
    const secrets = ['CANARYBIRD', 'canarybird', '079303777555', '079302666444', '079175888333', '2003-07-13', '271828182', '000424242', 'female']
    expect(secrets.filter((secret) => dump.includes(secret) || dump.includes(Buffer.from(secret).toString('hex')))).toEqual([])
  })

  test('a sealed value does not open in the row or column of another', async () => {
    const [one, other] = [lan(), lan({ id: personId.parse(newId()), number: number('079303005555') })]
    await store.importAll(batches([one, other]))
    await db.change(sql`update person set name = (select name from person where id = ${other.id}) where id = ${one.id}`)
    const robbed = await store.find(one.id)
    expect(robbed?.birthDate).toBe(one.birthDate)
    expect(() => robbed?.name).toThrow(expect.objectContaining({ code: 'sealed.unreadable' }))
    await db.change(sql`update person set hometown = birth_place where id = ${other.id}`)
    const mixed = await store.find(other.id)
    expect(() => mixed?.hometown).toThrow(expect.objectContaining({ code: 'sealed.unreadable' }))
    await db.change(sql`update person set details = (select details from person where id = ${one.id}) where id = ${other.id}`)
    await expect(store.find(other.id)).rejects.toMatchObject({ code: 'sealed.unreadable' })
    await db.change(sql`update person_number set number = (select number from person_number where person_id = ${one.id})`)
    expect((await store.find(one.id))?.number).toBe(one.number)
    await db.change(sql`update person_number set number = set_byte(number, 20, get_byte(number, 20) # 1) where person_id = ${one.id}`)
    const altered = await store.find(one.id)
    expect(() => altered?.number).toThrow(expect.objectContaining({ code: 'sealed.unreadable' }))
  })
})

/** Every row of every table as text, as `pg_dump` would have it. */
async function dumpOf(db: Database): Promise<string> {
  const tables = await db.rows(sql<{ name: string }>`select tablename as name from pg_tables where schemaname = 'public'`)
  const dumps = await Promise.all(tables.map(({ name }) => db.rows(sql<{ row: string }>`select row_to_json(t)::text as row from ${sql.table(name)} t`)))
  return dumps.flat().map(({ row }) => row).join('\n')
}
