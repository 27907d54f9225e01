import { execFile } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { accountOf, enrol, signIn, type Enrolled } from '#test/support/journey.ts'
import { comesToBe, startEid } from '#test/support/node-process.ts'
import { command, startPostgres, startPostgresOn } from '#test/support/postgres-server.ts'
import { makeRelyingParty } from '#test/support/relying-party.ts'
import { startServer } from '#test/support/running.ts'
import { folderFor, owner } from '#test/support/server-process.ts'
import { testClient, leaveAt } from '#test/support/test-clients.ts'
import { temporaryFolder } from '#test/support/tmp.ts'
import { makeVisitor } from '#test/support/visitor.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const [postgres, redis] = [inject('postgres'), inject('redis')]

/** A script of `deploy/`, as the owner of the database's files. */
const script = async (name: string, words: readonly string[], env: Record<string, string> = {}) =>
  (await run(join(root, 'deploy', name), [...words], { env: { ...process.env, ...env }, cwd: '/', ...(owner && { uid: owner.uid, gid: owner.gid }) })).stdout

/** The drill of docs/runbook.md: what is restored is proved by people who sign in. */
describe.skipIf(postgres === undefined || redis === undefined)('R08: a backup that was restored', () => {
  test('has everybody up to the last archived moment, also those of after the backup; and what was revoked stays revoked', async () => {
    const archive = folderFor('archive')
    const source = await startPostgres(['archive_mode=on', `archive_command=cp "%p" "${archive}/%f"`])
    if (source === undefined) throw new Error('no PostgreSQL on this machine')
    onTestFinished(() => source.stop())
    const portal = testClient({ name: 'portal' })
    const stores = { DATABASE_URL: source.url, REDIS_URL: redis ?? '', DATA_DIR: temporaryFolder() }
    const server = await startServer({ env: stores, clients: () => [portal.metadata] })
    const atPortal = await makeRelyingParty(portal.party(server.issuer))
    const before = await enrol(server, atPortal)

    const backups = folderFor('backups')
    expect(await script('backup.sh', [join(backups, 'first')], { DATABASE_URL: source.url })).toContain('whole and checked')
    const after = await enrol(server, atPortal)
    const locked = await enrol(server, atPortal)
    await server.house.accounts.move(await accountOf(server, locked), { to: 'lock', ground: 'competent-body', by: 'operator' }, new Date())
    await command(source.url, 'select pg_switch_wal()')
    await expect.poll(async () => (await run('ls', [archive])).stdout.length, { timeout: 20_000 }).toBeGreaterThan(0)
    source.kill()
    await server.close().catch(() => undefined)

    const home = folderFor('restored')
    const data = join(home, 'data')
    expect(await script('restore.sh', [join(backups, 'first'), archive, data])).toContain('Empty Redis')
    const restored = await startPostgresOn(home, data)
    onTestFinished(() => restored.stop())
    startEid(['serve'], { ...server.env, DATABASE_URL: restored.url, LOG_LEVEL: 'warn' })
    await comesToBe(`${server.issuer}/readyz`, 200)
    const there = await makeRelyingParty(portal.party(server.issuer))
    const anew = ({ citizen }: Enrolled): Enrolled => ({ citizen, visitor: makeVisitor({ leaveAt }) })
    expect((await signIn(there, anew(before))).claims.sub).toEqual(expect.any(String))
    expect((await signIn(there, anew(after))).claims.sub).toEqual(expect.any(String))
    await expect(signIn(there, anew(locked))).rejects.toThrow()
  }, 300_000)

  test('is refused where it would write over something, or a file of the backup was altered', async () => {
    const folder = folderFor('refused')
    mkdirSync(join(folder, 'target'))
    if (owner !== undefined) chownSync(join(folder, 'target'), owner.uid, owner.gid)
    await expect(script('restore.sh', [folder, folder, join(folder, 'target')])).rejects.toThrow('is there already')
    await expect(script('restore.sh', [folder, folder, join(folder, 'new')])).rejects.toThrow('backup_manifest')
    await expect(script('backup.sh', [])).rejects.toThrow('Takes a whole copy')
  })
})
