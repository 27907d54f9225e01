import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { apiScopeNames, type ApiScope } from '#domain/api/scope.ts'
import { readClient } from '#domain/client/client.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import { clientId, proposalId } from '#kernel/id.ts'
import type { Change } from '#domain/proposal/change.ts'
import { propose } from '#domain/proposal/propose.ts'
import { fillIn } from '#test/support/citizen.ts'
import { accountOf, arrive, enrol, type Enrolled } from '#test/support/journey.ts'
import { makeProgram, type Program } from '#test/support/program.ts'
import { makeRelyingParty, type RelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const robotOf = (name: string) => testClient({ name, profile: 'fapi2', metadata: { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] } })
const every = 'clients.read clients.propose clients.suspend proposals.read roles.read'
const robots = { robot: robotOf('robot'), reader: robotOf('reader'), nobodys: robotOf('nobodys'), sectors: robotOf('sectors'), narrow: robotOf('narrow'), past: robotOf('past') }
const clients = { portal: testClient({ name: 'portal' }), bank: testClient({ name: 'bank', sector: 'bank.example' }), tax: testClient({ name: 'tax', sector: 'tax.example' }), front: testClient({ name: 'front', profile: 'fapi2' }), ...robots }
const inFourWeeks = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10)

const readAny = (given: unknown) => readClient(given, { allowLocal: true })

