import { describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, approvalId, clientId, newId } from '#kernel/id.ts'
import { secretToken } from '#kernel/random.ts'
import type { Approval } from '#domain/approval/approval.ts'
import { approvals } from '#storage/approvals.ts'
import { volatiles } from '#test/support/engines.ts'

const now = Math.floor(Date.now() / 1000)
const someone = () => accountId.parse(newId())
let services = 0
/** Each of another service. */
const some = (account: Approval['account'], more: Partial<Approval> = {}): Approval => ({
  id: approvalId.parse(secretToken()), account, client: clientId.parse(`bank-${(services += 1)}`), request: 'the-request', code: '47', choices: ['12', '47', '90'],
  want: { anyOf: [], minimum: 2, accountLevel: 1, fresh: false, impossible: false }, scope: 'openid', items: [], details: [], resources: {}, asked: [],
  askedAt: now, endsAt: now + 60, ...more,
})

describe.each(Object.entries(volatiles))('requests that wait for a person, on %s', (_name, open) => {
  const store = async () => approvals(await open(), systemClock)

  test('come back as they were put, oldest first, to their own person', async () => {
    const all = await store()
    const [one, other] = [someone(), someone()]
    const [late, early] = [some(one, { askedAt: now }), some(one, { askedAt: now - 9 })]
    for (const approval of [late, early, some(other)]) expect(await all.open(approval)).toBe(true)
    expect((await all.waitingFor(one)).map(({ id }) => id)).toEqual([early.id, late.id])
    expect(await all.find(late.id)).toEqual(late)
    expect(await all.find(approvalId.parse(secretToken()))).toBeUndefined()
  })

  test('W11: are three for one person at most, also when fifty come at once, and an answer makes room', async () => {
    const all = await store()
    const account = someone()
    const sent = await Promise.all(Array.from({ length: 50 }, () => all.open(some(account))))
    expect(sent.filter(Boolean)).toHaveLength(3)
    const [first] = await all.waitingFor(account)
    if (first === undefined) throw new Error('three wait')
    expect(await all.begin(first.id)).toBe(true)
    expect(await all.waitingFor(account)).toHaveLength(2)
    await all.end(first, 'declined')
    expect([await all.open(some(account)), await all.open(some(account))]).toEqual([true, false])
  })

  test('wait for everybody who may answer for the person, and not for the person; one answer is one for all of them', async () => {
    const all = await store()
    const [ward, mother, father] = [someone(), someone(), someone()]
    const approval = some(ward, { representatives: [mother, father] })
    expect(await all.open(approval)).toBe(true)
    const waiting = async () => Promise.all([ward, mother, father].map(async (account) => (await all.waitingFor(account)).map(({ id }) => id)))
    expect(await waiting()).toEqual([[], [approval.id], [approval.id]])
    expect([await all.begin(approval.id), await all.begin(approval.id)]).toEqual([true, false])
    await all.end(approval, 'approved')
    expect(await waiting()).toEqual([[], [], []])
  })

  test('W11: reach who has room, though another who may answer has none', async () => {
    const all = await store()
    const [ward, full, free] = [someone(), someone(), someone()]
    for (const _ of [1, 2, 3]) await all.open(some(full))
    const approval = some(ward, { representatives: [full, free] })
    expect(await all.open(approval)).toBe(true)
    expect((await all.waitingFor(free)).map(({ id }) => id)).toEqual([approval.id])
    expect(await all.open(some(ward, { representatives: [full] }))).toBe(false)
  })

  test('are answered by one of fifty', async () => {
    const all = await store()
    const approval = some(someone())
    await all.open(approval)
    const begun = await Promise.all(Array.from({ length: 50 }, () => all.begin(approval.id)))
    expect(begun.filter(Boolean)).toHaveLength(1)
    expect(await all.outcome(approval.id)).toBe('answering')
    await all.end(approval, 'approved')
    expect([await all.outcome(approval.id), await all.begin(approval.id)]).toEqual(['approved', false])
  })

  test('W11: of one service one waits for a person, also when fifty come at once, so that none shuts out the others', async () => {
    const all = await store()
    const account = someone()
    const client = clientId.parse('flood')
    const sent = await Promise.all(Array.from({ length: 50 }, () => all.open(some(account, { client }))))
    expect(sent.filter(Boolean)).toHaveLength(1)
    expect([await all.open(some(account)), await all.open(some(account))]).toEqual([true, true])
    const one = (await all.waitingFor(account)).find((approval) => approval.client === client)
    if (one === undefined) throw new Error('one waits')
    // Where there is no place at all, it is not its turn either.
    const other = clientId.parse('other')
    expect(await all.open(some(account, { client: other }))).toBe(false)
    await all.begin(one.id)
    await all.end(one, 'declined')
    expect([await all.open(some(account, { client: other })), await all.open(some(account, { client }))]).toEqual([true, false])
  })

  test('wait again when the answer that was begun is taken back', async () => {
    const all = await store()
    const approval = some(someone())
    await all.open(approval)
    await all.begin(approval.id)
    await all.release(approval.id)
    expect(await all.waitingFor(approval.account)).toEqual([approval])
    expect([await all.outcome(approval.id), await all.begin(approval.id)]).toEqual([undefined, true])
  })

  test('know in which session the code was picked', async () => {
    const all = await store()
    const approval = some(someone())
    await all.open(approval)
    expect(await all.matchedIn(approval.id)).toBeUndefined()
    await all.match(approval.id, 'a-session')
    expect(await all.matchedIn(approval.id)).toBe('a-session')
  })

  test('are gone when their time is over, and their place is free', async () => {
    const all = await store()
    const account = someone()
    for (let place = 0; place < 3; place += 1) await all.open(some(account, { endsAt: now + 1 }))
    await expect.poll(() => all.waitingFor(account), { timeout: 20_000 }).toEqual([])
    expect(await all.open(some(account))).toBe(true)
  })
})
