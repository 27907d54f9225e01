import { Cluster, type Redis } from 'ioredis'
import { timeIn } from './acts.ts'
import { primaries, type RedisClient } from './open.ts'

/** What a primary says of itself. */
export type Said = {
  id: string
  /** It was a copy of another one once, or may have been. */
  wasCopy: boolean
  upSeconds: number
  /** It has the agreement of most of its cluster: one that was cut off and replaced has it no longer. */
  agreed: boolean
  /** When it said so, by its own clock. */
  at: Date
}

/** Seconds without a loss after which a server's past is of no account: what was in use then has ended or was looked into. */
export const longAgo = 900

/** What a server tells with INFO, and a node of a cluster of its cluster. */
export function readSaid(info: string, cluster: string, at: Date): Said | undefined {
  const [, id] = /^master_replid:(\w+)/m.exec(info) ?? []
  if (id === undefined || !/^role:master/m.test(info)) return undefined
  return {
    id,
    wasCopy: !/^master_replid2:0+\r?$/m.test(info),
    upSeconds: Number(/^uptime_in_seconds:(\d+)/m.exec(info)?.[1] ?? 0),
    agreed: /^cluster_state:ok/m.test(cluster),
    at,
  }
}

/** Whether a server lives and has lost nothing for long. `met` is when anybody of us first heard of its replication id, which begins with each loss, by its own clock too. */
export function hasLostNothing({ wasCopy, upSeconds, agreed, at }: Said, met: Date): boolean {
  const sinceMet = (at.getTime() - met.getTime()) / 1000
  return agreed && (sinceMet >= longAgo || (!wasCopy && upSeconds >= longAgo))
}

type Tools = {
  client: RedisClient
  /** When this replication id was first met by the word of whoever met it first, which is the given moment if that is us. */
  agree: (id: string, at: Date) => Promise<Date>
}

/** Milliseconds in which no server is replaced: the others wait for it longer than that. */
const freshMilliseconds = 200

/** The primaries of a cluster by their replication ids. One server alone has nobody from whom anything could have come. */
export function knownServers({ client, agree }: Tools) {
  const met = new Map<string, Promise<Date>>()
  let last: { at: number; said: Promise<readonly Said[]> } | undefined

  function meet(id: string, at: Date): Promise<Date> {
    const known = met.get(id)
    if (known !== undefined) return known
    const since = agree(id, at)
    met.set(id, since)
    since.catch(() => met.delete(id))
    return since
  }

  function saying(): Promise<readonly Said[]> {
    const at = performance.now()
    if (last === undefined || at - last.at > freshMilliseconds) last = { at, said: askAll(client) }
    return last.said
  }

  return {
    /** To be told at the start since when the servers that are there have lost nothing: where nobody knows, since now. */
    async meetAll(since?: Date): Promise<void> {
      if (!(client instanceof Cluster)) return
      for (const { id, at } of await askAll(client)) await meet(id, since ?? at)
    },
    async steady(one: string, other: string): Promise<boolean> {
      if (!(client instanceof Cluster)) return false
      const said = await saying()
      const holds = async (id: string) => {
        const server = said.find((each) => each.id === id)
        return server !== undefined && hasLostNothing(server, await meet(id, server.at))
      }
      return (await holds(one)) && (await holds(other))
    },
  }
}

/** Who does not answer has not said that it lives. */
async function askAll(client: RedisClient): Promise<readonly Said[]> {
  const answers = await Promise.allSettled(primaries(client).map(ask))
  return answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value !== undefined ? [answer.value] : []))
}

async function ask(server: Redis): Promise<Said | undefined> {
  const [info, cluster, time] = await Promise.all([server.info(), server.cluster('INFO'), server.time()])
  return readSaid(info, cluster, timeIn(time))
}
