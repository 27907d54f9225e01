import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { makeRingFile } from '#keys/ring-file.ts'
import { routes } from '#web/routes.ts'
import { readConfig } from '#app/config.ts'
import { openHouse, type House } from '#app/house.ts'
import { fillIn } from '#test/support/citizen.ts'
import { byItself, withinFiveSeconds } from '#test/support/five-seconds.ts'
import { accountOf, enrol, get, type Enrolled } from '#test/support/journey.ts'
import { anAccount, aPasskey } from '#test/support/made-up.ts'
import { approve, bootstrap, inFourWeeks } from '#test/support/officers.ts'
import { command } from '#test/support/postgres-server.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { templateName } from '#test/support/template.ts'
import { testClient } from '#test/support/test-clients.ts'

const postgres = inject('postgres')
const redis = inject('redis')
const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const portal = testClient({ name: 'portal' })
const lacking = postgres === undefined || redis === undefined

describe.skipIf(lacking)('A05: roles on two nodes over PostgreSQL and Redis', () => {
  let server: TestServer
  let other: Awaited<ReturnType<TestServer['another']>>
  let [first, second, third]: Enrolled[] = []
  beforeAll(async () => {
    server = await startServer({ engine: 'servers', clients: () => [portal.metadata] })
    other = await server.another()
    const party = await makeRelyingParty(portal.party(server.issuer))
    ;[first, second, third] = [await enrol(server, party), await enrol(server, party), await enrol(server, party)]
    await bootstrap(server, [first, 'super-admin'], [second, 'approver'])
  }, 60_000)
  afterAll(async () => {
    await other.close()
    await server.close()
  })

  const known = (who: Enrolled | undefined): Enrolled => who ?? expect.fail('nobody')
  /** What both nodes answer to this person: each is asked by itself, with the session that they share. */
  const answers = async (path: string) => {
    const cookie = known(third).visitor.jar.header(new URL(server.issuer))
    return Promise.all([server.port, other.port].map(async (port) => (await get(`http://localhost:${port}${path}`, { cookie })).status))
  }
  test('one that two people gave at one node opens the console at both within five seconds, and one that was ended shuts it at both', async () => {
    const [one, two, three] = [known(first), known(second), known(third)]
    await three.visitor.open(`${server.issuer}/quan-tri`)
    expect(await answers('/quan-tri/vai-tro')).toEqual([403, 403])
    const form = await one.visitor.open(`${server.issuer}/quan-tri/vai-tro/de-xuat`)
    const proposed = await fillIn(one.visitor, form, '/de-xuat', { number: three.citizen.number, role: 'officer-manager', sector: '', endsOn: inFourWeeks, reason: 'cần' })
    await approve(two, proposed.url)
    await withinFiveSeconds(() => expect.poll(() => answers('/quan-tri/vai-tro'), byItself).toEqual([200, 200]))
    // Of what the role does not hold nothing opens anywhere.
    expect(await answers('/quan-tri/khoa')).toEqual([403, 403])
    const [held] = await server.house.officers.rolesOf(await accountOf(server, three))
    const ending = await one.visitor.open(`${server.issuer}/quan-tri/vai-tro/${held?.id}/ket-thuc`)
    await fillIn(one.visitor, ending, '/ket-thuc', { reason: 'nghỉ việc' })
    await withinFiveSeconds(() => expect.poll(() => answers('/quan-tri/vai-tro'), byItself).toEqual([403, 403]))
  }, 60_000)

  test('whoever may not do something at the console is led back to what they may', async () => {
    const ways = async ({ visitor }: Enrolled, path: string) => {
      const { status, text } = await visitor.open(`${server.issuer}${path}`)
      return [status, /<a class="btn [^"]*" href="([^"]+)"/.exec(text)?.[1]]
    }
    expect(await ways(known(first), '/quan-tri/quay')).toEqual([403, '/quan-tri'])
    expect(await ways(known(first), '/quan-tri/khong-co')).toEqual([404, '/quan-tri'])
    expect(await ways(known(third), '/quan-tri')).toEqual([403, '/tai-khoan'])
    expect(await ways(known(third), '/nha-phat-trien/khong-co')).toEqual([404, '/nha-phat-trien'])
  })

  test('one that is changed at the second node counts at the first', async () => {
    const account = await accountOf(server, known(third))
    const at = new Date()
    await other.house.database.change(sql`insert into officer_role (id, account_id, role, since, ends_on) values (gen_random_uuid(), ${account}, 'auditor', ${at}, ${inFourWeeks})`)
    await withinFiveSeconds(() => expect.poll(() => answers('/quan-tri/nhat-ky'), byItself).toEqual([200, 200]))
    const [held] = await other.house.officers.rolesOf(account)
    await other.house.officers.end(held?.id ?? '', at, { type: 'role.ended', role: 'auditor', account, by: await accountOf(server, known(first)), reason: 'x' })
    await withinFiveSeconds(() => expect.poll(() => answers('/quan-tri/nhat-ky'), byItself).toEqual([403, 403]))
  }, 60_000)
})

describe.skipIf(lacking)('A06: eid officer bootstrap, as processes of a production system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-bootstrap-'))
  const database = new URL(postgres ?? 'postgres://none')
  database.pathname = `bootstrap_${randomBytes(8).toString('hex')}`
  const keyring = join(folder, 'keyring.json')
  const env = {
    DATA_DIR: folder, NODE_ENV: 'production', PLANE: 'all', DATABASE_URL: database.href, REDIS_URL: redis ?? '', ISSUER: 'https://id.example', LOG_LEVEL: 'silent', SMTP_URL: 'smtp://mail.example', KEYRING_FILE: keyring,
  }
  let numbers: readonly PersonalNumber[] = []

  beforeAll(async () => {
    await command(postgres ?? '', `create database ${database.pathname.slice(1)} template ${templateName}`)
    const some = [...people({ people: 12, seed: 'bootstrap' })].slice(0, 3)
    numbers = some.map(({ number }) => number)
    await makeKeyring(keyring)
    await inside(async (house) => {
      await house.registry.importAll((async function* all() {
        yield some
      })())
      for (const { id } of some) {
        const account = anAccount({ person: id })
        await house.accounts.open({ account, passkey: aPasskey({ account: account.id }) })
      }
    })
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function makeKeyring(path: string): Promise<void> {
    writeFileSync(path, JSON.stringify(await makeRingFile(new Date())), { mode: 0o600 })
  }
  async function inside<T>(work: (house: House) => Promise<T>): Promise<T> {
    const { config, faults } = readConfig(env, (path) => readFileSync(path, 'utf8'))
    if (config === undefined) throw new Error(JSON.stringify(faults))
    const house = await openHouse(config)
    try {
      return await work(house)
    } finally {
      await house.close()
    }
  }
  async function eid(more: Record<string, string | undefined>, ...args: readonly string[]): Promise<{ code: number; said: string }> {
    const given = Object.fromEntries(Object.entries({ ...process.env, ...env, ...more }).filter(([, value]) => value !== undefined))
    const ended = await run(process.execPath, [join(root, 'src/cli/main.ts'), 'officer', 'bootstrap', ...args], { env: given, cwd: root, timeout: 100_000 })
      .catch((failed: { code: number; stdout: string; stderr: string }) => failed)
    return { code: 'code' in ended ? ended.code : 0, said: `${ended.stdout}${ended.stderr}` }
  }
  const officers = () => inside(({ officers: store }) => store.list())
  const two = () => numbers.slice(0, 2)

  test('without the key file of the server it is refused with a sentence, whoever has the database, and makes nobody anything', async () => {
    expect(await eid({ KEYRING_FILE: undefined }, ...two())).toEqual({ code: expect.any(Number), said: expect.stringContaining('KEYRING_FILE') })
    const missing = await eid({ KEYRING_FILE: join(folder, 'nowhere.json') }, ...two())
    expect([missing.code > 0, missing.said, existsSync(join(folder, 'nowhere.json'))]).toEqual([true, expect.stringContaining('nowhere.json'), false])
    await makeKeyring(join(folder, 'another.json'))
    const foreign = await eid({ KEYRING_FILE: join(folder, 'another.json') }, ...two())
    expect([foreign.code > 0, foreign.said]).toEqual([true, expect.stringContaining('signed with another key than the key file holds')])
    for (const { said } of [missing, foreign]) expect(said).not.toMatch(/\n {4}at /)
    expect(await officers()).toEqual([])
  }, 240_000)

  test('A06: staff are at level 2: without somebody who has seen them nobody is made anything, and what was seen must be enough', async () => {
    const unseen = await eid({}, ...two())
    expect([unseen.code > 0, unseen.said]).toEqual([true, expect.stringContaining('has no account of level 2')])
    expect((await eid({}, ...two(), '--seen', 'card-seen')).said).toContain('card-seen, face-compared, passkey')
    expect((await eid({}, ...two(), '--seen', 'hearsay')).said).toContain('with commas between')
    expect(await officers()).toEqual([])
  }, 240_000)

  test('takes two different people', async () => {
    const [one = ''] = numbers
    expect((await eid({}, one, one)).said).toContain('Name two different people')
    expect(await officers()).toEqual([])
  }, 240_000)

  test('works once, on record and an alarm; afterwards it is refused to everybody, and the server has no page for it', async () => {
    const made = await eid({}, ...two(), '--seen', 'card-seen,face-compared')
    expect([made.code, made.said]).toEqual([0, expect.stringContaining('2 people are super admins until')])
    expect((await officers()).map(({ role }) => role)).toEqual(['super-admin', 'super-admin'])
    const seen = await inside(({ database: db }) => db.rows(sql<{ level: number; kinds: string[] }>`
      select a.level, (select array_agg(e.kind order by e.kind) from account_evidence e where e.account_id = a.id and e.officer is null) as kinds from account a join officer_role r on r.account_id = a.id`))
    expect(seen).toEqual(Array(2).fill({ level: 2, kinds: ['card-seen', 'face-compared', 'passkey'] }))
    const said = await inside(({ database: db }) => db.rows(sql<{ kinds: unknown }>`select data->'kinds' as kinds from audit_event where type = 'role.bootstrapped'`))
    expect(said).toEqual(Array(2).fill({ kinds: ['card-seen', 'face-compared', 'passkey'] }))
    const again = await eid({}, ...numbers.slice(1, 3))
    expect([again.code > 0, again.said]).toEqual([true, expect.stringContaining('has had officers already')])
    // Also when every role has ended since: the way stays shut.
    await inside(({ database: db }) => db.change(sql`update officer_role set ended_at = now()`))
    const first = (await officers()).map(({ account }) => ({ account, role: 'super-admin' as const, ends_on: inFourWeeks }))
    expect(await inside(({ officers: store }) => store.bootstrap(first, new Date()))).toBe(false)
    const told = await inside(({ database: db }) => db.rows(sql<{ type: string }>`select type from audit_event where type in ('role.bootstrapped', 'alarm.raised') order by type`))
    expect(told.map(({ type }) => type)).toEqual(['alarm.raised', 'role.bootstrapped', 'role.bootstrapped'])
    expect(routes.filter(({ route }) => /bootstrap|khoi-tao|thiet-lap/.test(route))).toEqual([])
  }, 240_000)
})
