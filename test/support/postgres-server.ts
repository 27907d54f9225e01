import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { freePorts } from './ports.ts'
import { folderFor, lasting, owner, program, ready, run, serverOf, type Alone, type Lasting, type Server } from './server-process.ts'

/** A PostgreSQL of our own, or undefined when none is installed. Commits reach the disk as in production. `more`: further settings; `env`: of its processes. */
export async function startPostgres(more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Lasting | undefined> {
  const initdb = program('initdb')
  const postgres = program('postgres')
  const [port] = await freePorts(1)
  if (initdb === undefined || postgres === undefined || (process.getuid?.() === 0 && owner === undefined)) return undefined

  const folder = folderFor('postgres')
  const data = join(folder, 'data')
  makePostgresData(data, folder)
  const start = () => {
    // Whoever was killed and not yet buried has its number still, and PostgreSQL believes that it lives.
    for (const lock of [join(data, 'postmaster.pid'), join(folder, `.s.PGSQL.${port}.lock`)]) rmSync(lock, { force: true })
    return startOn({ folder, data, postgres, port: port ?? 0, more, env })
  }
  return lasting(await start(), start)
}

/** An empty database in a folder that is not there yet, its parent the server's own. */
export function makePostgresData(data: string, cwd: string): void {
  const made = spawnSync(
    program('initdb') ?? '',
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { encoding: 'utf8', cwd, ...owner },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
}

/** On a folder that is there already, as after a restore; `folder` is removed when it stops. A large one that was killed takes long to come up. */
export async function startPostgresOn(folder: string, data: string, { more = [], seconds = 20 }: { more?: readonly string[]; seconds?: number } = {}): Promise<Server> {
  const [port = 0] = await freePorts(1)
  return startOn({ folder, data, postgres: program('postgres') ?? '', port, more, seconds })
}

type Start = { folder: string; data: string; postgres: string; port: number; more: readonly string[]; env?: Readonly<Record<string, string>>; seconds?: number }

async function startOn({ folder, data, postgres, port, more, env = {}, seconds = 20 }: Start): Promise<Alone> {
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${folder}`, 'shared_buffers=32MB', 'max_connections=100', ...more]
  const child = run(['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), postgres, '-D', data, ...settings.flatMap((setting) => ['-c', setting])], { folder })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const server = serverOf(child, { url, folder })
  await ready(() => command(url, 'select 1'), folder, seconds)
  return server
}

/**
 * A PostgreSQL and a copy that follows it: nothing is acknowledged that the copy has not on its disk (`synchronous_standby_names`). `promote`
 * makes the copy the one that may be written to, as Patroni does.
 */
export async function startCopiedPostgres(): Promise<{ primary: Server; copy: Server; promote: () => Promise<void> } | undefined> {
  const primary = await startPostgres()
  const [postgres, basebackup, [port]] = [program('postgres'), program('pg_basebackup'), await freePorts(1)]
  if (primary === undefined || postgres === undefined || basebackup === undefined) return undefined
  const folder = folderFor('postgres-copy')
  const data = join(folder, 'data')
  const made = spawnSync(basebackup, ['-d', primary.url, '-D', data, '-R', '-X', 'stream', '--checkpoint=fast', '--no-sync'], { encoding: 'utf8', cwd: folder, ...owner })
  if (made.status !== 0) throw new Error(`pg_basebackup failed: ${made.stderr}`)
  const copy = await startOn({ folder, data, postgres, port: port ?? 0, more: [] })
  await command(primary.url, `alter system set synchronous_standby_names = '*'`)
  await command(primary.url, 'select pg_reload_conf()')
  return { primary, copy, promote: () => command(copy.url, 'select pg_promote()') }
}

/** One statement on a connection of its own, past every deadline: making and dropping databases. */
export async function command(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
