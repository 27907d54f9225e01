import { primaries, type RedisClient } from './open.ts'
import { list, moment } from './replies.ts'

/** The time of day where Redis runs; of several servers the first. */
export async function timeOf(client: RedisClient): Promise<Date> {
  const [server] = primaries(client)
  const [seconds, micros] = list(await server?.time())
  return moment(Number(seconds) * 1000 + Number(micros) / 1000)
}
