import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { newId, proposalId } from '#kernel/id.ts'
import { makeSealer } from '#keys/sealer.ts'
import { toldOnce } from '#storage/postgres/told-once.ts'
import { databases } from '#test/support/engines.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })

describe.each(Object.entries(databases))('A04: what is told once, on %s,', (_name, open) => {
  async function about() {
    const db = await open()
    const store = toldOnce(db, sealer)
    const proposal = proposalId.parse(newId())
    let now = Date.now()
    const later = () => new Date((now += 1000))
    return {
      db,
      tell: (state: string) => store.tell({ about: `approval ${proposal}`, state }, { type: 'proposal.altered', proposal, reason: 'gone', by: 'clock' }, later()),
      over: () => store.over(`approval ${proposal}`, { type: 'proposal.restored', proposal, by: 'clock' }, later()),
      events: async () => (await db.rows(sql<{ type: string }>`select type from audit_event where type like 'proposal.%' order by id`)).map(({ type }) => type),
      marks: () => db.rows(sql<{ type: string; data: object }>`select type, data from audit_event where data ? 'mark' order by id`),
      forge: (type: string, data: object) => db.change(sql`insert into audit_event (id, at, type, data) values (${newId(later().getTime())}, now(), ${type}, ${JSON.stringify(data)}::jsonb)`),
      alarms: async () => (await db.rows(sql`select 1 from audit_event where type = 'alarm.raised'`)).length,
    }
  }

  test('is told in each state that it comes into, whoever asks how often, and again once it was over', async () => {
    const { tell, over, events } = await about()
    await over()
    expect([(await Promise.all([tell('a'), tell('a'), tell('a')])).filter(Boolean).length, await tell('b'), await tell('b'), await tell('a')]).toEqual([1, true, false, true])
    await over()
    await over()
    expect([await tell('a'), await tell('a')]).toEqual([true, false])
    expect(await events()).toEqual(['proposal.altered', 'proposal.altered', 'proposal.altered', 'proposal.restored', 'proposal.altered'])
  })

  test('is told although somebody has put "told already" there: of their own making, copied from before, or into the table of alarms', async () => {
    const { db, tell, over, marks, forge, alarms } = await about()
    await tell('a')
    const [before] = await marks()
    await over()
    if (before === undefined) throw new Error('it was told')
    await forge(before.type, before.data)
    expect(await tell('a')).toBe(true)
    await forge('proposal.altered', { ...before.data, mark: randomUUID() })
    await db.change(sql`insert into alarm (id, kind, actor, hour, at) select gen_random_uuid(), 'altered', 'clock', date_trunc('hour', now()) + n * interval '1 hour', now() from generate_series(0, 3) n on conflict do nothing`)
    const raised = await alarms()
    expect([await tell('b'), await alarms()]).toEqual([true, raised + 1])
  })
})
