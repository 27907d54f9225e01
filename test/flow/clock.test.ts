import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sql } from 'kysely'
import { openDatabase } from '#storage/postgres/open.ts'
import { comesToBe, startEid } from '#test/support/node-process.ts'
import { freePorts } from '#test/support/ports.ts'
import { startPostgres } from '#test/support/postgres-server.ts'
import { engines, startServer, type TestServer } from '#test/support/running.ts'
import { statusOf } from '#test/support/status.ts'

/** Tells a program another time of day than the machine has; what counts seconds goes on as it does. */
const [library] = globSync('/usr/lib/*/faketime/libfaketime.so.1')
const run = promisify(execFile)

describe.skipIf(!engines.includes('servers') || library === undefined)('L05: a server whose clock is wrong, as a process of its own,', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ engine: 'servers' })
  })
  afterAll(() => server.close())

  const at = (offset: string) => ({ LD_PRELOAD: String(library), FAKETIME: offset, FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' })

  async function startWith(offset: string, env: Readonly<Record<string, string>> = {}) {
    const [port = 0, healthPort = 0] = await freePorts(2)
    const health = `http://127.0.0.1:${healthPort}`
    const started = startEid(['serve'], { ...server.env, ...env, PORT: String(port), HEALTH_PORT: String(healthPort), LOG_LEVEL: 'info', NODE_NAME: 'may-chu-mot', ...at(offset) })
    await comesToBe(`${health}/startupz`, 200)
    const figures = async () => (await fetch(`${health}/metrics`)).text()
    const off = async () => Number(/^eid_clock_off_seconds (\S+)$/m.exec(await figures())?.[1])
    const wrong = async () => [...(await figures()).matchAll(/^eid_clock_wrong\{whose="(\w+)"\} 1$/gm)].map(([, whose]) => whose)
    return { ...started, port, health, off, wrong }
  }

  test.each(['+30s', '-30s'])('%s: it lives and takes no traffic, and says why in its log and its figures', async (offset) => {
    const { health, said, off, wrong } = await startWith(offset)
    expect([await statusOf(`${health}/livez`), await statusOf(`${health}/readyz`), await wrong()]).toEqual([200, 503, ['server']])
    expect(said()).toContain('it takes no traffic until it is set right')
    expect(Math.abs(await off() - 30)).toBeLessThan(3)
  }, 120_000)

  test('by three seconds it is an alarm and takes traffic; what it writes says which process wrote it, and nothing of it is missed', async () => {
    const { health, said, off, port } = await startWith('+3s')
    expect(await statusOf(`${health}/readyz`)).toBe(200)
    expect(said()).toContain('more than a second away from the database')
    expect(Math.abs(await off() - 3)).toBeLessThan(1)
    await statusOf(`http://127.0.0.1:${port}/quan-tri`)
    const { stdout } = await run(process.execPath, ['src/cli/main.ts', 'audit', 'gaps', '--json'], { env: { ...process.env, ...server.env } })
    expect(JSON.parse(stdout)).toMatchObject({ gaps: [], doubles: [] })
  }, 120_000)

  test('R15: where Redis has the same time it is the database that is wrong: it takes traffic, and says so in its log, its figures, the log of record and an alarm', async () => {
    const postgres = await startPostgres([], at('-30s'))
    onTestFinished(() => postgres?.stop())
    const url = postgres?.url ?? ''
    const { health, said, off, wrong } = await startWith('+0s', { DATABASE_URL: url })
    expect([await statusOf(`${health}/readyz`), await wrong()]).toEqual([200, ['database']])
    expect(said()).toContain('set that of the database right')
    expect(Math.abs(await off() - 30)).toBeLessThan(3)
    const database = await openDatabase({ url, dataDir: '', patience: 4 })
    onTestFinished(() => database.close())
    const events = () => database.rows(sql<{ type: string; kind: string | null }>`select type, data->>'kind' as kind from audit_event where type = 'clock.off' or data->>'kind' = 'clock' order by id`)
    await expect.poll(events).toEqual([{ type: 'clock.off', kind: null }, { type: 'alarm.raised', kind: 'clock' }])
  }, 120_000)

  test('one that is right says nothing; events name the machine and its port', async () => {
    const { health, said, off } = await startWith('+0s')
    expect([await statusOf(`${health}/readyz`), said().includes('clock of this machine'), (await off()) < 1]).toEqual([200, false, true])
    const nodes = await server.house.database.rows(sql<{ name: string }>`select name from node`)
    expect(nodes.some(({ name }) => name.startsWith('may-chu-mot:'))).toBe(true)
  }, 120_000)
})
