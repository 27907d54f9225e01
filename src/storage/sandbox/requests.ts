import { z } from 'zod'
import type { ClientId } from '#kernel/id.ts'
import { keptRequests, seenRequest, type RequestLog } from '#domain/sandbox/request.ts'
import type { Volatile } from '#storage/volatile.ts'

const daySeconds = 86_400
/** `turn` orders those of one second. */
const stored = seenRequest.extend({ turn: z.int() })

/** The last requests of each client as a ring of numbered places, each written by one act; lost, they are missed by nobody. */
export function requestLog(volatile: Volatile): RequestLog {
  const place = (client: ClientId, at: number) => `sandbox-request:${client}:${at % keptRequests}`
  return {
    async note(client, seen) {
      const at = await volatile.count(`sandbox-requests:${client}`, daySeconds)
      await volatile.put(place(client, at), JSON.stringify({ ...seen, turn: at }), daySeconds)
    },
    async latest(client) {
      const texts = await Promise.all(Array.from({ length: keptRequests }, (_, at) => volatile.get(place(client, at))))
      const seen = texts.flatMap((text) => (text === undefined ? [] : [stored.parse(JSON.parse(text))]))
      return seen.toSorted((one, other) => other.at - one.at || other.turn - one.turn).map(({ turn: _turn, ...rest }) => rest)
    },
  }
}
