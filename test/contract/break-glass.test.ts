import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, newId, proposalId } from '#kernel/id.ts'
import { writtenKey } from '#kernel/random.ts'
import type { EmergencyAct } from '#domain/break-glass/act.ts'
import { readiness } from '#domain/break-glass/key.ts'
import { breakGlass, drill, seal } from '#domain/break-glass/use.ts'
import type { HeldKey } from '#domain/signing-key/key.ts'
import { makeSealer } from '#keys/sealer.ts'
import { auditLog } from '#storage/postgres/audit.ts'
import { breakGlassKeys } from '#storage/postgres/break-glass.ts'
import { clients } from '#storage/postgres/clients.ts'
import type { Database } from '#storage/postgres/db.ts'
import { keyNodes } from '#storage/postgres/nodes.ts'
import { insertRole, officers } from '#storage/postgres/officers.ts'
import { keyChanges } from '#storage/postgres/signing-keys.ts'
import { databases } from '#test/support/engines.ts'
import { aClient } from '#test/support/made-up.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const held = (kid: string, state: HeldKey['state']): HeldKey => ({ kid, alg: 'EdDSA', state, createdAt: new Date(), jwk: { kty: 'OKP', crv: 'Ed25519', x: kid, kid, alg: 'EdDSA', use: 'sig' } })
const [stolen, follower] = [held('s'.repeat(43), 'active'), held('f'.repeat(43), 'staged')]
const rules = { source: '', noticeHours: 24, publishedHours: 48, keptHours: 24, oldestDays: 90, dueDays: 14, fetchHours: 24, warnDays: 7 }

