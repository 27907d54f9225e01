import { Cluster, ReplyError } from 'ioredis'
import type { OnePlane } from '#kernel/plane.ts'
import { Refusal } from '#kernel/refusal.ts'
import { primaries, type RedisClient } from './open.ts'
import { forbidden, keyRightsOf, users } from './rights.ts'

/**
 * A process of one plane whose user of Redis may do more than its plane, or less, does not start (A02). Nobody may ask Redis what they may do, so it is tried,
 * with what does nothing: commands that neither user has, and a look at and a removal of keys that are never there. Throws `Refusal`.
 */
export async function mustBeUserOf(client: RedisClient, plane: OnePlane): Promise<void> {
  const commands = primaries(client).flatMap((server) => forbidden.map(async ([command, ...rest]) => ((await goes(server.call(command, ...rest))) ? [command] : [])))
  const keys = keyRightsOf(plane).map(async ({ begins, access }) => {
    const [reads, writes] = await Promise.all([goes(client.get(begins)), goes(client.del(begins))])
    return { begins, more: (reads && access === '-') || (writes && access !== 'RW'), less: (!reads && access !== '-') || (!writes && access === 'RW') }
  })
  // A client says it by itself, where a slot is on its way, and hears of no refusal (Redis Cluster specification, "ASK redirection").
  const asks = client instanceof Cluster ? primaries(client).map(async (server) => ((await goes(server.call('ASKING'))) ? [] : ['ASKING'])) : []
  const [said, tried, missing] = await Promise.all([Promise.all(commands), Promise.all(keys), Promise.all(asks)])
  const more = [...new Set(said.flat()), ...tried.flatMap((one) => (one.more ? [`${one.begins}*`] : []))]
  const less = [...new Set(missing.flat()), ...tried.flatMap((one) => (one.less ? [`${one.begins}*`] : []))]
  if (more.length > 0) throw new Refusal(`With PLANE=${plane} the user of Redis may do too much (${shown(more)}): make the users that eid redis acl says, and let REDIS_URL name ${users[plane]}.`)
  if (less.length > 0) throw new Refusal(`With PLANE=${plane} the user of Redis may do too little (${shown(less)}): give ${users[plane]} what eid redis acl says, and let REDIS_URL name it.`)
}

const shown = (some: readonly string[]) => some.slice(0, 5).join(', ') + (some.length > 5 ? ` and ${some.length - 5} more` : '')

/** Whether it is allowed; what else is wrong is thrown. */
async function goes(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (error instanceof ReplyError && error instanceof Error && error.message.startsWith('NOPERM')) return false
    throw error
  }
}
