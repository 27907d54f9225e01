import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { accountId, newId, proposalId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import type { Change } from '#domain/proposal/change.ts'
import type { ApprovalEvidence, Decision, Proposal } from '#domain/proposal/proposal.ts'
import type { ProposalStore } from '#domain/proposal/store.ts'
import { readEntry } from '#domain/transparency/entry.ts'
import { makeSealer } from '#keys/sealer.ts'
import { clients } from '#storage/postgres/clients.ts'
import type { Database } from '#storage/postgres/db.ts'
import { officers } from '#storage/postgres/officers.ts'
import { passkeys } from '#storage/postgres/passkeys.ts'
import { proposals } from '#storage/postgres/proposals.ts'
import { keyChanges } from '#storage/postgres/signing-keys.ts'
import { databases } from '#test/support/engines.ts'
import { aClient, aPasskey } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const someone = () => accountId.parse(randomUUID())
const [proposer, approver, holder] = [someone(), someone(), someone()]
const at = new Date('2026-11-26T01:02:03.456Z')
const role = { account: holder, role: 'auditor', ends_on: '2027-01-31' } as const
const evidence: ApprovalEvidence = {
  passkey: 'AAAA' as ApprovalEvidence['passkey'], publicKey: 'AA', hardwareBound: true, rpId: 'localhost', origin: 'http://localhost', clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA',
}
const proposed = (change: Change): Proposal => ({ id: proposalId.parse(newId()), change, proposer, proposedAt: at, reason: 'vì cần' })
const made = ({ id }: Proposal) => ({ type: 'proposal.made', proposal: id, act: 'role.grant', subject: 'x', by: proposer } as const)
const approved = (by = approver): Decision => ({ is: 'approved', by, at, evidence })

describe.each(Object.entries(databases))('proposals on %s', (_name, open) => {
  let db: Database
  let store: ProposalStore
  beforeEach(async () => {
    db = await open()
    store = proposals(db, sealer, { mostWaiting: 20 })
  })

  const add = async (change: Change) => {
    const proposal = proposed(change)
    await store.add(proposal, made(proposal))
    return proposal
  }
  const grant = () => add({ act: 'role.grant', role })
  const decide = (proposal: Proposal, decision: Decision, effect?: Parameters<ProposalStore['decide']>[1]['effect']) =>
    store.decide(proposal, { decision, effect, event: { type: 'proposal.approved', proposal: proposal.id, act: 'role.grant', subject: 'x', proposer, by: decision.by } })
  const roleEffect = (proposal: Proposal) => ({ is: 'role', grant: { id: newId(), account: holder, role: 'auditor', since: at, endsOn: '2027-01-31' }, proposal: proposal.id } as const)

  test('come back as they were made, waiting, and then decided', async () => {
    const [one, other] = [await grant(), await add({ act: 'client.register', client: aClient().id, entry: entryOf(aClient()) })]
    expect(await store.find(one.id)).toEqual(one)
    expect(await store.waiting()).toEqual([one, other])
    expect(await decide(one, approved(), roleEffect(one))).toBe('done')
    expect(await store.waiting()).toEqual([other])
    expect(await store.decided(9)).toEqual([{ ...one, decision: approved() }])
    expect(await officers(db).rolesOf(holder)).toMatchObject([{ role: 'auditor', endsOn: '2027-01-31' }])
  })

  test('A01: of twenty who decide at once one is heard, and the change takes place once', async () => {
    const one = await grant()
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => decide(one, approved(someone()), roleEffect(one))))
    expect(outcomes.toSorted()).toEqual(['done', ...Array.from({ length: 19 }, () => 'over')])
    expect(await officers(db).list()).toHaveLength(1)
  })

  test('A01: the table itself refuses that one person does both, whatever the program asks', async () => {
    const one = await grant()
    await expect(decide(one, approved(proposer), roleEffect(one))).rejects.toThrow(/proposal_two_people/)
    await expect(decide(one, approved(holder), roleEffect(one))).rejects.toThrow(/proposal_not_for_oneself/)
    const own = proposed({ act: 'role.grant', role: { ...role, account: proposer } })
    await expect(store.add(own, made(own))).rejects.toThrow(/proposal_not_for_oneself/)
    await expect(db.change(sql`update proposal set state = 'approved', decided_by = ${approver}, decided_at = now() where id = ${one.id}`)).rejects.toThrow(/proposal_signed/)
    expect(await officers(db).list()).toEqual([])
    expect((await store.find(one.id))?.decision).toBeUndefined()
  })

  test('A01: what was proposed and what was decided stay as they are', async () => {
    const one = await grant()
    await expect(db.change(sql`update proposal set change = '{"act":"client.end","client":"x"}' where id = ${one.id}`)).rejects.toThrow(/never changed/)
    await decide(one, approved(), roleEffect(one))
    for (const change of [sql`update proposal set state = 'waiting', decided_by = null, decided_at = null, evidence = null`, sql`update proposal set decision_reason = 'x'`]) {
      await expect(db.change(change)).rejects.toThrow(/final/)
    }
    await expect(db.change(sql`delete from proposal`)).rejects.toThrow(/never removed/)
    await expect(db.change(sql`truncate proposal cascade`)).rejects.toThrow(/never removed/)
  })

  test('A01: of thirty proposals that one person sends at once twenty wait, and those of others are not held up', async () => {
    const all = await Promise.allSettled(Array.from({ length: 30 }, grant))
    const refused = all.filter((one) => one.status === 'rejected')
    expect([refused.length, refused.every(({ reason }) => reason instanceof Problem && reason.code === 'proposal.too-many')]).toEqual([10, true])
    const other = { ...proposed({ act: 'role.grant', role }), proposer: approver }
    await store.add(other, made(other))
    expect(await store.waiting()).toHaveLength(21)
    const [one] = await store.waiting()
    if (one === undefined) throw new Error('none')
    await store.decide(one, { decision: { is: 'withdrawn', by: proposer, at, reason: 'nhầm' }, event: made(one) })
    await grant()
    await expect(grant()).rejects.toMatchObject({ code: 'proposal.too-many' })
    expect(await db.rows(sql`select id from audit_event where type = 'proposal.made'`)).toHaveLength(23)
  })

  test('a change of a client takes place only on what it was written against, all or nothing', async () => {
    const live = clients(db, sealer)
    const [before, after] = [aClient(), aClient({ client_name: 'Thuế mới' })]
    await live.put(before)
    const entry = entryOf(after)
    const [one, other] = [await add({ act: 'client.change', client: before.id, from: clientDigest(before), entry }), await add({ act: 'client.change', client: before.id, from: clientDigest(before), entry })]
    const effect = { is: 'client', client: after, from: clientDigest(before) } as const
    expect(await decide(one, approved(), effect)).toBe('done')
    expect(await live.find(before.id)).toEqual(after)
    expect(await decide(other, approved(), effect)).toBe('stale')
    expect((await store.find(other.id))?.decision).toBeUndefined()
    expect(await db.rows(sql`select type from audit_event where type = 'proposal.approved'`)).toHaveLength(1)
  })

  test('a client that has ended never comes back, and one that is suspended only by two', async () => {
    const live = clients(db, sealer)
    const client = aClient()
    await live.put(client)
    expect(await live.suspend(client.id, { by: { role: 'approver' }, at, event: { type: 'client.suspended', client: client.id, by: approver, reason: 'x' } })).toBe(true)
    expect(await live.put(client)).toBe('same')
    expect((await live.find(client.id))?.state).toBe('suspended')
    const move = async (act: 'client.resume' | 'client.end', from: readonly ('live' | 'suspended')[], to: 'live' | 'ended') =>
      decide(await add({ act, client: client.id }), approved(), { is: 'client-state', client: client.id, from, to })
    expect(await move('client.resume', ['suspended'], 'live')).toBe('done')
    expect((await live.find(client.id))?.state).toBeUndefined()
    expect(await move('client.end', ['live', 'suspended'], 'ended')).toBe('done')
    expect(await move('client.resume', ['suspended'], 'live')).toBe('stale')
    expect((await live.find(client.id))?.state).toBe('ended')
  })
})