describe.each(Object.entries(databases))('the sealed key of the emergency on %s', (_name, open) => {
  const client = aClient()
  const account = accountId.parse(randomUUID())
  let db: Database
  let tools: Parameters<typeof breakGlass>[0]
  beforeEach(async () => {
    db = await open()
    tools = {
      audit: auditLog(db, systemClock), breakGlass: breakGlassKeys(db), hashOf: (key) => sealer.index('break-glass', key), clock: systemClock, clientStore: clients(db, sealer),
      officers: officers(db), signingKeys: { ...keyChanges(db), ...keyNodes(db), held: [stolen, follower] }, keyRules: rules,
    }
    await clients(db, sealer).put(client)
    for (const role of ['super-admin', 'approver'] as const) await insertRole(db, { id: newId(), account, role, since: new Date(), endsOn: '2099-12-31' }, undefined)
  })

  const approved = async (decidedAt = new Date()) => {
    const proposal = { id: proposalId.parse(newId()), decidedAt }
    await db.change(sql`
      insert into proposal (id, act, subject, change, proposer, proposed_at, reason, state, decided_by, decided_at, evidence)
      values (${proposal.id}, 'break-glass.seal', 'break-glass', '{"act":"break-glass.seal"}', ${randomUUID()}, now(), 'x', 'approved', ${randomUUID()}, ${decidedAt}, '{}')`)
    return proposal
  }
  const sealed = async () => {
    const key = writtenKey()
    expect(await seal(tools, await approved(), key)).toBeDefined()
    return key
  }
  const use = (typed: string, ...acts: readonly EmergencyAct[]) => breakGlass(tools, { typed, acts, reason: 'lộ khóa' })
  const events = async () => (await db.rows<{ type: string }>(sql`select type from audit_event order by id`)).map(({ type }) => type)
  const alarms = async () => (await db.rows<{ kind: string }>(sql`select kind from alarm order by id`)).map(({ kind }) => kind)

  test('A07: it is made of what two people approved, once, and only a keyed hash of it is kept', async () => {
    const [proposal, key] = [await approved(), writtenKey()]
    expect([readiness(await tools.breakGlass.newest(), new Date()), await seal(tools, proposal, key)]).toEqual(['missing', expect.anything()])
    expect(await seal(tools, proposal, writtenKey())).toBeUndefined()
    const kept = await db.rows<{ text: string }>(sql`select row_to_json(k)::text as text from break_glass_key k union all select data::text from audit_event`)
    expect(kept.some(({ text }) => text.includes(key) || text.includes(key.replaceAll('-', '')))).toBe(false)
    await expect(db.change(sql`insert into break_glass_key (id, hash, proposal_id, sealed_at) values (${newId()}, ${randomBytes(32)}, ${newId()}, now())`)).rejects.toThrow(/no two people/)
    await expect(db.change(sql`update break_glass_key set hash = ${randomBytes(32)}`)).rejects.toThrow(/never changed/)
  })

  test('A07: what two people agreed to more than seven days ago seals nothing, whoever asks', async () => {
    const before = (days: number) => new Date(Date.now() - days * 86_400_000)
    expect(await seal(tools, await approved(before(6.9)), writtenKey())).toBeDefined()
    const late = await approved(before(7.1))
    expect(await seal(tools, late, writtenKey())).toBeUndefined()
    await expect(db.change(sql`insert into break_glass_key (id, hash, proposal_id, sealed_at) values (${newId()}, ${randomBytes(32)}, ${late.id}, now())`)).rejects.toThrow(/too long ago/)
  })

  test('A07: another key, and one that was replaced, open nothing, and each try is an alarm; a drill spends nothing', async () => {
    const [old, key] = [await sealed(), await sealed()]
    for (const wrong of [old, 'AAAA-BBBB', key.slice(0, -1)]) await expect(use(wrong, { act: 'client.suspend', client: client.id })).rejects.toMatchObject({ code: 'officer.not-allowed' })
    await expect(drill(tools, old)).rejects.toMatchObject({ code: 'officer.not-allowed' })
    await drill(tools, key.toLowerCase().replaceAll('-', ' '))
    expect([(await events()).filter((type) => type === 'break-glass.refused').length, (await alarms()).toSorted((one, other) => one.localeCompare(other))]).toEqual([4, ['break-glass', 'drill']])
    expect([await tools.breakGlass.opened(tools.hashOf(key.replaceAll('-', ''))), (await clients(db, sealer).find(client.id))?.state]).toEqual([expect.objectContaining({ drilledAt: expect.any(Date) }), undefined])
  })

  test('A07: it stops a client, an officer and a stolen key at once, on record before it is done, and then is spent', async () => {
    const key = await sealed()
    const revoke = { act: 'key.revoke', kid: stolen.kid } as const
    expect(await use(key, { act: 'client.suspend', client: client.id }, revoke)).toEqual([{ act: revoke, fault: 'only-key' }])
    expect((await events()).filter((type) => type === 'break-glass.used')).toEqual([])
    const acts = [{ act: 'client.suspend', client: client.id }, { act: 'officer.lock', account }, { act: 'key.activate', kid: follower.kid }, revoke] as const
    const racing = await Promise.allSettled([use(key, ...acts), use(key, ...acts)])
    // The other one hears that it is spent, or that there is nothing left to do.
    expect(racing.filter((one) => one.status === 'fulfilled' && one.value.length === 0)).toHaveLength(1)
    expect([(await clients(db, sealer).find(client.id))?.state, await officers(db).rolesOf(account)]).toEqual(['suspended', []])
    expect((await keyChanges(db).list()).map(({ act, kid, by }) => [act, kid, by.role])).toEqual([['activate', follower.kid, 'break-glass'], ['revoke', stolen.kid, 'break-glass']])
    const told = await events()
    expect(told.indexOf('break-glass.used')).toBeLessThan(told.indexOf('client.suspended'))
    expect([told.filter((type) => type === 'role.ended').length, told.filter((type) => type === 'client.suspended').length]).toEqual([2, 1])
    await expect(use(key, revoke)).rejects.toMatchObject({ code: 'officer.not-allowed' })
    expect(readiness(await tools.breakGlass.newest(), new Date())).toBe('missing')
    await expect(db.change(sql`
      insert into signing_key_change (seq, act, kid, alg, at, decided_at, break_glass) select 3, 'retire', kid, alg, at, decided_at, break_glass from signing_key_change where seq = 1`)).rejects.toThrow(/no two people/)
  })
})
