import { sql } from 'kysely'
import { Refusal } from '#kernel/refusal.ts'
import { readRing } from '#keys/keyring.ts'
import { readPrivate } from '#keys/private-file.ts'
import { sharedBy } from '#keys/overlap.ts'
import type { Db } from '#storage/postgres/db.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { serversAt } from '#storage/redis/identity.ts'
import type { SandboxConfig } from '#app/config.ts'
import type { House } from '#app/house.ts'

/** The configuration gives the sandbox what is the live server's alone, under two names of one thing. */
export class Shared extends Refusal {}

/** What the live server has. */
export type LiveStores = Pick<House, 'database'> & { keyringFile: string; redisUrl?: string | undefined }

/**
 * Looks behind the names, before anything is written at the sandbox's. Throws `Shared`; and anything else where one of them could not be
 * asked, which says nothing.
 */
export async function refuseShared(own: SandboxConfig, live: LiveStores): Promise<void> {
  await Promise.all([refuseSharedKeys(own, live), refuseSharedDatabase(own, live), refuseSharedRedis(own, live)])
}

async function refuseSharedDatabase({ databaseUrl: url, dataDir }: SandboxConfig, { database }: LiveStores): Promise<void> {
  if (url === undefined) return
  const own = await openDatabase({ url, dataDir, maxConnections: 1 })
  try {
    const [one, other] = await Promise.all([identityOf(database), identityOf(own)])
    if (one === other) throw new Shared('The sandbox has the database of the live server: give it one of its own (SANDBOX_DATABASE_URL).')
  } finally {
    await own.close()
  }
}

/** Which server this is, by the moment it started at, in whatever time zone it is asked, and which database of it. */
async function identityOf(db: Db): Promise<string | undefined> {
  return (await db.first(sql<{ name: string }>`select extract(epoch from pg_postmaster_start_time())::text || ' ' || current_database() as name`))?.name
}

/** While trying things out both may have one; their names in it are apart. In earnest whoever fills the one's memory stops the other. */
async function refuseSharedRedis({ redisUrl: url, production }: SandboxConfig, live: LiveStores): Promise<void> {
  if (!production || url === undefined || live.redisUrl === undefined) return
  const [ours, theirs] = await Promise.all([serversAt(live.redisUrl), serversAt(url)])
  if (theirs.some((server) => ours.includes(server))) throw new Shared('The sandbox has the Redis of the live server: give it one of its own (SANDBOX_REDIS_URL).')
}

const sentences = {
  key: 'The sandbox has a key of the live server: give it a key file of its own (SANDBOX_KEYRING_FILE).',
  secret: 'The sandbox has a secret of the live server: give it a key file of its own (SANDBOX_KEYRING_FILE).',
} as const

async function refuseSharedKeys({ keyringFile: file }: SandboxConfig, { keyringFile }: LiveStores): Promise<void> {
  // One that is made at the first start is new in all of it.
  if ((await readPrivate(file)) === undefined) return
  const shared = await sharedBy(await readRing(keyringFile), await readRing(file))
  if (shared !== undefined) throw new Shared(sentences[shared])
}
