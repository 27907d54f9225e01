import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { sql } from 'kysely'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { enrol, get, signIn, type Enrolled } from '#test/support/journey.ts'
import { listen, manners, type ListeningParty, type Manner } from '#test/support/listening-party.ts'
import { command } from '#test/support/postgres-server.ts'
import { makeRelyingParty, type RelyingParty, type SignedIn } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { templateName } from '#test/support/template.ts'
import { testClient } from '#test/support/test-clients.ts'
import { hiddenFields, type Visitor } from '#test/support/visitor.ts'

const postgres = inject('postgres')
const redis = inject('redis')
const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const soon = { timeout: 60_000 }

describe.skipIf(postgres === undefined || redis === undefined)('logouts and processes', () => {
  let folder: string
  let env: Record<string, string>
  let server: TestServer
  let portal: RelyingParty
  let listens: ListeningParty
  let manner: Manner = manners.well
  const node = { path: process.execPath, args: (file: string, ...more: readonly string[]) => [join(root, file), ...more] }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dinh-danh-durable-'))
    const url = new URL(postgres ?? '')
    url.pathname = `durable_${randomBytes(8).toString('hex')}`
    await command(postgres ?? '', `create database ${url.pathname.slice(1)} template ${templateName}`)
    listens = await listen((response, count) => manner(response, count))
    env = { DATA_DIR: folder, DATABASE_URL: url.href, REDIS_URL: redis ?? '', OUTBOUND_ALLOW: 'localhost', LOG_LEVEL: 'silent' }
    const client = testClient({ name: 'portal', metadata: { backchannel_logout_uri: `${listens.address}/out`, backchannel_logout_session_required: true } })
    server = await startServer({ env, clients: () => [client.metadata] })
    env = { ...env, ISSUER: server.issuer, PORT: new URL(server.issuer).port }
    portal = await makeRelyingParty(client.party(server.issuer))
  })
  afterAll(async () => {
    await listens.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** `eid`, in a process of its own. */
  const eid = async (...args: readonly string[]): Promise<unknown> =>
    JSON.parse((await run(node.path, node.args('src/cli/main.ts', ...args, '--json'), { env: { ...process.env, ...env }, cwd: root })).stdout)
  const toldOf = ({ claims }: SignedIn) => listens.told.map(({ form }) => decodeJwt(form.get('logout_token') ?? '')).filter(({ sid }) => sid === claims['sid'])
  const hears = (about: SignedIn) => expect.poll(() => toldOf(about).length, soon).toBeGreaterThan(0)

  async function arrived(): Promise<{ who: Enrolled; there: SignedIn }> {
    const who = await enrol(server, portal)
    return { who, there: await signIn(portal, who) }
  }

  test('W12: a lock at the command line ends the sessions here, and the services hear of it', async () => {
    manner = manners.well
    const { who, there } = await arrived()
    await eid('account', 'lock', who.citizen.number, '--ground', 'competent-body')
    await hears(there)
    const alive = async () => (await get(`${server.issuer}/userinfo`, { authorization: `Bearer ${there.tokens.access_token}` })).status
    await expect.poll(alive, soon).toBe(401)
    expect(await server.house.database.rows(sql`select type from audit_event where type in ('account.locked', 'sessions.ended') order by type`)).toEqual([{ type: 'account.locked' }, { type: 'sessions.ended' }])
  }, 180_000)

  test('P19: what was given up is seen and queued again at the command line', async () => {
    manner = manners.badly
    const { who, there } = await arrived()
    const passkey = who.citizen.authenticator.credentials[0]?.id ?? ''
    await eid('account', 'remove-passkey', who.citizen.number, '--passkey', passkey)
    await hears(there)
    // The service has heard; that its answer was a failure is written a moment later.
    const lastTry = () => server.house.database.rows(sql`update job.job set retry_limit = retry_count + 1, start_after = now() where state = 'retry' and data->>'kind' = 'logout' returning id`)
    await expect.poll(async () => (await lastTry()).length, soon).toBeGreaterThan(0)
    const list = async () => eid('deliveries', 'list')
    await expect.poll(list, soon).toEqual([{ id: expect.any(String), kind: 'logout', client: 'portal', since: expect.any(String), tries: expect.any(Number), ending: '500' }])
    const id = z.array(z.object({ id: z.string() })).parse(await list())[0]?.id ?? ''
    manner = manners.well
    const before = toldOf(there).length
    await eid('deliveries', 'retry', id)
    await expect.poll(() => toldOf(there).length, soon).toBeGreaterThan(before)
    expect(await list()).toEqual([])
  }, 180_000)

  test('P19: a server that is killed in the middle of telling loses nothing: the next one tells', async () => {
    const { who, there } = await arrived()
    await server.close()
    const first = await serving()
    manner = manners.never
    await signOut(who.visitor)
    await hears(there)
    first.kill('SIGKILL')
    const before = toldOf(there).length
    manner = manners.well
    await serving()
    await expect.poll(() => toldOf(there).length, soon).toBeGreaterThan(before)
  }, 180_000)

  /** A server in a process of its own, at the same address. */
  async function serving(): Promise<ChildProcess> {
    const child = spawn(node.path, node.args('src/cli/main.ts', 'serve'), { env: { ...process.env, ...env }, cwd: root, stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    await expect.poll(() => get(`${server.issuer}/readyz`).then(({ status }) => status, () => 0), soon).toBe(200)
    return child
  }

  async function signOut(visitor: Visitor): Promise<void> {
    const page = await visitor.open(`${server.issuer}/end-session`)
    const xsrf = hiddenFields(page.text)['xsrf'] ?? ''
    const end = await visitor.submit(new URL('/end-session/confirm', server.issuer), { xsrf, logout: 'yes' }, page.url)
    expect(end.status).toBe(200)
  }
})
