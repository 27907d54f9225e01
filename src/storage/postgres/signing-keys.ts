import { sql } from 'kysely'
import { proposalId } from '#kernel/id.ts'
import type { HeldKey, KeyChange } from '#domain/signing-key/key.ts'
import type { KeyChangeStore } from '#domain/signing-key/store.ts'
import { operator, publicActor } from '#domain/transparency/entry.ts'
import { keyEnd, keyPlan } from '#domain/transparency/keys.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { appendTo, waitForTurn } from './transparency-append.ts'

type Row = { seq: number; act: KeyChange['act']; kid: string; alg: string; at: Date; decided_at: Date; proposal_id: string | null; break_glass: string | null }

export const keyChanges = (db: Db): KeyChangeStore => ({
  async list() {
    const rows = await db.rows(sql<Row>`select seq, act, kid, alg, at, decided_at, proposal_id, break_glass from signing_key_change order by seq`)
    return rows.map(({ decided_at: decidedAt, proposal_id: proposal, break_glass: key, ...rest }): KeyChange => (
      { ...rest, decidedAt, by: key === null ? { role: 'approver', proposal: proposalId.parse(proposal) } : { role: 'break-glass', key } }))
  },

  async saidAt(kid, state) {
    const row = await db.first(sql<{ at: Date }>`
      select at from transparency_entry where kind like 'key.%' and kind = ${`key.${state}`} and entry::jsonb->'key'->>'kid' = ${kid} order by seq limit 1`)
    return row?.at
  },

  decide: (change, key) => db.transaction((tx) => insertKeyChange(tx, change, key)),

  destroy: ({ kid, jwk }, { at, event }) => db.transaction(async (tx) => {
    await waitForTurn(tx)
    const said = await tx.first(sql`
      select 1 from transparency_entry where kind like 'key.%' and kind = 'key.destroyed' and entry::jsonb->'key'->>'kid' = ${kid}`)
    if (said !== undefined) return
    await appendTo(tx, keyEnd({ key: { use: 'tokens', jwk }, by: operator, at }))
    await insertEvents(tx, [event], at)
  }),
})

const said = { activate: 'activated', retire: 'retired', revoke: 'revoked' } as const satisfies Record<KeyChange['act'], string>

/**
 * Says it in the public log and writes it, within whatever transaction `db` is; `false` where something else was decided meanwhile, for then nobody has
 * looked at both together.
 */
export async function insertKeyChange(db: Db, { seq, act, kid, alg, at, decidedAt, by }: KeyChange, { jwk }: HeldKey): Promise<boolean> {
  await appendTo(db, keyPlan({ key: { use: 'tokens', jwk }, to: said[act], from: at, by: publicActor(by), at: decidedAt }))
  const inserted = await db.change(sql`
    insert into signing_key_change (seq, act, kid, alg, at, decided_at, proposal_id, break_glass)
    select ${seq}::int, ${act}, ${kid}, ${alg}, ${at}::timestamptz, ${decidedAt}::timestamptz, ${by.role === 'approver' ? by.proposal : null}::uuid, ${by.role === 'break-glass' ? by.key : null}::uuid
    where ${seq}::int = (select coalesce(max(seq), 0) + 1 from signing_key_change)
    on conflict (seq) do nothing`)
  return inserted === 1
}
