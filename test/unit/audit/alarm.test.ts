import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId, clientId, lookUpId, type AccountId } from '#kernel/id.ts'
import { concerned, type Alarm } from '#domain/audit/alarm.ts'
import { caseNumber } from '#domain/audit/case.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import { lookUp, mayExport } from '#domain/audit/look-up.ts'
import type { OfficerRefusal } from '#domain/audit/officer.ts'
import { alarmsIn } from '#domain/audit/watch.ts'
import type { RoleGrant } from '#domain/officer/role.ts'
import { makeLimits } from '#storage/limits.ts'
import { readAllRules } from '#app/rules.ts'

const now = new Date('2026-11-26T05:00:00Z')
const [by, another] = [accountId.parse(randomUUID()), accountId.parse(randomUUID())]
const held = (account: AccountId): RoleGrant => ({ id: randomUUID(), account, role: 'auditor', since: now, endsOn: '2026-12-31' })

/** A log of record in memory, watched; a second passes with each event. */
function atWork() {
  const events: (AuditEvent & { at: number })[] = []
  const raised: Alarm[] = []
  let clock = now.getTime()
  const count: Parameters<typeof alarmsIn>[0]['count'] = async ({ by: who, type, reason, since }) =>
    events.filter((event) => event.type === type && 'by' in event && event.by === who && event.at >= since.getTime() && (reason === undefined || ('reason' in event && event.reason === reason))).length
  const audit: AuditLog = {
    async append(...all) {
      events.push(...all.map((event) => ({ ...event, at: (clock += 1000) })))
      for (const alarm of await alarmsIn({ count }, all, new Date(clock))) {
        if (!raised.some((one) => one.kind === alarm.kind && one.by === alarm.by)) raised.push(alarm)
      }
    },
  }
  const limits = makeLimits({ rules: readAllRules().limits, hash: (key) => key })
  const officer = { account: by, roles: [held(by)] }
  const look = (account: AccountId | 'nobody' = another) => lookUp({ audit, limits, clock: { now: () => new Date(clock) } }, officer, { account: account === 'nobody' ? undefined : account, case: 'HS-1', ground: 'court' })
  const take = () => mayExport({ audit, limits, clock: { now: () => new Date(clock) } }, officer)
  const refuse = (reason: OfficerRefusal, who = by) => audit.append({ type: 'officer.refused', by: who, permission: 'audit.read', reason })
  return { events, raised, audit, look, take, refuse, kinds: () => raised.map(({ kind }) => kind), wait: (seconds: number) => void (clock += seconds * 1000) }
}