describe.each(Object.entries(databases))('decisions about keys on %s', (_name, open) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43), kid: 'k'.repeat(43), alg: 'EdDSA', use: 'sig' }
  const { kid, alg } = jwk
  const key = { kid, alg, state: 'staged', createdAt: at, jwk } as const
  let db: Database
  let store: ProposalStore
  beforeEach(async () => {
    db = await open()
    store = proposals(db, sealer, { mostWaiting: 20 })
  })

  async function decided(seq: number, { act, name = kid, from = at }: { act?: 'retire'; name?: string; from?: Date } = {}) {
    const change: Change = act === undefined ? { act: 'key.activate', kid, alg, at: 'approval' } : { act: 'key.retire', kid, alg }
    const proposal = proposed(change)
    await store.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: kid, by: proposer })
    const effect = { is: 'key', key, change: { seq, act: 'activate', kid: name, alg, at: from, decidedAt: at, by: { role: 'approver', proposal: proposal.id } } } as const
    return store.decide(proposal, { decision: approved(), effect, event: { type: 'proposal.approved', proposal: proposal.id, act: change.act, subject: kid, proposer, by: approver } })
  }
  const said = async () => (await db.rows(sql<{ entry: string }>`select entry from transparency_entry order by seq`)).map(({ entry }) => readEntry(entry))

  test('K03: one stands with its plan in the public log, in the name of the proposal', async () => {
    expect(await decided(1)).toBe('done')
    const [one] = await keyChanges(db).list()
    expect(one).toMatchObject({ seq: 1, act: 'activate', kid, alg, at, decidedAt: at })
    expect(await said()).toMatchObject([{ kind: 'key.planned', to: 'activated', from: at.toISOString(), by: one?.by, key: { kid, use: 'tokens' } }])
  })

  test('K03: of decisions that know nothing of each other one counts, and the others are as good as not made', async () => {
    const outcomes = await Promise.all([1, 1, 1, 1].map((seq) => decided(seq)))
    expect(outcomes.toSorted()).toEqual(['done', 'stale', 'stale', 'stale'])
    expect([await decided(1), await decided(3), await decided(2)]).toEqual(['stale', 'stale', 'done'])
    expect([(await keyChanges(db).list()).map(({ seq }) => seq), (await said()).length, (await store.waiting()).length]).toEqual([[1, 2], 2, 5])
  })

  test('A01: the table itself refuses what no two people decided about this key, what counts before it was decided, and every change', async () => {
    await expect(decided(1, { act: 'retire' })).rejects.toThrow(/no two people/)
    await expect(decided(1, { name: 'x'.repeat(43) })).rejects.toThrow(/no two people/)
    await expect(decided(1, { from: new Date(at.getTime() - 1) })).rejects.toThrow(/not_backwards/)
    await decided(1)
    for (const change of [sql`update signing_key_change set at = now()`, sql`delete from signing_key_change`, sql`truncate signing_key_change`]) {
      await expect(db.change(change)).rejects.toThrow(/never changed or removed/)
    }
    const waiting = proposed({ act: 'key.activate', kid, alg, at: 'approval' })
    await store.add(waiting, made(waiting))
    await expect(db.change(sql`insert into signing_key_change (seq, act, kid, alg, at, decided_at, proposal_id) values (2, 'activate', ${kid}, ${alg}, now(), now(), ${waiting.id})`)).rejects.toThrow(/no two people/)
  })

  test('K03: that a key is destroyed is said once, and known afterwards', async () => {
    const keys = keyChanges(db)
    const destroy = () => keys.destroy(key, { at, event: { type: 'key.destroyed', kid, by: 'operator' } })
    await Promise.all([destroy(), destroy()])
    expect([(await said()).map(({ kind }) => kind), await db.rows(sql`select data from audit_event where type = 'key.destroyed'`)]).toEqual([['key.destroyed'], [{ data: { kid, by: 'operator' } }]])
    expect(await keys.saidAt(kid, 'retired')).toBeUndefined()
  })
})

