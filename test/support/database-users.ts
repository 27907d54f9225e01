import { randomBytes } from 'node:crypto'
import { inject, onTestFinished } from 'vitest'
import type { OnePlane } from '#kernel/plane.ts'
import { roles } from '#storage/postgres/grants.ts'
import { command } from './postgres-server.ts'

/** A user of the run's PostgreSQL that is in the roles of these planes, as an operator makes it; gone with the test. */
export async function makeUser(...planes: readonly OnePlane[]): Promise<string> {
  const [user, drop] = await addUser(...planes)
  onTestFinished(drop)
  return user
}

/** The same, for whoever drops it themselves. */
export async function addUser(...planes: readonly OnePlane[]): Promise<readonly [user: string, drop: () => Promise<void>]> {
  const server = String(inject('postgres'))
  const user = `user_${randomBytes(6).toString('hex')}`
  await command(server, `create user ${user}${planes.length === 0 ? '' : ` in role ${planes.map((plane) => roles[plane]).join(', ')}`}`)
  return [user, () => command(server, `drop user ${user}`)]
}
