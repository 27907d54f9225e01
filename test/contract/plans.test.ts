import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, clientId, newId, passkeyId, personId, sector } from '#kernel/id.ts'
import { passportNumber } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { makeSealer } from '#keys/sealer.ts'
import { accounts } from '#storage/postgres/accounts.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import { consents } from '#storage/postgres/consents.ts'
import { contacts } from '#storage/postgres/contacts.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { kept } from '#storage/postgres/kept.ts'
import { notices } from '#storage/postgres/notices.ts'
import { organisationDirectory } from '#storage/postgres/organisation-directory.ts'
import { organisations } from '#storage/postgres/organisations.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { recoveryCodes } from '#storage/postgres/recovery.ts'
import { registry } from '#storage/postgres/registry.ts'
import { serviceSessions } from '#storage/postgres/service-sessions.ts'
import { subjects } from '#storage/postgres/subjects.ts'
import { copiesOf, fillings } from '#bench/scale-filling.ts'
import { addEvents } from '#test/support/audit-events.ts'
import { databases } from '#test/support/engines.ts'
import { explaining, indexesIn, readWhole, type Explained } from '#test/support/plans.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const [imported, times] = [200, 50]
const at = new Date()
const portal = clientId.parse('portal')

/** Tables in which there is a row or more for each person; the others stay as small as the country's services and officers are few. */
const filled = ['person', 'person_number', 'account', 'account_lock', 'court_day', 'passkey', 'subject', 'consent', 'contact', 'notice', 'service_session', 'kept', 'audit_event', 'recovery_code']

const rest = [
  sql`insert into account_lock (account_id, ground, since) select id, 'holder-request', now() from account where get_byte(uuid_send(id), 15) % 3 = 0`,
  sql`insert into court_day (person_id, day) select person_id, '2040-01-01' from account where get_byte(uuid_send(id), 15) % 3 = 1`,
  sql`insert into notice (account_id, id, occasion, at) select id, gen_random_uuid(), '{"of": "account-opened"}', created_at from account`,
  sql`insert into kept (name, value, expires_at) select sha256(uuid_send(id)), 'x', now() + interval '1 day' from account`,
  sql`insert into recovery_code (account_id, id, hash, made_at) select id, gen_random_uuid(), sha256(uuid_send(id)), now() from account`,
]

/** Ten thousand people with all that they have; of two hundred the record can be opened. */
async function fill(db: Database): Promise<void> {
  // With ids as an import gives them.
  const everybody = [...people({ people: imported, seed: 'plans' })].map((person) => ({ ...person, id: personId.parse(newId()) }))
  await registry(db, sealer).importAll((async function* inOneBatch() {
    yield everybody
  })())
  await db.patiently(async (slow) => {
    for (const statement of [...copiesOf(times), ...Object.values(fillings).flat(), ...rest]) await slow.change(statement)
    await addEvents(slow, { to: 10_000 }, 10_000)
    await slow.change(sql.raw(`analyze ${filled.join(', ')}`))
  })
}

/** Each has applied once; all have the same name but for a number. */
const organisationsOf = (many: number) => [
  sql`
    insert into organisation (id, code, name, state, source_version, confirmed_at)
    select gen_random_uuid(), '01' || lpad(n::text, 8, '0'), 'Công ty TNHH Đồng-Tâm số ' || n || ' & Con', 'operating', 1, now() from generate_series(1, ${many}::int) as n`,
  sql`
    insert into organisation_application (id, reference, organisation_id, person_id, account_id, state, applied_at, due_on, decided_at, examined_by, decided_by)
    select gen_random_uuid(), 'REF-' || right(code, 8)::int || '-X', id, gen_random_uuid(), gen_random_uuid(), 'issued', now(), '2026-11-01', now(), gen_random_uuid(), gen_random_uuid() from organisation`,
  sql`analyze organisation, organisation_application`,
]

/** Somebody with an account, grown or not. */
async function somebody(db: Database) {
  const row = await db.first(sql<{ person: string; account: string; passkey: string; sub: string }>`
    select a.person_id as person, a.id as account, k.id as passkey, s.sub from account a join passkey k on k.account_id = a.id join subject s on s.account_id = a.id
    where substr(a.person_id::text, 15, 1) = '7' order by a.id limit 1`)
  const person = await registry(db, sealer).find(personId.parse(row?.person))
  if (row === undefined || person === undefined) throw new Error('nobody was filled in')
  return { person, account: accountId.parse(row.account), passkey: passkeyId.parse(row.passkey), sub: row.sub }
}

