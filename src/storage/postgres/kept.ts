import { hash } from 'node:crypto'
import { sql } from 'kysely'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from './db.ts'

type Row = { value: Uint8Array }

/**
 * Named values that must not be lost, with the same single-key acts as the volatile store has: refresh tokens, and the grants they
 * hang on. The database's clock counts their lives. Names are hashed and values sealed under them (D05).
 */
export const kept = (db: Db, sealer: Sealer) => {
  const nameOf = (key: string) => hash('sha256', key, 'buffer')
  const at = (key: string) => ({ table: 'kept', column: 'value', row: hash('sha256', key, 'base64url') })
  const until = (ttl: number) => sql`now() + make_interval(secs => ${ttl})`

  return {
    async get(key: string): Promise<string | undefined> {
      const row = await db.first(sql<Row>`select value from kept where name = ${nameOf(key)} and expires_at > now()`)
      return row && sealer.open(row.value, at(key))
    },

    async put(key: string, value: string, ttl: number): Promise<void> {
      await db.change(sql`
        insert into kept (name, value, expires_at) values (${nameOf(key)}, ${sealer.seal(value, at(key))}, ${until(ttl)})
        on conflict (name) do update set value = excluded.value, expires_at = excluded.expires_at`)
    },

    /** Writes only if the key is not there: of racing claimers exactly one hears `true`. */
    async claim(key: string, value: string, ttl: number): Promise<boolean> {
      const changed = await db.change(sql`
        insert into kept (name, value, expires_at) values (${nameOf(key)}, ${sealer.seal(value, at(key))}, ${until(ttl)})
        on conflict (name) do update set value = excluded.value, expires_at = excluded.expires_at where kept.expires_at <= now()`)
      return changed === 1
    },

    async drop(key: string): Promise<void> {
      await db.change(sql`delete from kept where name = ${nameOf(key)}`)
    },

    /** Forgets what has ended; answers how much. A thousand at a time, so that nobody waits for it. */
    async sweep(): Promise<number> {
      let all = 0
      for (;;) {
        const swept = await db.change(sql`delete from kept where name in (select name from kept where expires_at <= now() limit 1000)`)
        all += swept
        if (swept < 1000) return all
      }
    },
  }
}
