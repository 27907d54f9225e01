import { z } from 'zod'
import type { ClientId } from '#kernel/id.ts'
import { keptRequests, seenRequest, type RequestLog } from '#domain/sandbox/request.ts'
import type { Volatile } from '#storage/volatile.ts'

const daySeconds = 86_400
/** `turn` orders those of one second. */
const stored = seenRequest.extend({ turn: z.int() })

/** The last requests of each client as two rings of numbered places, each place written by one act; lost, they are missed by nobody. */
export function requestLog(volatile: Volatile): RequestLog {
  const nameOf = (client: ClientId, ring: Ring) => (ring === 'proven' ? client : `${client} ${ring}`)
  const place = (client: ClientId, ring: Ring, at: number) => `sandbox-request:${nameOf(client, ring)}:${at % keptRequests[ring]}`

  async function read(client: ClientId, ring: Ring) {
    const texts = await Promise.all(Array.from({ length: keptRequests[ring] }, (_, at) => volatile.get(place(client, ring, at))))
    return texts.flatMap((text) => (text === undefined ? [] : [stored.parse(JSON.parse(text))]))
  }

  return {
    async note(client, seen) {
      const ring = seen.proven ? 'proven' : 'unproven'
      const at = await volatile.count(`sandbox-requests:${nameOf(client, ring)}`, daySeconds)
      await volatile.put(place(client, ring, at), JSON.stringify({ ...seen, turn: at }), daySeconds)
    },
    async latest(client) {
      const [proven, unproven] = await Promise.all([read(client, 'proven'), read(client, 'unproven')])
      return [...proven, ...unproven].toSorted((one, other) => other.at - one.at || other.turn - one.turn).map(({ turn: _turn, ...rest }) => rest)
    },
  }
}

type Ring = keyof typeof keptRequests
