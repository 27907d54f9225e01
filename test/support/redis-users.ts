import type { OnePlane } from '#kernel/plane.ts'
import { aclLineOf, users } from '#storage/redis/rights.ts'
import { asked } from './redis-server.ts'

/** Makes both users at each of these servers, as an ACL file of `eid redis acl` does. */
export async function makeRedisUsers(...servers: readonly string[]): Promise<void> {
  for (const url of servers) {
    for (const plane of onePlanes) await asked(url, (client) => client.call('ACL', 'SETUSER', ...aclLineOf(plane, passwordOf(plane)).split(' ').slice(1)))
  }
}

const onePlanes = ['citizen', 'console'] as const satisfies readonly OnePlane[]

const passwordOf = (plane: OnePlane): string => `of-${plane}`

/** This address, or addresses, as the user of a plane. */
export const asRedisUser = (url: string, plane: OnePlane): string => url.replaceAll('://', `://${users[plane]}:${passwordOf(plane)}@`)
