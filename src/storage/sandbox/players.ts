import { sql } from 'kysely'
import { z } from 'zod'
import { accountId, passkeyId } from '#kernel/id.ts'
import type { Player, PlayerStore } from '#domain/sandbox/test-person.ts'
import type { Sealer } from '#keys/seal.ts'
import type { Db } from '#storage/postgres/db.ts'

type Row = { place: number; account_id: string; passkey_id: string; passkey: Uint8Array }

const at = (place: number) => ({ table: 'test_person', column: 'passkey', row: String(place) })
const ids = z.object({ account_id: accountId, passkey_id: passkeyId })

/** The test people of the sandbox's database. */
export function players(db: Db, sealer: Sealer): PlayerStore {
  async function find(place: number): Promise<Player | undefined> {
    const row = await db.first(sql<Row>`select place, account_id, passkey_id, passkey from test_person where place = ${place}`)
    if (row === undefined) return undefined
    const { account_id: account, passkey_id: id } = ids.parse(row)
    return { place, account, passkey: { id, privateKey: sealer.open(row.passkey, at(place)) } }
  }
  return {
    find,
    async settle({ place, account, passkey }) {
      await db.change(sql`
        insert into test_person (place, account_id, passkey_id, passkey)
        values (${place}, ${account}, ${passkey.id}, ${sealer.seal(passkey.privateKey, at(place))}) on conflict (place) do nothing`)
      const settled = await find(place)
      if (settled === undefined) throw new Error('a test person who was written is not there')
      return settled
    },
  }
}
