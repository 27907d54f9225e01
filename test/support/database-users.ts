import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { inject, onTestFinished } from 'vitest'
import type { OnePlane } from '#kernel/plane.ts'
import type { Database } from '#storage/postgres/db.ts'
import { roles } from '#storage/postgres/grants.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { command } from './postgres-server.ts'

/** A user of the run's PostgreSQL that is in the roles of these planes, as an operator makes it; gone with the test. */
export async function makeUser(...planes: readonly OnePlane[]): Promise<string> {
  const [user, drop] = await addUser(...planes)
  onTestFinished(drop)
  return user
}

/** A database of the run as a process of this plane opens it, with a user of its own; `owner` has the tables. */
export async function openAs(owner: Database, plane: OnePlane): Promise<Database> {
  const url = new URL(String(inject('postgres')))
  url.username = await makeUser(plane)
  url.pathname = String((await owner.first(sql<{ name: string }>`select current_database() as name`))?.name)
  const own = await openDatabase({ url: url.href, dataDir: '', patience: 10 })
  onTestFinished(() => own.close())
  return own
}

/** As `makeUser`, for whoever drops it themselves. */
export async function addUser(...planes: readonly OnePlane[]): Promise<readonly [user: string, drop: () => Promise<void>]> {
  const server = String(inject('postgres'))
  const user = `user_${randomBytes(6).toString('hex')}`
  await command(server, `create user ${user}${planes.length === 0 ? '' : ` in role ${planes.map((plane) => roles[plane]).join(', ')}`}`)
  return [user, () => command(server, `drop user ${user}`)]
}
