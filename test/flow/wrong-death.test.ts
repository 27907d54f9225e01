import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { personalNumber, type Person } from '#domain/registry/person.ts'
import { agree, register, tap } from '#test/support/citizen.ts'
import { byItself } from '#test/support/five-seconds.ts'
import { accountOf, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { leaveAt, testClient } from '#test/support/test-clients.ts'
import { makeVisitor, titleOf } from '#test/support/visitor.ts'

const client = testClient({ name: 'portal' })

describe.each(engines)('somebody whose death was reported in error, on %s,', (engine) => {
  let server: TestServer
  let portal: RelyingParty
  beforeAll(async () => {
    server = await startServer({ engine, clients: () => [client.metadata] })
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(() => server.close())

  async function says(who: Enrolled, life: Person['life']): Promise<Person> {
    const person = await server.house.registry.findByNumber(personalNumber.parse(who.citizen.number))
    if (person === undefined) throw new Error('nobody has this number')
    const changed = { ...person, life, source: { ...person.source, version: person.source.version + 1 } }
    await server.house.registry.importAll((async function* () { yield [changed] })())
    return changed
  }
  const knocks = async (who: Enrolled) => {
    const visitor = makeVisitor({ leaveAt })
    const page = await tap(visitor, await visitor.open((await portal.begin()).url), who.citizen.authenticator)
    return [page.status, titleOf(page.text)]
  }

  test('registers again once the registry says that they live, as somebody new to every service; the old account stays ended', async () => {
    const who = await enrol(server, portal)
    const [before, old] = [await signIn(portal, who), await accountOf(server, who)]
    await says(who, { status: 'deceased', on: '2026-01-02' })
    // A process remembers accounts for two seconds (W12 allows five).
    const closed = await vi.waitFor(async () => {
      const told = await knocks(who)
      expect(told[0]).toBe(403)
      return told
    }, byItself)
    const person = await says(who, { status: 'alive' })
    expect(await knocks(who)).toEqual(closed)

    const again = { citizen: server.citizen(person), visitor: makeVisitor({ leaveAt }) }
    const { url, checks } = await portal.begin()
    const end = await agree(again.visitor, await register(again.visitor, await again.visitor.open(url), again.citizen))
    const after = await portal.finish(end.url, checks)
    expect(after.claims['sub']).not.toBe(before.claims['sub'])
    const current = await accountOf(server, again)
    expect([current === old, (await server.house.accounts.findNow(old))?.account.state, (await server.house.accounts.findNow(current))?.account.level]).toEqual([false, 'deceased', 1])
    expect((await server.house.holderNotices.ofAccount(old)).map(({ occasion }) => occasion.of)).toEqual(['account-opened'])
    expect(await knocks(who)).toEqual(closed)
  })
})
