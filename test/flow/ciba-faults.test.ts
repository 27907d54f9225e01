import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, decline, hear, openCounter, openRequest, pick, refusal, unlock, type Counter } from '#test/support/counter.ts'
import { accountOf, enrol, type Enrolled } from '#test/support/journey.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { titleOf } from '#test/support/visitor.ts'

/** The stores fail at each call in turn once an answer is begun: before the act, or after it with only the receipt lost. */
describe.each(['before the act', 'after it'] as const)('a store that fails %s while an answer is passed on', (when) => {
  let server: TestServer
  let counter: Counter
  beforeAll(async () => {
    counter = await openCounter()
    server = await startServer({ clients: () => [counter.metadata], env: { OUTBOUND_ALLOW: 'localhost' } })
    await counter.open(server.issuer)
  })
  afterAll(async () => {
    await server.close()
    await counter.close()
  })

  /** The nth call since the answer was begun fails; answers how many there were, and heals. */
  function failAt(nth: number): () => number {
    let calls = 0
    let begun = false
    const { volatile, kept, audit, consents } = server.house
    const ports: readonly (readonly [object, string])[] = [...[volatile, kept].flatMap((store) => ['get', 'put', 'claim', 'drop'].map((act) => [store, act] as const)), [audit, 'append'], [consents, 'record']]
    const whole = ports.map(([port, act]) => ({ port, act, real: Reflect.get(port, act) as (...given: readonly unknown[]) => Promise<unknown> }))
    for (const { port, act, real } of whole) {
      Reflect.set(port, act, async (...given: readonly unknown[]) => {
        if (begun) calls += 1
        if (String(given[0]).startsWith('approval-outcome:') && act === 'claim') begun = true
        if (calls !== nth) return Reflect.apply(real, port, given)
        if (when === 'after it') await Reflect.apply(real, port, given)
        throw new Error('the store says no')
      })
    }
    return () => {
      for (const { port, act, real } of whole) Reflect.set(port, act, real)
      return calls
    }
  }

  const approvalEvents = async (who: Enrolled) => {
    const account = await accountOf(server, who)
    const rows = await server.house.database.rows(sql<{ type: string }>`select type from audit_event where data->>'account' = ${account} and type like 'approval.%' order by id`)
    return rows.map(({ type }) => type)
  }

  /** What both sides know after a yes whose nth call failed: the page, perhaps after another yes, then the service and the record. */
  async function yesAt(nth: number): Promise<string | undefined> {
    const who = await enrol(server, counter.bank)
    const asked = await ask(counter.bank, { login_hint: who.citizen.number, scope: 'openid profile' })
    const confirm = await pick(who, await openRequest(server, who))
    const heal = failAt(nth)
    await unlock(who, confirm)
    if (heal() < nth) return undefined
    const after = await who.visitor.open(confirm.url)
    const mayAgain = after.text.includes('passkey-options')
    const shown = titleOf((mayAgain ? await unlock(who, after) : after).text).split(' – ')[0]
    const heard = await refusal(hear(counter.bank, asked))
    const undone = (await approvalEvents(who)).includes('approval.undone')
    return `${mayAgain ? 'again, ' : ''}${shown}: ${heard}${undone ? ', undone' : ''}`
  }

  test('a yes is heard, or can be given again, or has failed for both sides and is recorded so', async () => {
    const outcomes = new Set<string>()
    for (let nth = 1; nth < 40; nth += 1) {
      const outcome = await yesAt(nth)
      if (outcome === undefined) break
      outcomes.add(outcome)
    }
    // When the service has been told already, the last that can be lost is how it ended.
    const lost = when === 'before the act' ? ['Yêu cầu này đã được trả lời: granted'] : []
    expect(outcomes).toEqual(new Set([
      'Bạn đã xác nhận: granted', 'again, Bạn đã xác nhận: granted', 'Chưa gửi được câu trả lời của bạn: temporarily_unavailable, undone', ...lost,
    ]))
  })

  test('a no is never taken for a yes, and a wrong code is not taken back', async () => {
    for (const answer of ['declined', 'mismatched'] as const) {
      let nth = 1
      for (; nth < 40; nth += 1) {
        const who = await enrol(server, counter.bank)
        const asked = await ask(counter.bank, { login_hint: who.citizen.number })
        const page = await openRequest(server, who)
        const wrong = [...page.text.matchAll(/name="code" value="([^"]+)"/g)].map(([, code = '']) => code).find((code) => code !== '47') ?? ''
        const heal = failAt(nth)
        await (answer === 'declined' ? decline(who, page) : pick(who, page, wrong))
        if (heal() < nth) break
        const after = await who.visitor.open(page.url)
        const mayAgain = after.text.includes('name="code"')
        expect([answer, nth, mayAgain]).not.toEqual(['mismatched', nth, true])
        if (mayAgain) await decline(who, after)
        expect([answer, nth, await refusal(hear(counter.bank, asked))]).not.toEqual([answer, nth, 'granted'])
      }
      expect(nth).toBeGreaterThan(2)
      expect(nth).toBeLessThan(40)
    }
  })
})
