import { Cluster } from 'ioredis'
import { clocksApart } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Only } from '#storage/volatile.ts'
import type { RedisActs } from './acts.ts'
import { makeEras } from './eras.ts'
import { knownServers } from './known-servers.ts'
import { begun, everywhere, firstEra, type markKeys } from './marks.ts'
import type { RedisClient } from './open.ts'
import { moment } from './replies.ts'

/** Seconds in which one process is enough to look everywhere after a loss. */
const sweepSeconds = 10
/** For as long is remembered when a server was first met: one that was met earlier is met anew. */
const metSeconds = 400 * 86_400
/** Seconds in which a proof of somebody else's may be good, at most (P08: a client's assertion, five minutes). */
const longestGood = 300

type Tools = { client: RedisClient; prefix: string; acts: RedisActs; marks: ReturnType<typeof markKeys>; isFirst: boolean }

/**
 * The eras of this store. In one that is new nothing was lost, ever, and that is written at every mark. After a loss somebody looks at all marks,
 * so that each era begins soon after it, and not when something beside one happens to be used.
 */
export async function storeEras({ client, acts, marks, prefix, isFirst }: Tools) {
  const servers = knownServers({
    client,
    // Dates alone, which are no secret: whoever has another key file must be able to read them.
    agree: async (id, at) => {
      await client.set(`${prefix}era:${id}`, at.getTime(), 'EX', metSeconds, 'NX')
      return moment((await client.get(`${prefix}era:${id}`)) ?? at.getTime())
    },
  })
  const sweep = async () => {
    if ((await client.set(`${prefix}era:sweep`, '1', 'EX', sweepSeconds, 'NX')) === 'OK') await everywhere(marks.all(), (key) => eras.era(key))
  }
  const onLoss = client instanceof Cluster ? () => void sweep().catch(() => undefined) : () => undefined
  const eras = makeEras({ acts, steady: (one, other) => servers.steady(one, other), onLoss })

  const said = `${prefix}era:begun`
  const isNew = (await client.exists(said)) === 0
  await servers.meetAll(isNew && isFirst ? new Date(0) : undefined)
  if (isNew) {
    const era = firstEra()
    await everywhere(marks.all(), (key) => (isFirst ? acts.begin(key, era) : eras.era(key)))
    await client.set(said, '1')
  }
  return {
    ...eras,
    lookAgain: client instanceof Cluster ? sweep : async () => void (await eras.era(marks.of(''))),
    lasted: async ({ offeredUnder, id }: { offeredUnder: string; id: string }) => offeredUnder === id || servers.steady(offeredUnder, id),
  }
}

/** Whether the mark of what was made in another era, or at a time of which marks may have been lost, would still be there; `at` is now, by the clock that dates the eras. */
export function remembers(era: string, { era: madeIn, madeAt }: Only, at: Date): boolean {
  if (madeIn !== undefined) return madeIn === era
  const made = madeAt?.getTime() ?? at.getTime() - longestGood * 1000
  if (made > begun(era).getTime() + clocksApart * 1000) return true
  // Nobody knows whether it was used, and soon enough it is not asked any more: a new proof will do.
  throw new Problem('service.unavailable')
}
