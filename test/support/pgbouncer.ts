import { chownSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { command } from './postgres-server.ts'
import { folderFor, owner, program, ready, run, serverOf, type Server } from './server-process.ts'

const shipped = join(import.meta.dirname, '..', '..', 'deploy', 'pgbouncer.ini')

/** PgBouncer before this PostgreSQL with the settings that we ship, but for where it is, who may come, and `size` connections. */
export async function startPgbouncer(behind: string, size: number): Promise<Server | undefined> {
  const pgbouncer = program('pgbouncer')
  const [port = 0] = await freePorts(1)
  if (pgbouncer === undefined) return undefined
  const { hostname, port: serverPort, username, pathname } = new URL(behind)
  const folder = folderFor('pgbouncer')
  const changed: Readonly<Record<string, string>> = { listen_addr: '127.0.0.1', listen_port: String(port), auth_type: 'trust', auth_file: join(folder, 'users'), default_pool_size: String(size) }
  const settings = readFileSync(shipped, 'utf8')
    .replace('host=db.internal port=5432', `host=${hostname} port=${serverPort}`)
    .replaceAll(/^(\w+) = .*$/gm, (line, name: string) => (changed[name] === undefined ? line : `${name} = ${changed[name]}`))
  for (const [name, text] of [['pgbouncer.ini', settings], ['users', `"${username}" ""\n`]] as const) {
    writeFileSync(join(folder, name), text)
    if (owner !== undefined) chownSync(join(folder, name), owner.uid, owner.gid)
  }
  const server = serverOf(run([pgbouncer, join(folder, 'pgbouncer.ini')], { folder }), { url: `postgres://${username}@127.0.0.1:${port}${pathname}`, folder })
  await ready(() => command(server.url, 'select 1'), folder)
  return server
}
