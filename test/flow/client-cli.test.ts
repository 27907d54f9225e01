import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import { people } from '#domain/registry/synthetic.ts'
import { readConfig } from '#app/config.ts'
import { openHouse, type House } from '#app/house.ts'
import { anAccount } from '#test/support/made-up.ts'
import { command } from '#test/support/postgres-server.ts'
import { templateName } from '#test/support/template.ts'

const postgres = inject('postgres')
const redis = inject('redis')
const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const entry = (changes: Record<string, unknown> = {}) => ({
  client_id: 'thue', client_name: 'Thuế', legal_name: { vi: 'Cục Thuế', en: 'Tax' }, sector: 'thue.example', profile: 'baseline', ends_on: '2099-12-31',
  redirect_uris: ['https://thue.example/tro-ve'], ...changes,
})

describe.skipIf(postgres === undefined || redis === undefined)('clients at the command line, as processes of a production system', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-client-cli-'))
  const database = new URL(postgres ?? 'postgres://none')
  database.pathname = `client_cli_${randomBytes(8).toString('hex')}`
  // `ALLOW_EMBEDDED_DB` lets a first start make its own keys.
  const env = {
    DATA_DIR: folder, NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '1', DATABASE_URL: database.href, REDIS_URL: redis ?? '', ISSUER: 'https://id.example', LOG_LEVEL: 'silent', SMTP_URL: 'smtp://mail.example',
  }
  let officers: readonly PersonalNumber[] = []
  let stranger: PersonalNumber

  beforeAll(async () => {
    await command(postgres ?? '', `create database ${database.pathname.slice(1)} template ${templateName}`)
    const some = [...people({ people: 12, seed: 'client-cli' })].slice(0, 3)
    const [one, two, three] = some.map(({ number }) => number)
    if (one === undefined || two === undefined || three === undefined) throw new Error('nobody')
    ;[officers, stranger] = [[one, two], three]
    await inside(async (house) => {
      await house.registry.importAll((async function* all() {
        yield some
      })())
      for (const { id } of some) await house.accounts.open({ account: anAccount({ person: id, level: 2 }) })
    })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What stands in the database, between two commands. */
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

  async function eid(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const ended = await run(process.execPath, [join(root, 'src/cli/main.ts'), ...args], { env: { ...process.env, ...env }, cwd: root, timeout: 60_000 })
      .catch((failed: { code: number; stdout: string; stderr: string }) => failed)
    return { code: 'code' in ended ? ended.code : 0, out: ended.stdout, err: ended.stderr }
  }
  function file(...entries: readonly unknown[]): string {
    const path = join(folder, 'clients.json')
    writeFileSync(path, JSON.stringify(entries))
    return path
  }
  const secret = 'a-secret-of-a-test-client-and-nobody-else-0123456789'
  const propose = (as: PersonalNumber | undefined, path: string, reason = 'theo công văn') => eid('client', 'propose', path, '--as', as ?? '', '--reason', reason, '--json')

  test('before there are officers a file comes in, each client with its event, and a second time changes nothing', async () => {
    const path = file(entry({ client_secret: secret }))
    expect((await eid('client', 'import', path)).out).toBe('thue: inserted\n')
    expect((await eid('client', 'import', path)).out).toBe('thue: same\n')
    expect(await inside(({ database }) => database.rows(sql`select client_id from audit_event where type = 'client.imported'`))).toEqual([{ client_id: 'thue' }])
  }, 60_000)

  test('A01: once there are officers it refuses, and nothing has changed', async () => {
    const made = await eid('officer', 'bootstrap', ...officers)
    expect([made.code, made.out]).toEqual([0, expect.stringContaining('2 people are super admins')])
    const refused = await eid('client', 'import', file(entry({ client_secret: secret, client_name: 'Khác' }), entry({ client_id: 'moi', client_secret: secret })))
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('eid client propose')])
    expect(await inside(async ({ clients }) => (await clients.list()).map(({ registered }) => registered.client_name))).toEqual(['Thuế'])
  }, 60_000)

  test('A01: a file is proposed in the name of an officer: one proposal for each client that is new or differs, and once', async () => {
    const path = file(entry(), entry({ client_id: 'moi', sector: 'moi.example' }))
    const told = await propose(officers[0], path)
    expect([told.err, told.code]).toEqual(['', 0])
    expect(JSON.parse(told.out)).toEqual([{ client: 'thue', outcome: 'same' }, { client: 'moi', outcome: 'proposed', proposal: expect.stringMatching(/^[0-9a-f-]{36}$/) }])
    expect(JSON.parse((await propose(officers[0], path)).out)).toMatchObject([{ outcome: 'same' }, { outcome: 'waiting' }])
    const changed = await propose(officers[0], file(entry({ client_name: 'Thuế điện tử' })))
    expect(JSON.parse(changed.out)).toMatchObject([{ client: 'thue', outcome: 'proposed' }])
    await inside(async ({ proposals, clients, database }) => {
      expect((await proposals.waiting()).map(({ change, reason }) => [change.act, reason])).toEqual([['client.register', 'theo công văn'], ['client.change', 'theo công văn']])
      expect(await clients.find(clientId.parse('moi'))).toBeUndefined()
      expect(await database.rows(sql`select data->>'through' as through from audit_event where type = 'proposal.made'`)).toEqual([{ through: 'command line' }, { through: 'command line' }])
    })
  }, 90_000)

  test('nothing is proposed with a secret, with a fault in the file, without a reason, or in the name of somebody without the role', async () => {
    const told = await Promise.resolve([
      await propose(officers[0], file(entry({ client_id: 'khac', client_secret: secret }))),
      await propose(officers[0], file(entry({ client_id: 'khac' }), entry({ client_id: 'xau', redirect_uris: ['http://xau.example/'] }))),
      await propose(officers[0], file(entry({ client_id: 'khac' })), ' '),
      await propose(stranger, file(entry({ client_id: 'khac' }))),
    ])
    expect(told.map(({ code, err }) => [code, err])).toEqual([
      [2, expect.stringContaining('entry 1: client_secret: a proposal holds no secret')], [2, expect.stringContaining('entry 2: redirect URI "http://xau.example/" must be https')],
      [2, expect.stringContaining('--reason')], [2, expect.stringContaining('do not allow')],
    ])
    expect(await inside(async ({ proposals }) => (await proposals.waiting()).length)).toBe(2)
  }, 90_000)
})
