import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import pg from 'pg'
import { beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest'
import { newId, proposalId } from '#kernel/id.ts'
import type { OnePlane } from '#kernel/plane.ts'
import { makeSealer } from '#keys/sealer.ts'
import type { Database } from '#storage/postgres/db.ts'
import { applyGrants, mustBeRoleOf } from '#storage/postgres/grant.ts'
import { columns, grants, roles, unwritten, verbsOf } from '#storage/postgres/grants.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { toldOnce } from '#storage/postgres/told-once.ts'
import { databases } from '#test/support/engines.ts'
import { makeUser } from '#test/support/database-users.ts'

const open = databases['postgres']

describe.skipIf(open === undefined)('A02: the roles of the database', () => {
  let database: Database
  beforeEach(async () => {
    if (open === undefined) throw new Error('no PostgreSQL in this run')
    database = await open()
    await applyGrants(database)
  })

  async function urlOf(user: string): Promise<string> {
    const url = new URL(String(inject('postgres')))
    url.username = user
    url.pathname = String((await database.first(sql<{ name: string }>`select current_database() as name`))?.name)
    return url.href
  }

  async function comeAs(plane: OnePlane): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: await urlOf(await makeUser(plane)) })
    await client.connect()
    onTestFinished(() => client.end())
    return client
  }

  const tables = () => database.rows(sql<{ name: string; column: string; part: boolean }>`
    select n.nspname || '.' || c.relname as name, c.relispartition as part, (select quote_ident(attname) from pg_attribute where attrelid = c.oid and attnum > 0 and attgenerated = '' order by attnum limit 1) as column
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'job') and c.relkind in ('r', 'p', 'v', 'm', 'f')`)
  const cellOf = (name: string, plane: OnePlane) => Object.entries(grants).find(([table]) => table === name)?.[1][plane === 'citizen' ? 0 : 1] ?? '----'

  test('every table stands in the table of grants, and nothing else does', async () => {
    const there = (await tables()).filter(({ name, part }) => !part || Object.hasOwn(grants, name)).map(({ name }) => name)
    expect(there.toSorted()).toEqual(Object.keys(grants).toSorted())
    expect(await database.rows(sql`select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'job') and c.relkind = 'S'`)).toEqual([])
  })

  test.each(['citizen', 'console'] as const)('L03: as %s every verb is tried on every table, and goes as the table says', async (plane) => {
    const client = await comeAs(plane)
    const outcome = async (statement: string) => {
      await client.query('begin')
      const code = await client.query(statement).then(() => 'done', (error: unknown) => (error instanceof pg.DatabaseError ? error.code : String(error)))
      await client.query('rollback')
      return code === '42501' ? 'refused' : 'allowed'
    }
    const all = await tables()
    expect(all.length).toBeGreaterThan(60)
    for (const { name, column } of all) {
      const may = verbsOf(cellOf(name, plane), columns[name]?.[plane])
      const told = {
        select: await outcome(`select 1 from ${name} where false`),
        insert: await outcome(`insert into ${name} default values`),
        update: await outcome(`update ${name} set ${column} = ${column} where false`),
        delete: await outcome(`delete from ${name} where false`),
        hold: await outcome(`select 1 from ${name} where false for share`),
        truncate: await outcome(`truncate ${name} cascade`),
        lock: await outcome(`lock table ${name} in access exclusive mode`),
        change: await outcome(`alter table ${name} disable trigger all`),
      }
      const says = (yes: boolean) => (yes ? 'allowed' : 'refused')
      expect({ name, ...told }).toEqual({
        name, select: says(may.includes('select')), insert: says(may.includes('insert')), update: says(may.includes('update')), delete: says(may.includes('delete')),
        hold: says(may.includes('select') && may.some((verb) => verb.startsWith('update'))),
        truncate: 'refused', lock: says(may.includes('update') || may.includes('delete')), change: 'refused',
      })
    }
    expect(await outcome('create table public.mine (id int)')).toBe('refused')
    expect(await outcome('create table job.mine (id int)')).toBe('refused')
    expect(await outcome(`create role ${roles.citizen}_more`)).toBe('refused')
  }, 60_000)

  const keyOf = (account: string, id: string = randomUUID()) => `
    insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
    values ('${id}', '${account}', '\\x00', 0, '{}', '${randomUUID()}', false, false, true, now())`
  const roleFor = (account: string, ends = "current_date + 20") => `insert into officer_role (id, account_id, role, since, ends_on) values (gen_random_uuid(), '${account}', 'auditor', now(), ${ends})`

  test.each(['citizen', 'console'] as const)('A02: as %s only those columns of a passkey are written that make it nobody else’s', async (plane) => {
    const client = await comeAs(plane)
    const all = await database.rows(sql<{ name: string }>`select column_name as name from information_schema.columns where table_schema = 'public' and table_name = 'passkey'`)
    const allowed: string[] = []
    for (const { name } of all) await client.query(`update passkey set ${name} = ${name} where false`).then(() => allowed.push(name), () => undefined)
    expect([all.length > 14, allowed.toSorted()]).toEqual([true, columns['public.passkey']?.[plane]])
  })

  test('A02: as citizen nobody gives a key to who holds an office, also not behind a table of their own; everybody else gets one', async () => {
    const client = await comeAs('citizen')
    const [officer, former, person] = [randomUUID(), randomUUID(), randomUUID()]
    await database.change(sql.raw(roleFor(officer)))
    await database.change(sql.raw(roleFor(former, "current_date - 2")))
    await expect(client.query(keyOf(officer))).rejects.toThrow('gets no passkey from here')
    await client.query('create temporary table officer_role (account_id uuid, ended_at timestamptz, ends_on date)')
    await expect(client.query(keyOf(officer))).rejects.toThrow('gets no passkey from here')
    for (const account of [former, person]) await expect(client.query(keyOf(account))).resolves.toMatchObject({ rowCount: 1 })
    await expect((await comeAs('console')).query(keyOf(person))).rejects.toThrow('permission denied')
  })

  test('A02: the keys that decide are those of when the role was given, and no plane of everybody names one', async () => {
    const [officer, before, after] = [randomUUID(), randomUUID(), randomUUID()]
    await database.change(sql.raw(keyOf(officer, before)))
    await database.change(sql.raw(roleFor(officer)))
    await database.change(sql.raw(keyOf(officer, after)))
    expect(await database.rows(sql`select passkey_id as id from officer_key where account_id = ${officer}`)).toEqual([{ id: before }])
    const named = `insert into officer_key (passkey_id, account_id, named_at) values ('${after}', '${officer}', now())`
    await expect((await comeAs('citizen')).query(named)).rejects.toThrow('permission denied')
    await expect(database.change(sql.raw(named.replace(officer, randomUUID())))).rejects.toThrow('not of this account')
    for (const tried of ['update officer_key set named_at = now()', 'delete from officer_key', 'truncate officer_key']) await expect(database.change(sql.raw(tried)), tried).rejects.toThrow('never changed or removed')
  })

  type Decided = { state?: string; proposer?: string; by?: string }
  /** A proposal as it stands when it was decided, of whatever signature. */
  async function decided(change: { act: string } & Record<string, unknown>, { state = 'approved', proposer = randomUUID(), by = randomUUID() }: Decided = {}): Promise<string> {
    const id = randomUUID()
    const [decider, at, evidence] = state === 'approved' ? [by, new Date(), '{}'] : [null, null, null]
    await database.change(sql`
      insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
      values (${id}, ${change.act}, 'x', ${JSON.stringify(change)}::jsonb, ${proposer}, now(), 'x', ${state}, ${decider}, ${at}, ${evidence}::jsonb)`)
    return id
  }

  type Given = { account: string; role: string; ends_on: string; sector?: string; post?: Record<string, unknown> }
  const give = ({ account, role, ends_on: ends, sector, post }: Given, proposal: string | undefined) => ({
    text: `insert into officer_role (id, account_id, role, sector, post, since, ends_on, proposal_id) values (gen_random_uuid(), $1, $2, $3, $4, now() - interval '1 year', $5, $6)`,
    values: [account, role, sector, post, ends, proposal],
  })

  test('A01: as console nobody gets a role that no two officers have decided, another than was decided, or one twice', async () => {
    const client = await comeAs('console')
    const account = randomUUID()
    const desk = { account, role: 'enrolment-officer', ends_on: '2099-01-31', post: { desk: 'Quầy 1', days: 5 } }
    const office = { account, role: 'client-admin', ends_on: '2099-01-31', sector: 'tax.example' }
    const grant = await decided({ act: 'role.grant', role: desk })
    const refused: readonly (readonly [Given, string | undefined])[] = [
      [desk, undefined], [desk, randomUUID()],
      [desk, await decided({ act: 'role.grant', role: desk }, { state: 'waiting' })],
      [desk, await decided({ act: 'client.end', role: desk })],
      [desk, await decided({ act: 'role.grant', role: desk }, { proposer: account })],
      [desk, await decided({ act: 'role.grant', role: desk }, { by: account })],
      [{ ...desk, account: randomUUID() }, grant], [{ ...desk, ends_on: '2099-02-01' }, grant], [{ ...desk, post: { ...desk.post, days: 7 } }, grant],
      [{ account, role: 'super-admin', ends_on: desk.ends_on }, grant],
      [{ ...office, sector: 'health.example' }, await decided({ act: 'role.many', grants: [desk, office], ends: [] })],
    ]
    for (const [wanted, proposal] of refused) await expect(client.query(give(wanted, proposal)), JSON.stringify([wanted, proposal])).rejects.toThrow('no two people decided that this account gets this role')
    await client.query('create temporary table proposal (id uuid, act text, state text, change jsonb, proposer uuid, decided_by uuid)')
    await client.query(`insert into pg_temp.proposal values ('${account}', 'role.grant', 'approved', $1, gen_random_uuid(), gen_random_uuid())`, [{ role: desk }])
    await expect(client.query(give(desk, account))).rejects.toThrow('no two people')
    const many = await decided({ act: 'role.many', grants: [desk, office], ends: [] })
    for (const [wanted, proposal] of [[desk, grant], [desk, many], [office, many]] as const) {
      await expect(client.query(give(wanted, proposal))).resolves.toMatchObject({ rowCount: 1 })
      await expect(client.query(give(wanted, proposal))).rejects.toThrow('given once')
    }
    for (const set of [`ends_on = '2100-01-01'`, `role = 'super-admin', post = null, ended_at = now()`, 'account_id = gen_random_uuid()', `proposal_id = gen_random_uuid()`, 'ended_at = null']) {
      await expect(client.query(`update officer_role set ${set} where proposal_id = '${grant}'`), set).rejects.toThrow('only its end is written')
    }
    await expect(client.query(`update officer_role set ended_at = now() where proposal_id = '${grant}'`)).resolves.toMatchObject({ rowCount: 1 })
    for (const set of ['ended_at = null', 'ended_at = now()']) await expect(client.query(`update officer_role set ${set} where proposal_id = '${grant}'`), set).rejects.toThrow('only its end is written')
    await expect(client.query(give(desk, grant))).rejects.toThrow('given once')
  })

  test('A01: as console a role that was decided once is given once, also to two who ask at the same moment', async () => {
    const wanted = { account: randomUUID(), role: 'auditor', ends_on: '2099-01-31' }
    const proposal = await decided({ act: 'role.grant', role: wanted })
    const clients = await Promise.all(Array.from({ length: 4 }, () => comeAs('console')))
    const told = await Promise.allSettled(clients.map((client) => client.query(give(wanted, proposal))))
    expect(told.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('A02: as console a key is named with a role and at the time of the database, and not behind a trigger of their own', async () => {
    const client = await comeAs('console')
    const [account, before, late] = [randomUUID(), randomUUID(), randomUUID()]
    const wanted = { account, role: 'auditor', ends_on: '2099-01-31' }
    await database.change(sql.raw(keyOf(account, before)))
    await client.query(give(wanted, await decided({ act: 'role.grant', role: wanted })))
    const named = await database.rows(sql<{ id: string; fresh: boolean }>`select passkey_id as id, named_at > now() - interval '1 minute' as fresh from officer_key where account_id = ${account}`)
    expect(named).toEqual([{ id: before, fresh: true }])
    await database.change(sql.raw(keyOf(account, late)))
    const name = `insert into public.officer_key (passkey_id, account_id, named_at) values ('${late}', '${account}', now() - interval '1 year')`
    await expect(client.query(name)).rejects.toThrow('keys are named with a role')
    await client.query(`create temporary table own (n int)`)
    await client.query(`create function pg_temp.own() returns trigger language plpgsql as $$ begin ${name}; return new; end $$`)
    await client.query('create trigger own before insert on own for each row execute function pg_temp.own()')
    await expect(client.query('insert into own values (1)')).rejects.toThrow('keys are named with a role')
    await client.query('begin')
    await client.query(`update officer_role set ended_at = now() where account_id = '${account}'`)
    await expect(client.query(name)).rejects.toThrow('keys are named with a role')
    await client.query('rollback')
  })

  async function doubted(officer: string): Promise<{ id: string; chip: string; by: string }> {
    const [id, application] = [randomUUID(), randomUUID()]
    await database.change(sql`
      insert into desk_application (id, reference, purpose, person_id, account_id, case_number, officer, grant_id, desk, commune, received_at, worked_at, due_on)
      values (${application}, ${application}, 'level-2', ${randomUUID()}, ${randomUUID()}, 'x', ${officer}, ${randomUUID()}, 'x', 'x', now(), now(), current_date)`)
    await database.change(sql`insert into desk_reading (id, application_id, officer, at, reason) values (${id}, ${application}, ${officer}, now(), 'sod.signature')`)
    return { id, chip: 'sod.signature', by: officer }
  }

  test('A01: as console nobody ends a doubt about a card that no two officers have ended, or that they themselves have read', async () => {
    const client = await comeAs('console')
    const [officer, by] = [randomUUID(), randomUUID()]
    const [one, other] = [await doubted(officer), await doubted(officer)]
    const end = (proposal: string, who: string = by) => client.query(`insert into desk_doubt_end (reading_id, proposal_id, decided_by, at) values ('${one.id}', '${proposal}', '${who}', now())`)
    const sound = await decided({ act: 'doubt.end', readings: [other, one] }, { by })
    const refused: readonly (readonly [proposal: string, who?: string])[] = [
      [await decided({ act: 'doubt.end', readings: [one] }, { state: 'waiting' })], [await decided({ act: 'doubt.end', readings: [other] }, { by })],
      [await decided({ act: 'role.many', readings: [one] }, { by })], [await decided({ act: 'doubt.end', readings: [{ ...one, chip: 'card.expired' }] }, { by })],
      [await decided({ act: 'doubt.end', readings: [{ ...one, by }] }, { by })], [await decided({ act: 'doubt.end', readings: [one] }, { by: officer }), officer], [sound, randomUUID()],
    ]
    for (const [proposal, who] of refused) await expect(end(proposal, who), JSON.stringify([proposal, who])).rejects.toThrow('no two people decided that this doubt ends')
    await expect(end(sound)).resolves.toMatchObject({ rowCount: 1 })
  })

  test('A04: as console nobody says of an alteration that it was told, and it is told with the rights of the console', async () => {
    const client = await comeAs('console')
    for (const tried of [`insert into told_once (about, at) values ('x', now())`, 'select 1 from told_once', `update audit_event set type = 'x'`, 'delete from audit_event', 'delete from alarm']) {
      await expect(client.query(tried), tried).rejects.toThrow('permission denied')
    }
    const own = await openDatabase({ url: await urlOf(await makeUser('console')), dataDir: '' })
    onTestFinished(() => own.close())
    const proposal = proposalId.parse(newId())
    const store = toldOnce(own, makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) }))
    const tell = () => store.tell({ about: `approval ${proposal}`, state: 'a' }, { type: 'proposal.altered', proposal, reason: 'gone', by: 'clock' }, new Date())
    expect([await tell(), await tell(), (await database.rows(sql`select 1 from audit_event where type = 'alarm.raised'`)).length]).toEqual([true, false, 1])
  })

  test('A02: not with the rights of the owner is a passkey made into another, brought back or taken out of its table', async () => {
    const [id, aside] = [randomUUID(), randomUUID()]
    for (const one of [id, aside]) await database.change(sql.raw(keyOf(randomUUID(), one)))
    const as = (set: string, of = id) => database.change(sql.raw(`update passkey set ${set} where id = '${of}'`))
    for (const set of [`id = 'x'`, `account_id = gen_random_uuid()`, `public_key = '\\x01'`, `transports = '{usb}'`, `aaguid = gen_random_uuid()`, 'backup_eligible = true, hardware_bound = false', `created_at = now() - interval '1 day'`]) {
      await expect(as(set), set).rejects.toThrow('never made into another')
    }
    await as(`counter = 3, backed_up = true, last_used_at = now(), name = '\\x00', recovered = true`)
    await expect(as('recovered = false')).rejects.toThrow('came with a recovery')
    await as('removed_at = now()')
    for (const set of ['removed_at = null', `removed_at = now() + interval '1 day'`]) await expect(as(set), set).rejects.toThrow('stays so')
    await expect(as('set_aside = true')).rejects.toThrow('only a passkey that signs in')
    await as('removed_at = now(), set_aside = true', aside)
    await as('removed_at = null, set_aside = false', aside)
    for (const tried of ['delete from passkey', 'truncate passkey']) await expect(database.change(sql.raw(tried)), tried).rejects.toThrow('never from their table')
  })

  test('A06: as citizen nobody is said to have been seen without a desk', async () => {
    const seen = `insert into account_evidence (account_id, id, kind, at) values ('${randomUUID()}', gen_random_uuid(), 'card-seen', now())`
    await expect((await comeAs('citizen')).query(seen)).rejects.toThrow('evidence comes from a desk')
    await expect(database.change(sql.raw(seen))).resolves.toBe(1)
  })

  test('A01: no trigger looks where a user may put a table before the one that it means', async () => {
    const loose = await database.rows(sql<{ name: string }>`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = 'public' and p.prorettype = 'trigger'::regtype and not coalesce(p.proconfig, '{}') @> array['search_path=pg_catalog, public, pg_temp']`)
    expect(loose).toEqual([])
  })

  test('who may hold a person or an organisation changes nothing of them by it', async () => {
    const client = await comeAs('citizen')
    await expect(client.query('update person set held = true')).resolves.toMatchObject({ rowCount: 0 })
    await database.change(sql`insert into organisation (id, code, name, state, source_version, confirmed_at) values (gen_random_uuid(), '0100109106', 'x', 'operating', 1, now())`)
    await expect(client.query('update organisation set held = true')).rejects.toThrow('organisation_held_is_nothing')
    await expect(client.query(`update organisation set code = '0'`)).rejects.toThrow('permission denied')
  })

  test('A02: as citizen nobody brings in an organisation that is not pending, nor makes anybody a representative of one that is', async () => {
    const client = await comeAs('citizen')
    const [registered, pending] = [randomUUID(), randomUUID()]
    const put = (id: string, code: string, changes: { pending?: boolean; version?: number } = {}) =>
      client.query(`insert into organisation (id, code, name, state, source_version, confirmed_at, pending) values ('${id}', '${code}', 'x', 'operating', ${changes.version ?? 0}, now(), ${changes.pending ?? true})`)
    const represent = (id: string, blind: string) => client.query(`insert into organisation_representative (organisation_id, blind, number, name, since) values ('${id}', '\\x${blind}', '\\x00', '\\x00', current_date)`)
    await database.change(sql`insert into organisation (id, code, name, state, source_version, confirmed_at) values (${registered}, '0100109107', 'x', 'operating', 1, now())`)
    await expect(put(pending, '0100109108', { pending: false })).rejects.toThrow('or are pending')
    await expect(put(pending, '0100109108', { version: 3 })).rejects.toThrow('or are pending')
    await put(pending, '0100109108')
    await represent(pending, '01')
    await expect(represent(registered, '01')).rejects.toThrow('or with what is declared')
    await client.query(`insert into organisation_application (id, reference, organisation_id, person_id, account_id, state, applied_at) values (gen_random_uuid(), 'x', '${pending}', gen_random_uuid(), gen_random_uuid(), 'consenting', now())`)
    await expect(represent(pending, '02')).rejects.toThrow('or with what is declared')
    await expect(client.query(`update organisation set pending = false where id = '${pending}'`)).rejects.toThrow('permission denied')
    await expect((await comeAs('console')).query(`update organisation set pending = false where id = '${pending}'`)).rejects.toThrow('nothing was issued')
  })

  test('are given once: what was taken or added behind the table is put right, and a dry run only says so', async () => {
    expect(await applyGrants(database)).toEqual([])
    await database.change(sql.raw('revoke insert on audit_event from eid_citizen'))
    await database.change(sql.raw('grant update, truncate on client to eid_citizen'))
    await database.change(sql.raw('grant update (data) on audit_event to eid_console'))
    await database.change(sql.raw('grant select on passkey to public'))
    await database.change(sql.raw('grant create on schema public to public'))
    const due = [
      'revoke update (data) on public.audit_event from eid_console', 'revoke truncate, update on public.client from eid_citizen', 'revoke select on public.passkey from public',
      'revoke create on schema public from public', 'grant insert on public.audit_event to eid_citizen',
    ]
    expect((await applyGrants(database, { dryRun: true })).toSorted()).toEqual(due.toSorted())
    expect((await applyGrants(database)).toSorted()).toEqual(due.toSorted())
    expect(await applyGrants(database)).toEqual([])
  })

  test('a process of one plane starts as a user of its role, and neither as the owner nor as one that may do less or more', async () => {
    const as = async (user: string) => {
      const own = await openDatabase({ url: await urlOf(user), dataDir: '', patience: 10 })
      onTestFinished(() => own.close())
      return own
    }
    const [citizen, console] = [await makeUser('citizen'), await makeUser('console')]
    await mustBeRoleOf(await as(citizen), 'citizen')
    await mustBeRoleOf(await as(console), 'console')
    await expect(mustBeRoleOf(await as(console), 'citizen')).rejects.toThrow('may do too much')
    await expect(mustBeRoleOf(await as(citizen), 'console')).rejects.toThrow('may do too much')
    await expect(mustBeRoleOf(database, 'citizen')).rejects.toThrow(/PLANE=citizen the user postgres of the database may do too much/)
    await expect(mustBeRoleOf(await as(await makeUser('citizen', 'console')), 'citizen')).rejects.toThrow('may do too much')
    await expect(mustBeRoleOf(await as(await makeUser()), 'citizen')).rejects.toThrow('eid database grants')
    const gone = await openDatabase({ url: 'postgres://eid:SECRET@127.0.0.1:1/eid', dataDir: '' })
    onTestFinished(() => gone.close())
    await expect(mustBeRoleOf(gone, 'citizen')).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('DATABASE_URL') })
    // Nor one that does not have the rights of the other plane, and could take them.
    const [double, maker, copier] = [await makeUser('citizen', 'console'), await makeUser('citizen'), await makeUser('citizen')]
    await database.change(sql.raw(`alter user ${double} noinherit`))
    await database.change(sql.raw(`alter user ${maker} createrole`))
    await database.change(sql.raw(`alter user ${copier} replication`))
    await expect(mustBeRoleOf(await as(double), 'citizen')).rejects.toThrow('become eid_console')
    await expect(mustBeRoleOf(await as(maker), 'citizen')).rejects.toThrow('make roles of the server')
    await expect(mustBeRoleOf(await as(copier), 'citizen')).rejects.toThrow('copy all data of the server')
    // What one column lets through counts as well.
    await database.change(sql.raw('grant update (state) on client to eid_citizen'))
    await expect(mustBeRoleOf(await as(citizen), 'citizen')).rejects.toThrow('update (state) public.client')
  })

  test('R13: a process of the release before starts with what a later one was given, on tables and columns that it does not know, and with nothing more on those it knows', async () => {
    const own = await openDatabase({ url: await urlOf(await makeUser('citizen')), dataDir: '', patience: 10 })
    onTestFinished(() => own.close())
    const as = async (...statements: readonly string[]) => {
      for (const statement of statements) await database.change(sql.raw(statement))
    }
    await as('create table later (id int)', 'alter table passkey add column later text', 'alter table client add column later text')
    await as('grant select, insert, update, delete on later to eid_citizen', 'grant update (later) on passkey to eid_citizen')
    await expect(mustBeRoleOf(own, 'citizen')).resolves.toBeUndefined()
    for (const [right, on] of [['truncate', 'later'], ['trigger', 'later'], ['references', 'later'], ['update (public_key)', 'passkey'], ['update (sealed)', 'desk_code'], ['update', 'desk_application'], ['delete', 'consent'], ['update (later)', 'client']]) {
      await as(`grant ${right} on ${on} to eid_citizen`)
      await expect(mustBeRoleOf(own, 'citizen'), `${right} ${on}`).rejects.toThrow('may do too much')
      await as(`revoke ${right} on ${on} from eid_citizen`, ...(right === 'update' ? [`grant update (decided_at, state) on ${on} to eid_citizen`] : []))
      await expect(mustBeRoleOf(own, 'citizen'), `${right} ${on}`).resolves.toBeUndefined()
    }
    const owner = (await database.first(sql<{ name: string }>`select current_user as name`))?.name
    await as(`alter table later owner to ${(await own.first(sql<{ name: string }>`select current_user as name`))?.name}`)
    await expect(mustBeRoleOf(own, 'citizen')).rejects.toThrow('own public.later')
    await as(`alter table later owner to ${owner}`)
  })

  test('of a table of which some columns are written all others are named, so that what a later release adds is known from them', async () => {
    for (const [table, others] of Object.entries(unwritten)) {
      const there = await database.rows(sql<{ name: string }>`select column_name as name from information_schema.columns where table_schema || '.' || table_name = ${table}`)
      expect([table, there.map(({ name }) => name).toSorted()]).toEqual([table, [...new Set([...others, ...Object.values(columns[table] ?? {}).flat()])].toSorted()])
    }
    expect(Object.keys(unwritten)).toEqual(Object.keys(columns))
  })
})
