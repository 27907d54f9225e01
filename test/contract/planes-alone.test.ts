import { randomBytes, randomUUID } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { expiryGrounds, lockGrounds, papers, type LockGround } from '#domain/account/ground.ts'
import { accountRules } from '#domain/account/rules.ts'
import type { Database } from '#storage/postgres/db.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { openAs } from '#test/support/database-users.ts'
import { databases } from '#test/support/engines.ts'

const open = databases['postgres']

/** Whoever has one of the planes' users of the database, and a program of their own. */
describe.skipIf(open === undefined)('A01, A02: what a plane’s user of the database does by itself', () => {
  let owner: Database
  let citizen: Database
  let console: Database
  beforeEach(async () => {
    if (open === undefined) throw new Error('no PostgreSQL in this run')
    owner = await open()
    await applyGrants(owner)
    ;[citizen, console] = [await openAs(owner, 'citizen'), await openAs(owner, 'console')]
  })

  type Key = { id: string; account: string; publicKey: Buffer; bound: boolean }
  async function keyOf(account: string, bound = true): Promise<Key> {
    // So long that PostgreSQL breaks the line.
    const key = { id: randomUUID(), account, publicKey: randomBytes(91), bound }
    await owner.change(sql`
      insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
      values (${key.id}, ${account}, ${key.publicKey}, 0, '{}', ${randomUUID()}, false, false, ${bound}, now())`)
    return key
  }

  /** Somebody with a key who gets an office, and a key that came later. */
  async function officer({ ends = sql`current_date + 20`, bound = true }: { ends?: RawBuilder<unknown>; bound?: boolean } = {}): Promise<{ account: string; named: Key; late: Key }> {
    const account = randomUUID()
    const named = await keyOf(account, bound)
    await owner.change(sql`insert into officer_role (id, account_id, role, since, ends_on) values (gen_random_uuid(), ${account}, 'approver', now(), ${ends})`)
    return { account, named, late: await keyOf(account) }
  }

  const evidenceOf = ({ id, publicKey, bound }: Key) => ({
    passkey: id, publicKey: publicKey.toString('base64url'), hardwareBound: bound, rpId: 'localhost', origin: 'http://localhost', clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA',
  })

  async function waiting(): Promise<string> {
    const id = randomUUID()
    await console.change(sql`insert into proposal (id, act, subject, change, proposer, proposed_at, reason) values (${id}, 'client.end', 'x', '{"act": "client.end"}', ${randomUUID()}, now(), 'x')`)
    return id
  }
  const approve = async (by: string, evidence: object, id?: string) => console.change(sql`
    update proposal set state = 'approved', decided_by = ${by}, decided_at = now(), evidence = ${JSON.stringify(evidence)}::jsonb where id = ${id ?? await waiting()}`)

  test('a proposal is written down as one that waits, and never as one that was decided', async () => {
    const { account, named } = await officer()
    const decided = (state: string, evidence: object | null, reason: string | null) => console.change(sql`
      insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence, decision_reason)
      values (gen_random_uuid(), 'client.end', 'x', '{"act": "client.end"}', ${state === 'withdrawn' ? account : randomUUID()}, now(), 'x', ${state}, ${account}, now(), ${evidence && JSON.stringify(evidence)}::jsonb, ${reason})`)
    await expect(decided('approved', evidenceOf(named), null)).rejects.toThrow('begins as one that waits')
    for (const state of ['returned', 'withdrawn']) await expect(decided(state, null, 'x'), state).rejects.toThrow('begins as one that waits')
  })

  test('a proposal is approved with the whole evidence of a key that was named for somebody in office, and with no other', async () => {
    const [{ account, named, late }, other, soft] = [await officer(), await officer(), await officer({ bound: false })]
    const sound = evidenceOf(named)
    const refused = { 'nothing': {}, 'a late key': evidenceOf(late), 'another’s key': evidenceOf(other.named), 'no key': evidenceOf({ ...named, id: 'x' }), 'another public key': { ...sound, publicKey: evidenceOf(late).publicKey }, 'no word of hardware': { ...sound, hardwareBound: null } }
    for (const [what, evidence] of Object.entries(refused)) await expect(approve(account, evidence), what).rejects.toThrow('with a key that was named for its officer')
    await expect(approve(soft.account, { ...evidenceOf(soft.named), hardwareBound: true })).rejects.toThrow('with a key that was named for its officer')
    for (const member of Object.keys(sound)) {
      for (const value of [undefined, '', ['AA']]) await expect(approve(account, { ...sound, [member]: value }), member).rejects.toThrow('with a key that was named for its officer')
    }
    for (const [by, evidence] of [[account, sound], [account, { ...sound, hardwareBound: false }], [soft.account, evidenceOf(soft.named)]] as const) await expect(approve(by, evidence)).resolves.toBe(1)
    await owner.change(sql`update passkey set removed_at = now() where id = ${named.id}`)
    await expect(approve(account, sound)).rejects.toThrow('with a key that was named for its officer')
  })

  test('a proposal is approved by nobody whose office is over', async () => {
    const [over, ended] = [await officer({ ends: sql`current_date - 2` }), await officer()]
    await owner.change(sql`update officer_role set ended_at = now() where account_id = ${ended.account}`)
    for (const { account, named } of [over, ended]) await expect(approve(account, evidenceOf(named))).rejects.toThrow('by somebody in office')
  })

  test('a proposal is returned and withdrawn as before, and what was decided stays', async () => {
    const { account, named } = await officer()
    const id = await waiting()
    await expect(console.change(sql`update proposal set state = 'returned', decided_by = ${account}, decided_at = now(), decision_reason = 'x' where id = ${id}`)).resolves.toBe(1)
    await expect(approve(account, evidenceOf(named), id)).rejects.toThrow('a decision is final')
  })

  /** An account whose paper ends so, with a lock. */
  async function locked(ground: LockGround, { paper = 'card', ends = sql`null` }: { paper?: string; ends?: RawBuilder<unknown> } = {}): Promise<string> {
    const account = randomUUID()
    await owner.change(sql`insert into account (id, person_id, level, state, paper, expires_on, created_at) values (${account}, ${randomUUID()}, 1, 'active', ${paper}, ${ends}, now())`)
    await owner.change(sql`insert into account_lock (account_id, ground, since, lost, openings) values (${account}, ${ground}, now(), ${ground === 'holder-request'}, '{"x": "2099-01-01T00:00:00Z"}')`)
    return account
  }
  const tried = (who: Database, statement: string, account: string) => who.change(sql`${sql.raw(statement)} where account_id = ${account}`).catch((error: unknown) => (error instanceof Error ? error.message : ''))
  const end = 'delete from account_lock'
  const isOfPaper = (ground: LockGround) => Object.values<LockGround>(expiryGrounds).includes(ground)

  test('a lock ends by the plane that ends it, as the rules of accounts have it: none of a body, and none that waits for its holder by the console', async () => {
    const ends = { citizen: 0, console: 0 }
    for (const ground of lockGrounds) {
      const byHolder = accountRules.grounds[ground].clearedBy.includes('holder')
      for (const [plane, who] of [['citizen', citizen], ['console', console]] as const) {
        const may = isOfPaper(ground) || (byHolder && plane === 'citizen')
        expect([plane, ground, await tried(who, end, await locked(ground))]).toEqual([plane, ground, may ? 1 : 'this ground ends elsewhere'])
        ends[plane] += may ? 1 : 0
      }
      await expect(tried(owner, end, await locked(ground))).resolves.toBe(1)
    }
    expect(ends).toEqual({ citizen: 4, console: 3 })
  })

  test.each(papers)('a lock for a %s that has ended ends when the registry has a new one, which no plane writes', async (paper) => {
    const [ground, past] = [expiryGrounds[paper], sql`(now() at time zone 'Asia/Ho_Chi_Minh')::date - 1`]
    for (const who of [citizen, console]) {
      const account = await locked(ground, { paper, ends: past })
      expect(await tried(who, end, account)).toBe('a paper that has ended is not renewed by this')
      for (const set of ['expires_on = null', `paper = '${paper === 'card' ? 'passport' : 'card'}'`]) await expect(who.change(sql`update account set ${sql.raw(set)} where id = ${account}`), set).rejects.toThrow('papers come from the registry')
      await owner.change(sql`update account set expires_on = (now() at time zone 'Asia/Ho_Chi_Minh')::date where id = ${account}`)
      expect(await tried(who, end, account)).toBe(1)
    }
  })

  test('a lock changes as the planes change it: the console makes that of a report heavier, the holder asks for its opening, and nothing else', async () => {
    for (const ground of lockGrounds.filter((one) => one !== 'holder-request')) {
      for (const who of [citizen, console]) expect(await tried(who, 'update account_lock set openings = openings', await locked(ground))).toMatch(/ends elsewhere|stays what it was made/)
    }
    const account = await locked('holder-request')
    const asked = `update account_lock set openings = '{"x": "2000-01-01T00:00:00Z"}'`
    for (const set of [`ground = 'terms-breach'`, 'account_id = gen_random_uuid()']) for (const who of [citizen, console]) expect(await tried(who, `update account_lock set ${set}`, account)).toBe('a lock stays what it was made')
    for (const set of ['lost = false', `since = since - interval '1 day'`, 'opens_at = now()', 'by_code = true']) expect([set, await tried(console, `update account_lock set ${set}`, account)]).toEqual([set, 'a lock becomes no lighter here'])
    expect([await tried(console, asked, account), await tried(citizen, asked, account)]).toEqual(['a lock becomes no lighter here', 1])
    expect(await tried(console, `update account_lock set since = now(), lost = true, openings = '{}'`, account)).toBe(1)
  })
})