describe.each(Object.entries(databases))('officers on %s', (_name, open) => {
  const first = [{ account: proposer, role: 'super-admin', ends_on: '2027-02-24' }, { account: approver, role: 'super-admin', ends_on: '2027-02-24' }] as const

  test('A06: the first come once, also when ten try at the same time, and never again', async () => {
    const db = await open()
    const store = officers(db)
    const tries = await Promise.all(Array.from({ length: 10 }, () => store.bootstrap(first, at)))
    expect(tries.filter(Boolean)).toHaveLength(1)
    for (const { id } of await store.list()) await store.end(id, at, { type: 'role.ended', role: 'super-admin', account: proposer, by: approver, reason: 'x' })
    expect(await store.bootstrap(first, at)).toBe(false)
    expect(await db.rows(sql`select data->>'account' as account from audit_event where type = 'role.bootstrapped' order by 1`)).toHaveLength(2)
  })

  test('a role is told with what gave it, in words that change with whatever stands there of it; the operator’s with nothing, ended or not', async () => {
    const db = await open()
    const [store, kept] = [officers(db), proposals(db, sealer, { mostWaiting: 20 })]
    await store.bootstrap(first, at)
    const key = aPasskey({ account: approver, id: evidence.passkey })
    await passkeys(db).add(key, { most: 20, event: { type: 'passkey.added', account: approver, passkey: key.id, aaguid: key.aaguid, hardwareBound: false } })
    const one = proposed({ act: 'role.grant', role })
    await kept.add(one, made(one))
    const grant = { id: newId(), account: holder, role: 'auditor', since: at, endsOn: '2027-01-31' } as const
    await kept.decide(one, { decision: approved(), effect: { is: 'role', grant, proposal: one.id }, event: { type: 'proposal.approved', proposal: one.id, act: 'role.grant', subject: 'x', proposer, by: approver } })
    expect((await store.givenTo(proposer)).map(({ grant: { role: held }, by }) => [held, by])).toEqual([['super-admin', undefined]])
    const given = async () => {
      const [told, ...others] = await store.givenTo(holder)
      expect([told?.grant.id, told?.by?.proposal, others]).toEqual([grant.id, one.id, []])
      return told?.by?.mark
    }
    const marks = [await given(), await given()]
    expect([marks[0] === marks[1], marks[0]]).toEqual([true, expect.stringMatching(/^[0-9a-f]{64}$/)])
    const alterations = [
      `alter table proposal disable trigger user; update proposal set evidence = jsonb_set(evidence, '{signature}', '"AB"'); alter table proposal enable trigger user`,
      `alter table proposal disable trigger user; update proposal set change = jsonb_set(change, '{role,role}', '"super-admin"'); alter table proposal enable trigger user`,
      `alter table passkey disable trigger user; update passkey set public_key = '\\x00'; alter table passkey enable trigger user`,
      `insert into officer_key (passkey_id, account_id, named_at) values ('${key.id}', '${approver}', now())`,
    ]
    for (const statement of alterations) {
      await db.change(sql.raw(`do $$ begin ${statement}; end $$`))
      marks.push(await given())
    }
    expect(new Set(marks).size).toBe(1 + alterations.length)
    await store.end(grant.id, at, { type: 'role.ended', role: 'auditor', account: holder, by: approver, reason: 'x' })
    await given()
  })

  test('a role that was ended is over, once', async () => {
    const store = officers(await open())
    await store.bootstrap(first, at)
    const [held] = await store.rolesOf(proposer)
    const end = () => store.end(held?.id ?? '', at, { type: 'role.ended', role: 'super-admin', account: proposer, by: approver, reason: 'x' })
    expect([await end(), await end()]).toEqual([true, false])
    expect(await store.rolesOf(proposer)).toEqual([])
    expect(await store.list()).toHaveLength(2)
  })
})
