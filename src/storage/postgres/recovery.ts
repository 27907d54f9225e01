import { sql } from 'kysely'
import { newId, type AccountId } from '#kernel/id.ts'
import type { RecoveryCode, RecoveryCodeStore } from '#domain/recovery/code.ts'
import { standingBut, type RecoveryAct } from '#domain/recovery/recovery.ts'
import type { Sealer } from '#keys/seal.ts'
import { heldAccount, moveAccount } from './account-moves.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { insertPasskey } from './passkeys.ts'

/** Printed codes as keyed hashes, each bound to its account. */
export const recoveryCodes = (db: Db, sealer: Sealer): RecoveryCodeStore => {
  const hashOf = (account: AccountId, code: RecoveryCode) => sealer.index('recovery-code', `${account} ${code}`)
  return {
    replace: (account, codes, { at, event }) => db.transaction(async (tx) => {
      await tx.change(sql`delete from recovery_code where account_id = ${account}`)
      const rows = codes.map((code) => sql`(${account}::uuid, ${newId()}::uuid, ${hashOf(account, code)}::bytea, ${at}::timestamptz)`)
      await tx.change(sql`insert into recovery_code (account_id, id, hash, made_at) values ${sql.join(rows)}`)
      await insertEvents(tx, [event], at)
    }),
    async left(account) {
      const row = await db.first(sql<{ left: number; made_at: Date | null }>`
        select count(*) filter (where used_at is null) as left, max(made_at) as made_at from recovery_code where account_id = ${account}`)
      return { left: row?.left ?? 0, madeAt: row?.made_at ?? undefined }
    },
    async spend(account, code, at) {
      return (await db.change(sql`
        update recovery_code set used_at = ${at} where account_id = ${account} and hash = ${hashOf(account, code)} and used_at is null`)) === 1
    },
  }
}

/** See `RecoveryAct`. The row of the account is held first, so that a lock or a death that comes meanwhile is seen, or finds it as it will be. */
export const recovery = (db: Db): RecoveryAct => ({
  bringBack: (passkey, { codeUsedAt, heldUntil, event }) => db.transaction(async (tx) => {
    const { account, createdAt: at } = passkey
    const found = await heldAccount(tx, account)
    const open = found !== undefined && standingBut(found, at).is === 'usable' && found.account.locks.every(({ since }) => since <= codeUsedAt)
    // One passkey a code; new codes that were printed since are an answer to this one too.
    const bound = await tx.change(sql`
      update recovery_code set passkey_id = ${passkey.id} where account_id = ${account} and used_at = ${codeUsedAt} and passkey_id is null`)
    if (!open || bound !== 1) throw new Undone('over')
    await tx.change(sql`update account set held_until = greatest(held_until, ${heldUntil}) where id = ${account}`)
    if (!(await insertPasskey(tx, passkey))) throw new Undone('taken')
    await moveAccount(tx, account, { move: { to: 'unlock', ground: 'holder-request', by: 'holder' }, at })
    await insertEvents(tx, [event], at)
    return 'back' as const
  }).catch((error: unknown) => {
    if (error instanceof Undone) return error.why
    throw error
  }),
})

/** Undoes a recovery. */
class Undone extends Error {
  readonly why: 'taken' | 'over'
  constructor(why: 'taken' | 'over') {
    super(why)
    this.why = why
  }
}
