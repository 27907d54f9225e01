import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#storage/postgres/db.ts'
import { applyGrants } from '#storage/postgres/grant.ts'
import { openAs } from '#test/support/database-users.ts'
import { databases } from '#test/support/engines.ts'

const open = databases['postgres']

/** Whoever has the database's user of the console, and a program of their own. */
describe.skipIf(open === undefined)('A01, A02: what the console’s user of the database does by itself', () => {
  let owner: Database
  let console: Database
  beforeEach(async () => {
    if (open === undefined) throw new Error('no PostgreSQL in this run')
    owner = await open()
    await applyGrants(owner)
    console = await openAs(owner, 'console')
  })

  type Key = { id: string; account: string; publicKey: Buffer; bound: boolean }
  async function keyOf(account: string): Promise<Key> {
    // So long that PostgreSQL breaks the line.
    const key = { id: randomUUID(), account, publicKey: randomBytes(91), bound: true }
    await owner.change(sql`
      insert into passkey (id, account_id, public_key, counter, transports, aaguid, backup_eligible, backed_up, hardware_bound, created_at)
      values (${key.id}, ${account}, ${key.publicKey}, 0, '{}', ${randomUUID()}, false, false, true, now())`)
    return key
  }

  /** Somebody with a key who gets an office, and a key that came later. */
  async function officer(ends = sql`current_date + 20`): Promise<{ account: string; named: Key; late: Key }> {
    const account = randomUUID()
    const named = await keyOf(account)
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
    const [{ account, named, late }, other] = [await officer(), await officer()]
    const sound = evidenceOf(named)
    const refused = { 'nothing': {}, 'a late key': evidenceOf(late), 'another’s key': evidenceOf(other.named), 'no key': evidenceOf({ ...named, id: 'x' }), 'another public key': { ...sound, publicKey: evidenceOf(late).publicKey }, 'less than hardware': { ...sound, hardwareBound: false } }
    for (const [what, evidence] of Object.entries(refused)) await expect(approve(account, evidence), what).rejects.toThrow('with a key that was named for its officer')
    for (const member of Object.keys(sound)) {
      for (const without of [{ ...sound, [member]: undefined }, { ...sound, [member]: '' }, { ...sound, [member]: ['AA'] }]) await expect(approve(account, without), member).rejects.toThrow('with a key that was named for its officer')
    }
    await expect(approve(account, sound)).resolves.toBe(1)
    await owner.change(sql`update passkey set removed_at = now() where id = ${named.id}`)
    await expect(approve(account, sound)).rejects.toThrow('with a key that was named for its officer')
  })

  test('a proposal is approved by nobody whose office is over', async () => {
    const [over, ended] = [await officer(sql`current_date - 2`), await officer()]
    await owner.change(sql`update officer_role set ended_at = now() where account_id = ${ended.account}`)
    for (const { account, named } of [over, ended]) await expect(approve(account, evidenceOf(named))).rejects.toThrow('by somebody in office')
  })

  test('a proposal is returned and withdrawn as before, and what was decided stays', async () => {
    const { account, named } = await officer()
    const id = await waiting()
    await expect(console.change(sql`update proposal set state = 'returned', decided_by = ${account}, decided_at = now(), decision_reason = 'x' where id = ${id}`)).resolves.toBe(1)
    await expect(approve(account, evidenceOf(named), id)).rejects.toThrow('a decision is final')
  })
})
