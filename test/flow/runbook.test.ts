import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { root } from '#test/house/source.ts'
import { comesToBe, startEid } from '#test/support/node-process.ts'
import { freePorts } from '#test/support/ports.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { asked, startRedis } from '#test/support/redis-server.ts'
import { blocks } from '#test/support/runbook.ts'
import { statusOf } from '#test/support/status.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const run = promisify(execFile)
const written = (heading: string) => blocks().filter((block) => block.heading === heading).flatMap(({ lines }) => lines)

/** Carries out lines of the runbook as a shell would, `eid` being ours. */
async function carryOut(lines: readonly string[], { folder, env }: { folder: string; env: Readonly<Record<string, string>> }): Promise<string> {
  const script = `eid() { '${process.execPath}' '${join(root, 'src/cli/main.ts')}' "$@"; }\n${lines.map((line) => line.replaceAll('deploy/', `${root}/deploy/`)).join('\n')}\n`
  const { stdout } = await run('/bin/sh', ['-euc', script], { cwd: folder, env: { PATH: process.env['PATH'] ?? '', ...env } })
  return stdout
}

/** Production's own rules, with TLS ended before. */
const live = { NODE_ENV: 'production', ISSUER: 'https://dinhdanh.example.vn', DRAIN_SECONDS: '1', LOG_LEVEL: 'warn' }

describe.skipIf(inject('postgres') === undefined || inject('redis') === undefined)('the runbook', () => {
  test('start, upgrade and take away, as they are written, with the rules of production', async () => {
    const [postgres, redis] = await Promise.all([startPostgres(), startRedis(['--maxmemory', '64mb'])])
    if (postgres === undefined || redis === undefined) throw new Error('no servers on this machine')
    onTestFinished(() => Promise.all([postgres.stop(), redis.stop()]).then(() => undefined))
    const folder = temporaryFolder()
    const [keys, config, users, tables, serve] = [written('Start').slice(0, 1), written('Start').slice(1, 2), written('Start').slice(2, 3), written('Start').slice(3, 6), written('Start').slice(6, 8)]
    expect([keys, config, users, tables, serve]).toEqual([
      ['eid keys init keyring.json'], ['eid config check'], [expect.stringMatching(/^eid redis acl /)],
      ['eid migrate', 'eid database grants', expect.stringMatching(/^deploy\/users\.sh /)], [expect.stringContaining('PLANE=console'), expect.stringContaining('PLANE=citizen')]])

    // 1. Keys.
    expect(await carryOut(keys, { folder, env: {} })).toContain('keyring.json is made')

    // 2. to 4. What the owner does.
    const owner = { ...live, PLANE: 'all', DATABASE_URL: postgres.url, REDIS_URL: redis.url, KEYRING_FILE: join(folder, 'keyring.json'), DATA_DIR: join(folder, 'data') }
    expect(await carryOut(config, { folder, env: owner })).toContain('No faults.')
    for (const plane of ['citizen', 'console']) writeFileSync(join(folder, `password-${plane}`), `of-${plane}'s own\n`)
    for (const line of (await carryOut(users.map((line) => line.replaceAll('secrets/', '')), { folder, env: {} })).trim().split('\n')) {
      await asked(redis.url, (client) => client.call('ACL', 'SETUSER', ...line.split(' ').slice(1)))
    }
    const told = await carryOut(tables.map((line) => line.replaceAll('secrets/', '')), { folder, env: owner })
    expect(told).toContain('eid_web and eid_office may sign in.')

    // With the user of everybody, or of the other plane, neither starts.
    for (const [line, whose, name] of [[serve[0], 'eid_office', 'citizen'], [serve[1], 'eid_web', undefined]] as const) {
      const refused = await started(line, owner, [whose, name])
      expect([await refused.exit, refused.said()]).toEqual([expect.any(Number), expect.stringContaining('the user of Redis may do too much')])
    }

    // 5. Servers, each as the users that were made for it.
    const [citizen, console] = [await started(serve[1], owner, ['eid_web', 'citizen']), await started(serve[0], owner, ['eid_office', 'console'])]
    await Promise.all([comesToBe(console.ready, 200), comesToBe(citizen.ready, 200)])

    // Upgrade: the tables first, twice without harm, while servers answer.
    const upgrade = written('Upgrade').filter((line) => line.startsWith('eid '))
    expect(upgrade).toEqual(['eid migrate', 'eid database grants --dry-run', 'eid database grants'])
    expect(await carryOut(upgrade, { folder, env: owner })).toContain('The database is up to date.')
    expect(await statusOf(citizen.ready)).toBe(200)

    // Take a server away.
    await carryOut(written('Take a server away').map((line) => line.replace('PID', String(citizen.pid))), { folder, env: {} })
    await comesToBe(citizen.ready, 503)
    expect(await citizen.exit).toBe(0)
    expect(await statusOf(console.ready)).toBe(200)
  }, 180_000)
})

/** A line of the runbook that starts a server, which goes on running: `PLANE=… eid serve …`. */
async function started(line: string | undefined, owner: Readonly<Record<string, string>>, [user, name]: readonly [user: string, plane: string | undefined]) {
  const [plane = '', , ...words] = (line ?? '').split(' ')
  const [port = 0, health = 0] = await freePorts(2)
  const url = new URL(owner['DATABASE_URL'] ?? '')
  url.username = user
  const redis = new URL(owner['REDIS_URL'] ?? '')
  if (name !== undefined) [redis.username, redis.password] = [`eid_${name}`, encodeURIComponent(`of-${name}'s own`)]
  const env = { ...owner, PLANE: plane.replace('PLANE=', ''), PORT: String(port), HEALTH_PORT: String(health), DATABASE_URL: url.href, REDIS_URL: redis.href }
  const { child, exit, said } = startEid(words, env)
  return { pid: child.pid, exit, said, ready: `http://127.0.0.1:${health}/readyz` }
}
