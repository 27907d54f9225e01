import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientId, proposalId } from '#kernel/id.ts'
import { warnOfKeys } from '#domain/connection/key-warning.ts'
import { stageKey } from '#keys/ring-change.ts'
import { accountOf, assertionOf, authorization, authorize, enrol, get, post, redemption, type Enrolled } from '#test/support/journey.ts'
import { mailsIn } from '#test/support/mailbox.ts'
import { approve, bootstrap } from '#test/support/officers.ts'
import { makeRelyingParty, type Party, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const portal = testClient({ name: 'portal' })
const attentive = testClient({ name: 'attentive', metadata: { contacts: ['attentive@example.com'] } })
const pinned = testClient({ name: 'pinned', metadata: { contacts: ['pinned@example.com', 'second@example.com'] } })
const browser = testClient({ name: 'browser', proof: 'none', metadata: { contacts: ['browser@example.com'] } })
/** As our proxy tells it. */
const outOf = (address: string) => ({ 'x-forwarded-for': address })
const [attentiveOut, pinnedOut, citizenOut] = ['203.0.113.1', '203.0.113.2', '203.0.113.3'].map(outOf)
const soon = { timeout: 45_000, interval: 500 }

describe.each(engines)('who has fetched the key set, on %s,', (engine) => {
  let server: TestServer
  let another: Awaited<ReturnType<TestServer['another']>> | undefined
  /** The node where services are given tokens, and the one where keys are fetched. */
  let nodes: readonly [string, string]
  let party: RelyingParty
  let first: Enrolled
  let second: Enrolled
  beforeAll(async () => {
    const env = { TRUSTED_PROXIES: '127.0.0.1,::1' }
    server = await startServer({ engine, env, clients: () => [portal, attentive, pinned, browser].map(({ metadata }) => metadata), keys: { noticeHours: 0, publishedHours: 0, fetchHours: 0 } })
    another = engine === 'servers' ? await server.another() : undefined
    nodes = [server.issuer, `http://localhost:${another?.port ?? server.port}`]
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second] = [await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'])
  }, 60_000)
  afterAll(async () => {
    await another?.close()
    await server.close()
  })

  const seen = (client: string) => server.house.keySetWatch.seenOf(clientId.parse(client))
  const health = async (client: string) => (await first.visitor.open(`${server.issuer}/quan-tri/ung-dung/${client}/suc-khoe`)).text
  const push = async (of: Party, from: Record<string, string> | undefined) => post(`${nodes[0]}/par`, { ...authorization(of), ...(of.proof.method === 'none' ? {} : await assertionOf(of)) }, from)
  const fetchKeys = async (from: Record<string, string> | undefined) => {
    const { status, json } = await get(`${nodes[1]}/jwks`, from)
    expect(status).toBe(200)
    return JSON.stringify(json)
  }
  const written = () => mailsIn(server.mailDir).filter(({ subject }) => subject.includes('chưa tải khóa mới'))

  /** Another key that is published and unused; fetched only once every node has had the time to publish it. */
  async function stage(): Promise<string> {
    const { kid } = (await stageKey(server.keyringFile, 'ES256', new Date())).jwk
    await Promise.all(nodes.map((node) => expect.poll(async () => (await get(`${node}/jwks`)).text, soon).toContain(kid)))
    return kid
  }

  async function plan(kid: string, at: Date): Promise<void> {
    const proposal = { id: proposalId.parse(crypto.randomUUID()), change: { act: 'key.activate', kid, alg: 'ES256', at: at.toISOString() }, proposer: await accountOf(server, first), proposedAt: new Date(), reason: 'đến hạn' } as const
    await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: 'key.activate', subject: kid, by: proposal.proposer })
    expect((await approve(second, new URL(`${server.issuer}/quan-tri/phe-duyet/${proposal.id}`))).text).toContain('Đã phê duyệt')
  }

  test('K03: a service that fetched the new key is let be; one that did not is written before it signs, once; a public one is never watched', async () => {
    for (const [one, from] of [[attentive, attentiveOut], [pinned, pinnedOut], [browser, citizenOut]] as const) {
      const told = await push(one.party(server.issuer), from)
      expect([told.status, told.text]).toEqual([201, expect.any(String)])
      await fetchKeys(from)
    }
    for (const client of ['attentive', 'pinned']) await expect.poll(async () => (await seen(client)).map(({ fetchedAt }) => fetchedAt !== undefined), soon).toEqual([true])
    expect([await seen('browser'), await health('attentive')]).toEqual([[], expect.stringContaining('Chưa có khóa ký mới nào cần tải')])

    const kid = await stage()
    const moment = new Date(Date.now() + 3 * 86_400_000)
    await plan(kid, moment)
    // Until it fetches.
    expect(await health('attentive')).toContain('chưa tải lại bộ khóa từ lúc đó')
    await expect.poll(async () => {
      await fetchKeys(attentiveOut)
      return health('attentive')
    }, soon).toContain('đã tải bộ khóa sau đó')

    expect(await health('pinned')).toMatch(/Khóa bắt đầu ký lúc [^]*đã được công bố lúc[^]*chưa tải lại bộ khóa từ lúc đó[^]*sẽ từ chối đăng nhập từ[^]*Lượt tải qua địa chỉ khác thì không thấy/)
    expect(await health('browser')).toContain('Ứng dụng công khai không có máy chủ riêng')

    expect(await Promise.all([warnOfKeys(server.house), warnOfKeys(server.house)])).toEqual(expect.arrayContaining([0, 1]))
    await expect.poll(() => written().map(({ to }) => to).toSorted(), soon).toEqual(['pinned@example.com', 'second@example.com'])
    expect(written()[0]?.text).toMatch(new RegExp(`${kid}[^]*ứng dụng pinned[^]*Lần cuối thấy lượt tải`))
    expect(await warnOfKeys({ ...server.house, clock: { now: () => moment } })).toBe(0)

    await push(pinned.party(server.issuer), outOf('203.0.113.9'))
    await expect.poll(async () => {
      await fetchKeys(pinnedOut)
      return health('pinned')
    }, soon).toMatch(/đã tải bộ khóa sau đó[^]*Thấy từ 1 trong 2 địa chỉ/)
  }, 180_000)

  test('a call counts at the token endpoint too, and only of who has proved to be the service; neither address nor stranger is kept', async () => {
    const known = await seen('portal')
    expect((await post(`${nodes[0]}/par`, { ...authorization(portal.party(server.issuer)), ...(await assertionOf({ ...portal.party(server.issuer), proof: pinned.party(server.issuer).proof })) }, outOf('198.51.100.7'))).status).toBe(401)
    await fetchKeys(outOf('198.51.100.7'))
    const { answer, checks } = await authorize(party, first)
    const redeemed = await post(`${nodes[0]}/token`, { ...redemption(portal.party(server.issuer), answer, checks), ...(await assertionOf(portal.party(server.issuer))) }, outOf('198.51.100.8'))
    expect(redeemed.status).toBe(200)
    await expect.poll(async () => (await seen('portal')).length, soon).toBe(known.length + 1)
    const kept = JSON.stringify([await server.house.database.rows(sql`select * from key_set_caller`), await server.house.database.rows(sql`select * from key_set_fetch`)])
    expect(kept).not.toMatch(/203\.0|198\.51|127\.0/)
    // Those of the two services, of the one at home, and of nobody else who fetched.
    expect(await server.house.database.rows(sql`select f.address from key_set_fetch f where not exists (select 1 from key_set_caller c where c.address = f.address)`)).toEqual([])
  }, 90_000)
})
