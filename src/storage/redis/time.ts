import { primaries, type RedisClient } from './open.ts'
import { timeIn } from './acts.ts'

/** The time of day where Redis runs; of several servers the first. */
export async function timeOf(client: RedisClient): Promise<Date> {
  const [server] = primaries(client)
  return timeIn(await server?.time())
}
