import { openRedis, primaries } from './open.ts'

/** Which servers keep what is kept at this address, by the name that each gave itself when it started. */
export async function serversAt(url: string): Promise<readonly string[]> {
  const client = await openRedis({ url, mayEvict: true })
  try {
    const told = await Promise.all(primaries(client).map((server) => server.info('server')))
    return told.flatMap((text) => /^run_id:(\S+)/m.exec(text)?.[1] ?? [])
  } finally {
    client.disconnect()
  }
}
