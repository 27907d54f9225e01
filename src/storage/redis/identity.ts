import { Cluster } from 'ioredis'
import { openRedis } from './open.ts'

/** Which servers keep what is kept at this address, by the name that each gave itself when it started. */
export async function serversAt(url: string): Promise<readonly string[]> {
  const client = await openRedis({ url, mayEvict: true })
  try {
    const servers = client instanceof Cluster ? client.nodes('master') : [client]
    const told = await Promise.all(servers.map((server) => server.info('server')))
    return told.flatMap((text) => /^run_id:(\S+)/m.exec(text)?.[1] ?? [])
  } finally {
    client.disconnect()
  }
}