/** Whatever a sign-in, a token, a registration and the holder's own pages ask of people's tables, each once. */
function acts(db: Db, { person, account, passkey, sub }: Awaited<ReturnType<typeof somebody>>): Readonly<Record<string, () => Promise<unknown>>> {
  const record = registry(db, sealer)
  const log = auditLog(db, systemClock)
  const sessions = serviceSessions(db, log)
  const session = { account, session: 'a-session-of-this-test', client: portal, sid: 'a-sid', grant: 'a-grant', since: at, endsAt: new Date(at.getTime() + 3_600_000) }
  return {
    'the person of an account': () => record.find(person.id),
    'a person by number': () => record.findByNumber(person.number),
    'a foreigner by passport': () => record.findByPassport({ country: 'LAO', number: passportNumber.parse('P1234567') }),
    'whose numbers these are': () => record.whose([person.number]),
    'an account': () => accounts(db, sealer).find(account),
    'the account of a person': () => accounts(db, sealer).findByPerson(person.id),
    'a passkey': () => passkeys(db).find(passkey),
    'the passkeys of an account': () => passkeys(db).ofAccount(account),
    'a passkey was used': () => passkeys(db).advance(passkey, { counter: 0, backedUp: true, at }),
    'a subject that is there': () => subjects(db).settle(account, sector.parse('portal.example'), sub),
    'a subject that is new': () => subjects(db).settle(account, sector.parse('bank.example'), `${sub}x`),
    'whose subject this is': () => subjects(db).accountOf(sub, sector.parse('portal.example')),
    'whose subjects these are': () => subjects(db).accountsOf([sub, 'nobody'], sector.parse('portal.example')),
    'what was agreed to': () => consents(db).find(account, portal),
    'what others agreed to': () => consents(db).byOthers(account, 50),
    'somebody agrees': () => consents(db).record({ account, client: portal, consent: { granted: {}, declined: {}, givenAt: at }, event: { type: 'account.shown', account, by: 'operator' } }),
    'an event': () => log.append({ type: 'account.shown', account, by: 'operator' }),
    'a session begins': () => sessions.begin(session, []),
    'a session ends': () => sessions.end({ account, reason: 'signed-out', session: session.session, at }),
    'all sessions of an account end': () => sessions.end({ account, reason: 'signed-out-everywhere', at }),
    'a refresh token': () => kept(db, sealer).get('token'),
    'a refresh token is kept': () => kept(db, sealer).put('token', 'x', 60),
    'a refresh token goes': () => kept(db, sealer).drop('token'),
    'addresses': () => contacts(db, sealer).ofAccount(account).catch(unreadable),
    'notices': () => notices(db, sealer).ofAccount(account),
    'recovery codes that are left': () => recoveryCodes(db, sealer).left(account),
    'whom this person represents': () => organisations(db, sealer, systemClock).representedBy(person.id),
    'mandates of this person': () => organisations(db, sealer, systemClock).mandatesFor(person.id),
  }
}

/** The addresses that were filled in are sealed by nobody; their statement has run by then. */
function unreadable(error: unknown): void {
  expect(error).toMatchObject({ code: 'sealed.unreadable' })
}

describe.each(Object.entries(databases))('a database with many people on %s', (_name, open) => {
  test('F04: no statement of a sign-in reads a table of people from one end to the other, and without its index one would', async () => {
    const db = await open()
    await fill(db)
    const known = await somebody(db)
    const seen: Explained[] = []
    const explained = explaining(db, (one) => void seen.push(one))
    const asked = acts(explained, known)
    const wholeIn = async (act: () => Promise<unknown>) => {
      seen.length = 0
      await act()
      expect(seen.length).toBeGreaterThan(0)
      return seen.flatMap(({ text, plan }) => readWhole(plan).filter((table) => filled.includes(table)).map((table) => `${table}: ${text}`))
    }
    const used = new Set<string>()
    const whole: string[] = []
    for (const [name, act] of Object.entries(asked)) {
      whole.push(...(await wholeIn(act)).map((which) => `${name}: ${which}`))
      for (const { plan } of seen) for (const index of indexesIn(plan)) used.add(index)
    }
    expect(whole).toEqual([])
    expect([...used]).toEqual(expect.arrayContaining(['person_pkey', 'person_number_person', 'account_pkey', 'passkey_pkey', 'subject_pkey', 'consent_pkey', 'contact_pkey', 'kept_pkey', 'account_lock_pkey', 'court_day_pkey']))

    // What is dropped here would be missed.
    await db.change(sql`drop index person_number_current`)
    await db.change(sql`alter table person_number drop constraint person_number_pkey`)
    await db.change(sql`drop index passkey_by_account`)
    const lost = async (name: keyof typeof asked) => expect([name, (await wholeIn(asked[name] ?? (async () => undefined))).length]).toEqual([name, 1])
    await lost('a person by number')
    await lost('the passkeys of an account')
  })

  test('F04: an application of an organisation is found among many by beginnings of words, and no name is read that does not fit', async () => {
    const db = await open()
    for (const statement of organisationsOf(10_000)) await db.change(statement)
    const seen: Explained[] = []
    const directory = organisationDirectory(explaining(db, (one) => void seen.push(one)))
    const found = async (text: string) => (await directory.search({ state: 'all', today: '2026-11-27', text, order: 'newest', offset: 0, most: 50 })).rows.map(({ organisation }) => organisation.name)
    const seventh = 'Công ty TNHH Đồng-Tâm số 7007 & Con'
    expect(await found('dong tam 7007')).toEqual([seventh])
    expect(await found('Đồng-Tâm, số 7007')).toEqual([seventh])
    expect(await found('0100007007')).toEqual([seventh])
    expect(await found('ref-7007-')).toEqual([seventh])
    expect(await found('ong tam 7007')).toEqual([])
    expect(await found('...')).toEqual([])
    expect((await found('cong ty 700')).length).toBe(11)
    // Applications may be joined whole: they are compared, where names are taken apart.
    expect(seen.flatMap(({ plan }) => readWhole(plan)).filter((table) => table === 'organisation')).toEqual([])
    expect([...new Set(seen.flatMap(({ plan }) => indexesIn(plan)))]).toEqual(expect.arrayContaining(['organisation_by_words', 'organisation_application_by_reference']))

    await db.change(sql`drop index organisation_by_words`)
    seen.length = 0
    await found('dong tam 7007')
    expect(seen.flatMap(({ plan }) => readWhole(plan))).toContain('organisation')
  })
})
