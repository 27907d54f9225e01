import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openKeyring, readRing } from '#keys/keyring.ts'
import { everySecret, makeRingFile, type RingFile } from '#keys/ring-file.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { recordKeys } from '#storage/postgres/transparency-keys.ts'
import { embeddedTemplate } from '#test/support/template.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const listed = z.object({
  keys: z.array(z.object({ kid: z.string(), alg: z.string(), use: z.string(), state: z.string(), since: z.string().nullable(), next: z.null() })),
  jwks: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
})

describe('eid keys, as a process', () => {
  let folder: string
  let file: string
  let ring: RingFile
  beforeEach(async () => {
    folder = temporaryFolder()
    file = join(folder, 'keyring.json')
    cpSync(await embeddedTemplate('migrated'), folder, { recursive: true })
    ring = await makeRingFile(new Date())
    write(ring)
  })

  const write = (content: RingFile) => writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
  const eid = (...args: readonly string[]) => eidIn({ DATA_DIR: folder, KEYRING_FILE: file }, ...args)
  const eidIn = (env: Readonly<Record<string, string>>, ...args: readonly string[]) => run(process.execPath, [join(root, 'src/cli/main.ts'), 'keys', ...args], { env: { PATH: process.env['PATH'], ...env }, cwd: root })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }), ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }))
  const list = async () => listed.parse(JSON.parse((await eid('list', '--json')).stdout))

  /** The database as it is after a server ran with these keys so long ago. */
  async function ranWith(content: RingFile, hoursAgo: number): Promise<void> {
    write(content)
    const db = await openDatabase({ dataDir: folder })
    const { present } = await openKeyring({ file, create: false })
    await recordKeys(db, { clock: { now: () => new Date(Date.now() - hoursAgo * 3_600_000) }, keys: present })
    await db.close()
  }
  async function stored() {
    const db = await openDatabase({ dataDir: folder })
    const said = await db.rows<{ kind: string }>(sql`select kind from transparency_entry where kind = 'key.destroyed'`)
    const events = await db.rows<{ data: unknown }>(sql`select data from audit_event where type = 'key.destroyed'`)
    await db.close()
    return { said, events }
  }

  test('init makes the first key file, its owner’s alone, with which production starts; it says what it made and no secret, and never writes over a file', async () => {
    const empty = temporaryFolder()
    const first = join(empty, 'first.json')
    // Nothing of the environment: it is made where no server is.
    const init = (...args: readonly string[]) => eidIn({ NODE_ENV: 'production' }, 'init', ...args)
    const told = await init(first)
    expect([told.code, told.stderr, statSync(first).mode & 0o777, readdirSync(empty)]).toEqual([0, '', 0o400, ['first.json']])
    const text = readFileSync(first, 'utf8')
    const { present, jwks } = await openKeyring({ file: first, create: false })
    expect(present.map(({ use, state }) => `${use} ${state}`)).toEqual([...Array.from({ length: 4 }, () => 'tokens activated'), 'log activated'])
    for (const { jwk } of present) expect(told.stdout).toContain(jwk['kid'])
    const { secrets, transparency } = await readRing(first)
    for (const secret of [...everySecret(secrets), transparency.jwk.d, ...jwks.keys.map(({ d }) => d)]) expect(told.stdout).not.toContain(secret)
    expect(told.stdout).toMatch(/copy of the whole file into a safe[^]*KEYRING_FILE/)

    expect(await init(first)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is there already, and was left as it is') })
    expect([readFileSync(first, 'utf8') === text, readdirSync(empty)]).toEqual([true, ['first.json']])
    const nowhere = join(empty, 'none', 'first.json')
    expect(await init(nowhere)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is its folder there') })
    expect(existsSync(nowhere)).toBe(false)
    const { stdout } = await init(join(empty, 'other.json'), '--json')
    expect(z.object({ mode: z.literal('0400'), keys: z.array(z.object({ alg: z.string() })), secrets: z.literal(8) }).parse(JSON.parse(stdout)).keys.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA', 'PS256', 'RS256', 'EdDSA'])
  }, 60_000)

  test('stage puts a new key into the file, published and unused; list shows each with its state and no secret', async () => {
    const before = statSync(file)
    const told = await eid('stage', '--alg', 'EdDSA', '--json')
    const { kid } = z.object({ kid: z.string() }).parse(JSON.parse(told.stdout))
    expect([told.code, statSync(file).mode, statSync(file).uid]).toEqual([0, before.mode, before.uid])
    const { keys, jwks } = await list()
    expect(keys.map(({ alg, use, state }) => `${alg} ${use} ${state}`)).toEqual([
      'ES256 tokens active', 'EdDSA tokens active', 'PS256 tokens active', 'RS256 tokens active', 'EdDSA tokens staged', 'EdDSA log active'])
    expect(keys[4]).toMatchObject({ kid, since: expect.stringMatching(/^20/) })
    expect(jwks.keys.map((key) => key['kid'])).toEqual(keys.slice(0, 5).map((key) => key.kid))
    const { stdout } = await eid('list')
    expect(stdout).toContain(`${kid}   EdDSA   tokens   staged`)
    for (const { jwk } of [...ring.signing, ring.transparency]) expect(stdout + JSON.stringify(jwks)).not.toContain(jwk.d)
  }, 60_000)

  test('an algorithm that nobody has is refused, and the file stays as it is', async () => {
    const text = readFileSync(file, 'utf8')
    expect(await eid('stage', '--alg', 'HS256')).toMatchObject({ code: 1, stderr: expect.stringContaining('Allowed choices are ES256, EdDSA, PS256, RS256') })
    expect(readFileSync(file, 'utf8')).toBe(text)
  }, 60_000)

  test('K03: destroy is refused for a key that signs, that is unknown, that retired lately, or that is the last of its algorithm', async () => {
    const [active, , , last] = ring.signing
    const retired = (await makeRingFile(new Date())).signing[0]
    if (active === undefined || last === undefined || retired === undefined) throw new Error('no keys')
    await ranWith({ ...ring, signing: [...ring.signing.slice(0, 3), { ...last, state: 'retired' }, { ...retired, state: 'retired' }] }, 1)
    const text = readFileSync(file, 'utf8')
    for (const [kid, sentence] of [
      [active.jwk.kid, 'is neither retired nor revoked'], ['x'.repeat(43), 'no key of this name'], [retired.jwk.kid, 'may still be valid: it can be destroyed from 20'], [last.jwk.kid, 'no active key of the same algorithm'],
    ] as const) {
      expect(await eid('destroy', '--', kid)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) })
    }
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(await stored()).toEqual({ said: [], events: [] })
  }, 120_000)

  test('K03: destroy removes what retired long ago, says so in the public log and the log of record, and once', async () => {
    const [retired] = (await makeRingFile(new Date())).signing
    if (retired === undefined) throw new Error('no key')
    const { kid } = retired.jwk
    await ranWith({ ...ring, signing: [...ring.signing, { ...retired, state: 'retired' }] }, 48)
    expect(await eid('destroy', '--json', '--', kid)).toMatchObject({ code: 0, stdout: expect.stringContaining('"destroyed"') })
    expect(readFileSync(file, 'utf8')).not.toContain(kid)
    expect(await eid('destroy', '--', kid)).toMatchObject({ code: 1, stderr: expect.stringContaining('no key of this name') })
    const { said, events } = await stored()
    expect([said.length, events]).toEqual([1, [{ data: { kid, by: 'operator' } }]])
  }, 120_000)
})
