import { readFileSync, writeFileSync } from 'node:fs'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { newId, proposalId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import { readEntry } from '#domain/transparency/entry.ts'
import { stageKey } from '#keys/ring-change.ts'
import { fillIn } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, assertionOf, authorize, enrol, get, post, redemption, type Enrolled } from '#test/support/journey.ts'
import { approve as approveBy, bootstrap } from '#test/support/officers.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { silentLog } from '#test/support/silent-log.ts'
import { testClient } from '#test/support/test-clients.ts'
import { titleOf, type Stop } from '#test/support/visitor.ts'

const portal = testClient({ name: 'portal' })
/** What this node tells its operator. */
const told: string[] = []
const log: Log = { ...silentLog, error: (_fields, message) => void told.push(message), with: () => log }
const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), alg: z.string() })) })

describe.each(engines)('signing keys that two people change, on %s,', (engine) => {
  let server: TestServer
  let another: Awaited<ReturnType<TestServer['another']>> | undefined
  let nodes: readonly string[]
  let party: RelyingParty
  let first: Enrolled
  let second: Enrolled
  let citizen: Enrolled
  beforeAll(async () => {
    server = await startServer({ engine, log, clients: () => [portal.metadata], keys: { noticeHours: 0, publishedHours: 0 } })
    // The embedded database is for one process.
    another = engine === 'servers' ? await server.another() : undefined
    nodes = [server.port, ...(another === undefined ? [] : [another.port])].map((port) => `http://localhost:${port}`)
    party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, citizen] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'super-admin'])
  })
  afterAll(async () => {
    await another?.close()
    await server.close()
  })

  const at = (path: string) => `${server.issuer}/quan-tri/khoa${path}`
  const approve = (url: URL) => approveBy(second, url)
  const published = async (node: string) => keySet.parse((await get(`${node}/jwks`)).json).keys
  const publishes = (kid: string) => Promise.all(nodes.map((node) => expect.poll(async () => (await published(node)).map((key) => key.kid), byItself).toContain(kid)))
  const logged = async (kid: string) => (await server.house.database.rows(sql<{ entry: string }>`select entry from transparency_entry where kind like 'key.%' order by seq`))
    .map(({ entry }) => readEntry(entry)).filter((entry) => 'key' in entry && entry.key.kid === kid).map(({ kind, by }) => `${kind} by ${by.role}`)

  /** A whole sign-in whose code is redeemed at one node; answers its ID token. */
  async function signInAt(node: string): Promise<string> {
    const { answer, checks } = await authorize(party, citizen)
    const told = await post(`${node}/token`, { ...redemption(portal.party(server.issuer), answer, checks), ...(await assertionOf(portal.party(server.issuer))) })
    if (told.status !== 200) throw new Error(`${node}/token answered ${told.status} ${told.text}`)
    return z.string().parse(told.json['id_token'])
  }
  const signs = async (node: string) => decodeProtectedHeader(await signInAt(node)).kid
  const verifies = async (token: string) => Promise.all(nodes.map(async (node) => jwtVerify(token, createLocalJWKSet({ keys: await published(node) }))))
  const stage = async () => (await stageKey(server.keyringFile, 'ES256', new Date())).jwk.kid

  async function proposeAtOnce(kid: string): Promise<Stop> {
    const page = await first.visitor.open(at(`/${kid}/dung`))
    return fillIn(first.visitor, page, '/dung', { when: 'approval', at: '', reason: 'khóa cũ có thể đã lộ' })
  }

  test('K03: a new key is published everywhere, signs nowhere, and takes over on every node within five seconds of the second signature; no request fails', async () => {
    const before = await signInAt(server.issuer)
    const old = decodeProtectedHeader(before).kid ?? ''
    const kid = await stage()
    await publishes(kid)
    expect(await logged(kid)).toEqual(['key.staged by server'])
    expect(await Promise.all(nodes.map(signs))).toEqual(nodes.map(() => old))

    const proposed = await proposeAtOnce(kid)
    expect([proposed.status, proposed.text]).toEqual([200, expect.stringContaining(kid)])
    expect((await first.visitor.open(at(''))).text).toContain('đang chờ quyết định')

    let over = false
    const failed: string[] = []
    let asked = 0
    const busy = nodes.flatMap((node) => [
      async () => void (await signInAt(node)),
      async () => {
        for (const path of ['/jwks', '/.well-known/openid-configuration', '/readyz', '/minh-bach']) {
          const { status } = await get(`${node}${path}`)
          if (status !== 200) throw new Error(`${path} ${status}`)
        }
      },
    ]).map(async (ask) => {
      while (!over) {
        asked += 1
        await ask().catch((error: unknown) => failed.push(String(error)))
      }
    })
    const page = await approve(proposed.url)
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('Đã phê duyệt')])
    await withinFiveSeconds(() => Promise.all(nodes.map((node) => expect.poll(() => signs(node), byItself).toBe(kid))))
    over = true
    await Promise.all(busy)
    expect(failed).toEqual([])
    expect(asked).toBeGreaterThan(nodes.length * 2)

    await verifies(before)
    await verifies(await signInAt(nodes.at(-1) ?? ''))
    expect(await logged(kid)).toEqual(['key.staged by server', 'key.planned by approver', 'key.activated by approver'])
    expect((await logged(old)).at(-1)).toBe('key.retired by approver')
    const shown = (await first.visitor.open(at(''))).text
    expect(shown).toContain('Ngừng ký')
  }, 120_000)

  test('K03: a planned key takes over at its moment and not before, and what is planned is public before', async () => {
    const old = await signs(server.issuer)
    const kid = await stage()
    await publishes(kid)
    const moment = new Date(Date.now() + 6000)
    const by = await accountOf(server, first)
    const proposal = { id: proposalId.parse(crypto.randomUUID()), change: { act: 'key.activate', kid, alg: 'ES256', at: moment.toISOString() }, proposer: by, proposedAt: new Date(), reason: 'đến hạn' } as const
    await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: 'key.activate', subject: kid, by })
    await approve(new URL(`${server.issuer}/quan-tri/phe-duyet/${proposal.id}`))
    expect(await logged(kid)).toEqual(['key.staged by server', 'key.planned by approver'])
    expect(await signs(nodes.at(-1) ?? '')).toBe(old)
    expect(Date.now()).toBeLessThan(moment.getTime())
    await Promise.all(nodes.map((node) => expect.poll(() => signs(node), byItself).toBe(kid)))
    expect(Date.now()).toBeGreaterThanOrEqual(moment.getTime())
  }, 60_000)

  test('a key file that cannot be read changes nothing, and counts again when it can', async () => {
    const [now, text] = [await signs(server.issuer), readFileSync(server.keyringFile, 'utf8')]
    told.length = 0
    writeFileSync(server.keyringFile, 'SECRET{')
    await expect.poll(() => told.some((line) => line.includes('cannot be looked at')), byItself).toBe(true)
    expect(await Promise.all(nodes.map(signs))).toEqual(nodes.map(() => now))
    writeFileSync(server.keyringFile, text)
    await publishes(await stage())
  }, 60_000)

  test('A01: nobody decides about a key alone: not the proposer, not without the permission, and not twice', async () => {
    const kid = await stage()
    await publishes(kid)
    const [one, other] = [await proposeAtOnce(kid), await proposeAtOnce(kid)]
    expect(one.text).not.toContain('passkey-options')
    for (const path of ['', `/${kid}/dung`, `/${kid}/ngung`, `/${kid}/thu-hoi`]) {
      const page = await citizen.visitor.open(at(path))
      expect([path, page.status, titleOf(page.text)]).toEqual([path, 403, expect.stringContaining('không có quyền')])
    }
    await approve(one.url)
    const late = await approve(other.url)
    expect([late.status, titleOf(late.text)]).toEqual([409, expect.stringContaining('thay đổi')])
    await Promise.all(nodes.map((node) => expect.poll(() => signs(node), byItself).toBe(kid)))
  }, 60_000)

  test('K03, A01: a stolen key that two people revoke is published by no node five seconds later, and nothing that it signed verifies; no request fails', async () => {
    const stolen = await signs(server.issuer) ?? ''
    const signed = await signInAt(server.issuer)
    // While it is the only one that signs it cannot go: the form says so.
    const alone = await first.visitor.open(at(`/${stolen}/thu-hoi`))
    expect(alone.text).toContain('không còn kiểm tra được')
    expect((await fillIn(first.visitor, alone, '/thu-hoi', { reason: 'lộ' })).text).toContain('khóa duy nhất')
    const kid = await stage()
    await publishes(kid)
    await approve((await proposeAtOnce(kid)).url)
    await Promise.all(nodes.map((node) => expect.poll(() => signs(node), byItself).toBe(kid)))
    await verifies(signed)
    const proposed = await fillIn(first.visitor, await first.visitor.open(at(`/${stolen}/thu-hoi`)), '/thu-hoi', { reason: 'lộ khóa' })
    const review = await second.visitor.open(proposed.url)
    for (const said of [stolen, 'Ngừng ký', 'Vô hiệu', 'lộ khóa']) expect(review.text).toContain(said)
    await verifies(signed)
    await approve(proposed.url)
    await withinFiveSeconds(() => Promise.all(nodes.map((node) => expect.poll(async () => (await published(node)).map((key) => key.kid), byItself).not.toContain(stolen))))
    await expect(verifies(signed)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' })
    await verifies(await signInAt(nodes.at(-1) ?? ''))
    expect((await logged(stolen)).slice(-2)).toEqual(['key.planned by approver', 'key.revoked by approver'])
    expect((await first.visitor.open(at(''))).text).not.toContain(`/${stolen}/dung`)
  }, 60_000)

  test('K03: a key that one node does not have cannot be decided for: the act names the node, and so does the page that is signed', async () => {
    const kid = await stage()
    await publishes(kid)
    const before = await signs(server.issuer)
    const proposed = await proposeAtOnce(kid)
    const gone = { id: newId(), name: 'may-chu-ba:3000', kids: [before ?? ''] }
    await server.house.keyNodes.say(gone, new Date())
    const told = await proposeAtOnce(kid)
    expect([told.status, told.text]).toEqual([422, expect.stringContaining('may-chu-ba:3000')])
    expect((await second.visitor.open(proposed.url)).text).toContain('may-chu-ba:3000')
    expect((await approve(proposed.url)).status).toBe(409)
    expect(await signs(server.issuer)).toBe(before)
    // A node that has said nothing for half a minute does not run any more.
    await server.house.keyNodes.say(gone, new Date(Date.now() - 31_000))
    await approve(proposed.url)
    await Promise.all(nodes.map((node) => expect.poll(() => signs(node), byItself).toBe(kid)))
  }, 60_000)

  test('K03: a form says what is wrong with the wish, beside its field', async () => {
    const [active, staged] = [await signs(server.issuer) ?? '', await stage()]
    await publishes(staged)
    const page = await first.visitor.open(at(`/${staged}/dung`))
    const wrong = async (typed: Record<string, string>) => (await fillIn(first.visitor, page, '/dung', { when: 'planned', at: '2099-03-31T09:00', reason: 'đến hạn', ...typed })).text
    expect(await wrong({ at: '31/03/2099' })).toContain('Hãy nhập ngày và giờ')
    expect(await wrong({ at: '2026-02-30T09:00' })).toContain('Hãy nhập ngày và giờ')
    expect(await wrong({ at: '2020-03-31T09:00' })).toContain('Quá sớm')
    expect(await wrong({ reason: ' ' })).toContain('Hãy ghi lý do')
    expect(await wrong({ when: '' })).toContain('Hãy chọn khi nào')
    const end = await first.visitor.open(at(`/${active}/ngung`))
    expect((await fillIn(first.visitor, end, '/ngung', { reason: 'thử' })).text).toContain('khóa duy nhất')
    expect((await first.visitor.open(at(`/${'x'.repeat(43)}/dung`))).status).toBe(404)
    // A staged key that will not be used is ended by two people as well.
    const proposed = await fillIn(first.visitor, await first.visitor.open(at(`/${staged}/ngung`)), '/ngung', { reason: 'không dùng' })
    await approve(proposed.url)
    await expect.poll(() => logged(staged), byItself).toContain('key.retired by approver')
  }, 60_000)
})