describe('the API of administrators', () => {
  let server: TestServer
  let party: RelyingParty
  let boss: Enrolled
  let second: Enrolled
  let clerk: Enrolled

  beforeAll(async () => {
    server = await startServer({ clients: (issuer) => Object.entries(clients).map(([name, { metadata }]) => ({ ...metadata, ...((name in robots || name === 'front') && { resources: [`${issuer}/api/v1`] }) })) })
    party = await makeRelyingParty(clients.portal.party(server.issuer))
    ;[boss, second, clerk] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    const wish = async (who: Enrolled) => ({ account: await accountOf(server, who), role: 'super-admin', ends_on: inFourWeeks } as const)
    await server.house.officers.bootstrap([await wish(boss), await wish(second)], new Date())
    for (const name of ['robot', 'reader'] as const) await actFor(name, boss)
  })
  afterAll(() => server.close())

  async function actFor(name: keyof typeof robots, who: Enrolled, { until = inFourWeeks, scopes = apiScopeNames }: { until?: string; scopes?: ApiScope[] } = {}) {
    const found = (await server.house.clients.list()).find(({ id }) => id === name)
    if (found === undefined) throw new Error(name)
    await server.house.clients.put({ ...found, own: { ...found.own, acts_for: { officer: await accountOf(server, who), until, scopes } } })
  }

  const program = (name: keyof typeof robots, scope = name === 'reader' ? 'clients.read' : every): Promise<Program> => makeProgram(server.issuer, robots[name], scope)

  const told = async (type: string) => server.house.database.rows(sql<{ data: Record<string, unknown> }>`select data from audit_event where type = ${type} order by id`)
  const entry = async (id: string, more: Record<string, unknown>) => {
    const found = (await server.house.clients.list()).find((one) => one.id === id)
    if (found === undefined) throw new Error(id)
    return { ...entryOf(found), ...more }
  }

  test('clients are listed part by part, each once, and one is read with what a change of it needs', async () => {
    const robot = await program('robot')
    const first = await robot.call('GET', '/clients?limit=3')
    const rest = await robot.call('GET', `/clients?limit=200&cursor=${first.body.next_cursor}`)
    const names = [...first.body.items, ...rest.body.items].map(({ client_id: name }) => name)
    expect([first.status, first.body.items.length, rest.body.next_cursor]).toEqual([200, 3, undefined])
    expect(names).toEqual(Object.keys(clients).toSorted())
    const one = await robot.call('GET', '/clients/bank')
    expect([one.status, one.body.state]).toEqual([200, 'live'])
    expect(JSON.stringify(one.body)).not.toContain('client_secret"')
    expect((await robot.call('GET', '/clients/nobody')).status).toBe(404)
    expect((await robot.call('GET', '/clients?limit=0')).body.errors).toHaveLength(1)
    expect((await robot.call('GET', '/clients?colour=red')).status).toBe(400)
  })

  test('A01: a change is only proposed; the officer for whom the program acts cannot approve it, another can', async () => {
    const robot = await program('robot')
    const { body: { digest = '' } } = await robot.call('GET', '/clients/bank')
    const change = { act: 'client.change', client: 'bank', from: digest, entry: await entry('bank', { client_name: 'Ngân hàng mới' }) }
    const made = await robot.call('POST', '/proposals', { body: { change, reason: 'đổi tên' } })
    expect([made.status, made.body.state]).toEqual([200, 'waiting'])
    expect((await server.house.clients.list()).find(({ id }) => id === 'bank')?.registered.client_name).toBe('Dịch vụ bank')
    expect((await told('proposal.made')).at(-1)?.data).toMatchObject({ by: await accountOf(server, boss), through: 'robot', subject: 'bank' })
    expect((await server.house.proposals.waiting()).find(({ id }) => id === made.body.id)).toMatchObject({ through: 'robot' })
    const own = await boss.visitor.open(`${server.issuer}/quan-tri/phe-duyet/${made.body.id}`)
    expect(own.text).toContain('Gửi thay bởi')
    expect(own.text).toContain('Một người khác sẽ quyết định')
    expect((await second.visitor.open(own.url)).text).toContain('passkey-options')
    const back = await robot.call('POST', `/proposals/${made.body.id}/withdraw`, { body: { reason: 'nhầm' } })
    expect([back.status, back.body.state]).toEqual([200, 'withdrawn'])
    expect((await told('proposal.withdrawn')).at(-1)?.data).toMatchObject({ proposal: made.body.id, through: 'robot' })
    const listed = await robot.call('GET', '/proposals?state=decided')
    expect(listed.body.items.map(({ id }) => id)).toContain(made.body.id)
  })

  test('what cannot be done is told with its member, and changes nothing', async () => {
    const robot = await program('robot')
    const change = { act: 'client.register', client: 'neu', entry: { ...(await entry('bank', { client_id: 'neu' })), redirect_uris: ['http://evil.example/cb'] } }
    const told1 = await robot.call('POST', '/proposals', { body: { change, reason: 'mới' } })
    expect([told1.status, told1.body.type, told1.body.detail]).toEqual([422, 'urn:vn:eid:problem:proposal.faulty', expect.stringContaining('must be https')])
    expect(told1.headers.get('content-type')).toContain('application/problem+json')
    const role = { act: 'role.grant', role: { account: await accountOf(server, clerk), role: 'auditor', ends_on: inFourWeeks } }
    expect((await robot.call('POST', '/proposals', { body: { change: role, reason: 'x' } })).status).toBe(403)
    // A program that makes or changes programs would outlive its own end.
    for (const change of [
      { act: 'client.change', client: 'reader', from: (await robot.call('GET', '/clients/reader')).body.digest, entry: await entry('reader', {}) },
      { act: 'client.register', client: 'heir', entry: await entry('reader', { client_id: 'heir' }) },
    ]) expect((await robot.call('POST', '/proposals', { body: { change, reason: 'x' } })).status).toBe(403)
  })

  test('a call that is sent again is done once and answered the same; of ten at a time too; its name stands for no other', async () => {
    const robot = await program('robot')
    const body = async (name: string) => ({ change: { act: 'client.change', client: 'tax', from: (await robot.call('GET', '/clients/tax')).body.digest, entry: await entry('tax', { client_name: name }) }, reason: 'một lần' })
    const [asked, key] = [await body('Thuế một'), randomUUID()]
    const before = (await told('proposal.made')).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => robot.call('POST', '/proposals', { body: asked, key })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(answers.some(({ status }) => status === 409) ? [200, 409] : [200]))
    const again = await robot.call('POST', '/proposals', { body: asked, key })
    expect(again.status).toBe(200)
    expect(new Set([...answers, again].flatMap(({ body: { id } }) => id ?? []))).toEqual(new Set([again.body.id]))
    expect((await told('proposal.made')).length).toBe(before + 1)
    expect((await robot.call('POST', '/proposals', { body: await body('Thuế hai'), key })).body.type).toContain('api.call-name-taken')
    expect((await robot.call('POST', '/proposals', { body: asked, key: 'mit Leerzeichen' })).body.type).toContain('api.call-unnamed')
    // What failed has done nothing, and may be tried under its name.
    const failing = randomUUID()
    const bad = { ...asked, change: { ...asked.change, entry: { ...asked.change.entry, redirect_uris: ['nonsense'] } } }
    expect((await robot.call('POST', '/proposals', { body: bad, key: failing })).status).toBe(422)
    expect((await robot.call('POST', '/proposals', { body: asked, key: failing })).status).toBe(200)
    // A call whose process died is taken up again, and makes what it would have made.
    await server.house.database.rows(sql`update named_call set status = null, body = null, at = at - interval '2 minutes' where key = ${key}`)
    expect((await robot.call('POST', '/proposals', { body: asked, key })).body.id).toBe(again.body.id)
  })

  test('A04: a live client is stopped at once, with a reason on record, and so many an hour by one officer; no program brings it back', async () => {
    const robot = await program('robot')
    const stopped = await robot.call('POST', '/clients/bank/suspend', { body: { reason: 'bị lộ khóa' } })
    expect([stopped.status, stopped.body.state]).toEqual([200, 'suspended'])
    expect((await told('client.suspended')).at(-1)?.data).toMatchObject({ reason: 'bị lộ khóa', through: 'robot' })
    expect((await robot.call('POST', '/clients/bank/suspend', { body: { reason: 'lần nữa' } })).body.state).toBe('suspended')
    expect((await robot.call('POST', '/clients/bank/suspend', { body: {} })).status).toBe(400)
    // Nobody stops the country with one stolen key.
    for (const [name, status] of [['tax', 200], ['front', 200], ['nobodys', 200], ['reader', 200], ['portal', 429]] as const) {
      expect([name, (await robot.call('POST', `/clients/${name}/suspend`, { body: { reason: 'tất cả' } })).status]).toEqual([name, status])
    }
    // Nor with hands and a program: what one officer stops is counted together, and who goes on is an alarm.
    const page = await boss.visitor.open(`${server.issuer}/quan-tri/ung-dung/portal/tam-dung`)
    const byHand = await fillIn(boss.visitor, page, '/tam-dung', { name: 'Dịch vụ portal', reason: 'cũng vậy' })
    expect([byHand.status, byHand.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)])
    expect((await told('officer.refused')).slice(-2).map(({ data: { reason, through, permission } }) => [reason, permission, through])).toEqual([
      ['too-many-suspensions', 'client.suspend', 'robot'], ['too-many-suspensions', 'client.suspend', undefined],
    ])
    expect((await told('alarm.raised')).map(({ data }) => data).slice(1)).toEqual([{ kind: 'suspensions', by: await accountOf(server, boss) }])
    await server.house.database.rows(sql`update client set state = 'live' where state = 'suspended'`)
  })

  test('A03: without a token, a proof, the scope, or an officer behind it there is nothing', async () => {
    const bare = await fetch(`${server.issuer}/api/v1/clients`)
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('DPoP error="invalid_token"')])
    const robot = await program('robot')
    for (const authorization of [`Bearer ${robot.token}`, `DPoP ${robot.token}`, 'DPoP nonsense', 'Basic cm9ib3Q6eA==']) {
      expect([authorization.slice(0, 12), (await fetch(`${server.issuer}/api/v1/clients`, { headers: { authorization } })).status]).toEqual([authorization.slice(0, 12), 401])
    }
    const reader = await program('reader')
    const beyond = await reader.call('GET', '/roles')
    expect([beyond.status, beyond.headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('scope="roles.read"')])
    expect((await (await program('nobodys')).call('GET', '/clients')).status).toBe(403)
  })

  test('A03: a token that a person’s sign-in led to opens nothing here, whoever the person is', async () => {
    const front = await makeRelyingParty(clients.front.party(server.issuer))
    const resource = `${server.issuer}/api/v1`
    const { url, checks } = await front.begin({ resource, scope: 'openid clients.read' })
    const { url: answered } = await arrive(boss.visitor, await boss.visitor.open(url), boss.citizen)
    const { tokens } = await front.finish(answered, checks, { resource })
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: resource, scope: 'clients.read' })
    await expect(front.call(new URL(`${resource}/clients`), tokens.access_token)).rejects.toMatchObject({ status: 401 })
  })

  test('A01: whoever proposes any change of a program is the officer it acts for, so that nobody puts in keys of their own', async () => {
    const [readEntry, clientStore] = [async (given: unknown) => readAny(given), server.house.clients]
    const tools = { ...server.house, readEntry, clientStore }
    const live = (await clientStore.list()).find(({ id }) => id === 'reader')
    if (live === undefined) throw new Error('reader')
    const officerOf = async (who: Enrolled) => ({ account: await accountOf(server, who), roles: await server.house.officers.rolesOf(await accountOf(server, who)) })
    const change = { act: 'client.change', client: live.id, from: clientDigest(live), entry: { ...entryOf(live), client_name: 'Khác' } } as const
    expect(await propose(tools, await officerOf(second), { change, reason: 'x' })).toEqual({ fault: expect.stringContaining('nobody lends out') })
    expect(await propose(tools, await officerOf(boss), { change, reason: 'x' })).toMatchObject({ proposal: { proposer: await accountOf(server, boss) } })
    const forEver = { ...change, entry: { ...change.entry, acts_for: { officer: await accountOf(server, boss), until: '2099-12-31', scopes: ['clients.read'] } } }
    expect(await propose(tools, await officerOf(boss), { change: forEver, reason: 'x' })).toEqual({ fault: expect.stringContaining('within a year') })
  })

  test('A03: a program has no scope and no day beyond what two people agreed to', async () => {
    await actFor('narrow', boss, { scopes: ['roles.read'] })
    const narrow = await program('narrow')
    expect([(await narrow.call('GET', '/roles')).status, (await narrow.call('GET', '/clients')).status]).toEqual([200, 403])
    await actFor('past', boss, { until: '2026-01-31' })
    expect((await (await program('past')).call('GET', '/clients')).status).toBe(403)
  })

  test('A03: a program sees and takes back only what its own scopes are about, whatever its officer may', async () => {
    const by = await accountOf(server, boss)
    const add = async (change: Change) => {
      const proposal = { id: proposalId.parse(randomUUID()), change, proposer: by, proposedAt: new Date(), reason: 'vì cần' }
      await server.house.proposals.add(proposal, { type: 'proposal.made', proposal: proposal.id, act: change.act, subject: 'x', by })
      return proposal.id
    }
    const [ofClient, ofRole, ofKey] = [
      await add({ act: 'client.end', client: clientId.parse('bank') }),
      await add({ act: 'role.grant', role: { account: await accountOf(server, clerk), role: 'support', ends_on: inFourWeeks } }),
      await add({ act: 'key.retire', kid: 'k'.repeat(43), alg: 'ES256' }),
    ]
    const all = [ofClient, ofRole, ofKey]
    const seenWith = async (scope: string) => {
      const robot = await program('robot', scope)
      const listed = (await robot.call('GET', '/proposals')).body.items.map(({ id }) => id)
      const read = await Promise.all(all.map(async (id) => (await robot.call('GET', `/proposals/${id}`)).status))
      return all.map((id, at) => `${listed.includes(id) ? 'listed' : 'hidden'} ${read[at]}`)
    }
    expect(await seenWith('proposals.read')).toEqual(['hidden 404', 'hidden 404', 'hidden 404'])
    expect(await seenWith('proposals.read clients.read')).toEqual(['listed 200', 'hidden 404', 'hidden 404'])
    expect(await seenWith(every)).toEqual(['listed 200', 'listed 200', 'hidden 404'])
    const robot = await program('robot')
    const back = async (id: string) => (await robot.call('POST', `/proposals/${id}/withdraw`, { body: { reason: 'nhầm' } })).status
    expect([await back(ofRole), await back(ofKey), await back(ofClient)]).toEqual([404, 404, 200])
    expect((await server.house.proposals.waiting()).map(({ id }) => id)).toEqual(expect.arrayContaining([ofRole, ofKey]))
  })

  test('P09: a proof counts once, for its own method, address and token', async () => {
    const robot = await program('robot')
    const seen: Headers[] = []
    const real = globalThis.fetch
    globalThis.fetch = async (input, init) => {
      seen.push(new Headers(init?.headers))
      return real(input, init)
    }
    try {
      await robot.call('GET', '/clients/tax')
    } finally {
      globalThis.fetch = real
    }
    const headers = Object.fromEntries([...(seen.at(-1) ?? [])].filter(([name]) => ['authorization', 'dpop'].includes(name)))
    expect(Object.keys(headers)).toHaveLength(2)
    for (const [method, path] of [['GET', '/clients/tax'], ['GET', '/clients/bank'], ['POST', '/clients/tax/suspend']] as const) {
      expect([method, path, (await fetch(`${server.issuer}/api/v1${path}`, { method, headers })).status]).toEqual([method, path, 401])
    }
  })

  test('A03, A05: a program reaches what its officer reaches now: a sector and no other, and nothing once the role has ended', async () => {
    const id = randomUUID()
    const account = await accountOf(server, clerk)
    await server.house.database.rows(sql`insert into officer_role (id, account_id, role, sector, since, ends_on) values (${id}, ${account}, 'client-admin', 'tax.example', now(), ${inFourWeeks})`)
    await actFor('sectors', clerk)
    const robot = await program('sectors')
    expect((await robot.call('GET', '/clients')).body.items.map(({ client_id: name }) => name)).toEqual(['tax'])
    expect((await robot.call('GET', '/clients/portal')).status).toBe(403)
    expect((await robot.call('POST', '/clients/tax/suspend', { body: { reason: 'x' } })).status).toBe(403)
    expect((await told('officer.refused')).at(-1)?.data).toMatchObject({ by: account, through: 'sectors', permission: 'client.suspend' })
    const key = randomUUID()
    const asked = { change: { act: 'client.end', client: 'tax' }, reason: 'đóng' }
    expect((await robot.call('POST', '/proposals', { body: asked, key })).status).toBe(200)
    await server.house.database.rows(sql`update officer_role set ended_at = now() where id = ${id}`)
    expect((await robot.call('GET', '/clients')).status).toBe(403)
    expect((await robot.call('POST', '/proposals', { body: asked, key })).status).toBe(403)
  })

  test('the OpenAPI document names every act with its scope, and every reference in it leads somewhere', async () => {
    const document: unknown = await (await fetch(`${server.issuer}/api/v1/openapi.json`)).json()
    const read = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string(), security: z.array(z.looseObject({ oauth: z.array(z.string()) })) }))) }).parse(document)
    expect(read.openapi).toBe('3.1.0')
    const acts = Object.entries(read.paths).flatMap(([path, all]) => Object.entries(all).map(([method, { security }]) => `${method} ${path} ${security[0]?.oauth.join()}`))
    expect(acts).toContain('post /proposals clients.propose')
    expect(acts).toHaveLength(8)
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, pointer = '']) => pointer)
    expect(refs.length).toBeGreaterThan(10)
    for (const pointer of refs) {
      const found = pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/')).reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined), document)
      expect([pointer, found]).toEqual([pointer, expect.anything()])
    }
  })

  test('an address that is not there and a method that is not for it are told as problems too', async () => {
    const nowhere = await fetch(`${server.issuer}/api/v1/nothing`)
    expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, expect.stringContaining('application/problem+json')])
    const wrong = await fetch(`${server.issuer}/api/v1/clients`, { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
  })
})