describe('what an insider cannot avoid doing', () => {
  test('A04: the 61st look-up within an hour is refused and an alarm, recorded before the answer; a thousand tries are one alarm of the kind', async () => {
    const { look, events, kinds } = atWork()
    for (let tried = 0; tried < 60; tried += 1) await look()
    expect(kinds()).toEqual([])
    await expect(look()).rejects.toMatchObject({ code: 'limit.exceeded' })
    expect([kinds(), events.at(-1)?.type]).toEqual([['look-ups'], 'officer.refused'])
    for (let tried = 61; tried < 1000; tried += 1) await expect(look()).rejects.toMatchObject({ code: 'limit.exceeded' })
    expect(events.filter(({ type }) => type === 'audit.looked-up')).toHaveLength(60)
    expect(kinds()).toEqual(['look-ups', 'refusals'])
  })

  test('A04: should the counters be lost, the log of record still counts to sixty', async () => {
    const { audit, kinds } = atWork()
    const looked = () => audit.append({ type: 'audit.looked-up', lookup: lookUpId.parse(randomUUID()), by, role: 'auditor', case: 'HS-1', ground: 'court' })
    for (let at = 0; at < 60; at += 1) await looked()
    expect(kinds()).toEqual([])
    await looked()
    expect(kinds()).toEqual(['look-ups'])
    const calm = atWork()
    for (let at = 0; at < 60; at += 1) await calm.audit.append({ type: 'audit.looked-up', lookup: lookUpId.parse(randomUUID()), by, role: 'auditor', case: 'HS-1', ground: 'court' })
    calm.wait(3600)
    await calm.audit.append({ type: 'audit.looked-up', lookup: lookUpId.parse(randomUUID()), by, role: 'auditor', case: 'HS-1', ground: 'court' })
    expect(calm.kinds()).toEqual([])
  })

  test('A04: five refusals within ten minutes, of one officer, are an alarm; four, or five over an hour, or of several people, are not', async () => {
    const one = atWork()
    for (let at = 0; at < 4; at += 1) await one.refuse('not-allowed')
    await one.refuse('not-allowed', another)
    expect(one.kinds()).toEqual([])
    one.wait(600)
    await one.refuse('own-record')
    expect(one.kinds()).toEqual([])
    for (let at = 0; at < 4; at += 1) await one.refuse('own-record')
    expect(one.raised).toEqual([{ kind: 'refusals', by, at: expect.any(Date) }])
  })

  test('A04: the sixth client that one officer suspends within an hour is an alarm, whether the limit stopped it or its counters were lost', async () => {
    const suspend = (one: ReturnType<typeof atWork>) => one.audit.append({ type: 'client.suspended', client: clientId.parse('x1'), by, reason: 'too-many' })
    const [lost, stopped] = [atWork(), atWork()]
    for (let at = 0; at < 5; at += 1) await suspend(lost)
    expect(lost.kinds()).toEqual([])
    await suspend(lost)
    await stopped.refuse('too-many-suspensions')
    expect([lost.kinds(), stopped.kinds()]).toEqual([['suspensions'], ['suspensions']])
  })

  test.each(['own-proposal', 'wrong-signature', 'replayed'] as const)('A01: an approval that is %s is an alarm of that name at the first try', async (reason) => {
    const one = atWork()
    await one.refuse(reason)
    expect(one.kinds()).toEqual([reason])
  })

  test('A01: whoever says yes to what somebody else has just decided is on record, and no alarm', async () => {
    const one = atWork()
    await one.refuse('too-late')
    expect(one.kinds()).toEqual([])
  })

  test('K03: a key that is soon too old is an alarm, and one that is too old is another', async () => {
    const one = atWork()
    for (const reason of ['due', 'too-old'] as const) await one.audit.append({ type: 'key.aged', kid: 'k', reason, by: 'clock' })
    expect(one.raised.map(({ kind, by: who }) => [kind, who])).toEqual([['key-due', 'clock'], ['key-old', 'clock']])
  })

  test('R15: a database whose clock is wrong is an alarm, and nobody caused it', async () => {
    const one = atWork()
    await one.audit.append({ type: 'clock.off', by: 'clock' })
    expect(one.raised.map(({ kind, by: who }) => [kind, who])).toEqual([['clock', 'clock']])
  })

  test('A04: the eleventh file within an hour is refused and an alarm', async () => {
    const { take, events, kinds } = atWork()
    for (let tried = 0; tried < 10; tried += 1) await take()
    expect(kinds()).toEqual([])
    await expect(take()).rejects.toMatchObject({ code: 'limit.exceeded' })
    expect([kinds(), events.at(-1)]).toMatchObject([['exports'], { type: 'officer.refused', reason: 'too-many-exports' }])
  })

  test('A04: nobody looks themself up, a number of nobody counts like any other, and what others do is no alarm', async () => {
    const { look, events, kinds, audit } = atWork()
    await expect(look(by)).rejects.toMatchObject({ code: 'audit.own' })
    expect(events.at(-1)).toMatchObject({ type: 'officer.refused', reason: 'own-record' })
    await look('nobody')
    expect(events.at(-1)).not.toHaveProperty('account')
    await audit.append({ type: 'logout.finished' }, { type: 'account.shown', account: by, by: 'operator' })
    expect(kinds()).toEqual([])
  })
})

describe('A04: who is written of an alarm', () => {
  const hold = (role: RoleGrant['role'], more: Partial<RoleGrant> = {}): RoleGrant => ({ ...held(accountId.parse(randomUUID())), role, ...more })
  const [other, chief, support] = [held(another), hold('super-admin'), hold('support')]
  const told = (grants: readonly RoleGrant[], who: Alarm['by'] = by, kind: Alarm['kind'] = 'refusals') => concerned({ kind, by: who, at: now }, grants)

  test('is every auditor in office but whoever caused it, once', () => {
    expect(told([held(by), other, { ...other, role: 'support' }, other, chief, support, hold('auditor', { endedAt: now }), hold('auditor', { endsOn: '2026-11-25' })])).toEqual([another])
    expect(told([held(by), other], 'operator')).toEqual([by, another])
  })

  test('A07: is every super admin too where the emergency key was used or tried', () => {
    expect(told([other, chief, support], 'operator', 'break-glass')).toEqual([another, chief.account])
    expect(told([other, chief, support], 'operator', 'drill')).toEqual([another, chief.account])
  })

  test('is whoever may propose another key too where one is too old, and every super admin where an approval was altered', () => {
    for (const kind of ['key-due', 'key-old', 'altered'] as const) expect([kind, told([other, chief, support], 'clock', kind)]).toEqual([kind, [another, chief.account]])
  })

  test('is every super admin where the only auditor caused it, and else whoever holds an office', () => {
    expect(told([held(by), { ...held(by), role: 'super-admin' }, chief, support])).toEqual([chief.account])
    expect(told([held(by), { ...held(by), role: 'super-admin' }, support])).toEqual([support.account])
    expect(told([held(by)])).toEqual([])
  })
})

test.each([
  ['000.00.19.H29-261104-0001', true], ['12/2026/HS-TA', true], ['Đơn_07', true], ['a', false], ['ab', false], ['x'.repeat(65), false], ['x'.repeat(64), true],
  ['có dấu cách', false], ['079203001234', false], ['HS-079203001234', false], ['=1+1', false], ['-hs-1', false],
])('%s as a case number: %s', (text, taken) => {
  expect(caseNumber.safeParse(text).success).toBe(taken)
})
