import { sql } from 'kysely'
import { newId, passkeyId, type AccountId, type PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { RecoveryCode, RecoveryCodeStore } from '#domain/recovery/code.ts'
import { setsAside, waits } from '#domain/recovery/hold.ts'
import { standingBut, type RecoveryAct } from '#domain/recovery/recovery.ts'
import type { Sealer } from '#keys/seal.ts'
import { heldAccount, moveAccount } from './account-moves.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { tellHolder } from './notices.ts'
import { insertPasskey } from './passkeys.ts'
import { endSessions } from './service-sessions.ts'

/** Printed codes as keyed hashes, each bound to its account. */
export const recoveryCodes = (db: Db, sealer: Sealer): RecoveryCodeStore => ({
  replace: (account, codes, { at, event }) => db.transaction(async (tx) => {
    await tx.change(sql`delete from recovery_code where account_id = ${account}`)
    const rows = codes.map((code) => sql`(${account}::uuid, ${newId()}::uuid, ${hashOf(sealer, account, code)}::bytea, ${at}::timestamptz)`)
    await tx.change(sql`insert into recovery_code (account_id, id, hash, made_at) values ${sql.join(rows)}`)
    await tellHolder(tx, account, { occasion: { of: 'codes-printed' }, at })
    await insertEvents(tx, [event], at)
  }),
  async left(account) {
    const row = await db.first(sql<{ left: number; made_at: Date | null }>`
      select count(*) filter (where used_at is null) as left, max(made_at) as made_at from recovery_code where account_id = ${account}`)
    return { left: row?.left ?? 0, madeAt: row?.made_at ?? undefined }
  },
  spend: (account, code, { at, event }) => db.transaction(async (tx) => {
    if (!(await spendCode(tx, sealer, { account, code, at }))) return false
    await tellHolder(tx, account, { occasion: { of: 'code-used' }, at })
    await insertEvents(tx, [event], at)
    return true
  }),
})

const hashOf = (sealer: Pick<Sealer, 'index'>, account: AccountId, code: RecoveryCode) => sealer.index('recovery-code', `${account} ${code}`)

/** One statement and one keyed hash, whosever code it is: of racing tries one is told `true`. */
export async function spendCode(db: Db, sealer: Pick<Sealer, 'index'>, { account, code, at }: { account: AccountId; code: RecoveryCode; at: Date }): Promise<boolean> {
  const spent = await db.change(sql`
    update recovery_code set used_at = ${at} where account_id = ${account} and hash = ${hashOf(sealer, account, code)} and used_at is null`)
  return spent === 1
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
    await tx.change(sql`update passkey set recovered = true where id = ${passkey.id}`)
    const closed = waits(found.account)
    if (closed) await tx.change(sql`update account_lock set openings = openings || ${JSON.stringify({ [passkey.id]: heldUntil })}::jsonb where account_id = ${account} and lost`)
    else await moveAccount(tx, account, { move: { to: 'unlock', ground: 'holder-request', by: 'holder' }, at })
    const aside = setsAside(found.account) ? await setAside(tx, account, { but: passkey.id, at }) : []
    await tellHolder(tx, account, { occasion: { of: 'recovered', heldUntil: heldUntil.toISOString(), ...(closed && { waits: true }), ...(aside.length > 0 && { alone: true }) }, at })
    await insertEvents(tx, [event, ...aside.map((id): AuditEvent => ({ type: 'passkey.set-aside', account, passkey: id }))], at)
    if (!closed) return 'back' as const
    return aside.length > 0 ? 'waits-alone' as const : 'waits' as const
  }).catch((error: unknown) => {
    if (error instanceof Undone) return error.why
    throw error
  }),
  cancel: (account, how) => db.transaction((tx) => cancelRecovery(tx, account, how)),
})

/** `RecoveryAct.cancel`, within whatever transaction `db` is. */
export async function cancelRecovery(db: Db, account: AccountId, { at, holdHours, through, shown }: Parameters<RecoveryAct['cancel']>[1]): Promise<'cancelled' | 'none'> {
  const found = await heldAccount(db, account)
  if (found === undefined || found.account.state === 'deceased' || found.account.heldUntil === undefined || found.account.heldUntil <= at) return 'none'
  // What an earlier recovery brought, and nobody objected to in time, is a passkey like others.
  const since = new Date(at.getTime() - holdHours * 3_600_000)
  if (shown !== undefined && !(await mayObjectWith(db, account, { shown, since }))) return 'none'
  const removed = await db.rows(sql<{ id: string }>`
    update passkey set removed_at = ${at} where account_id = ${account} and recovered and removed_at is null and created_at > ${since} returning id`)
  const restored = await db.rows(sql<{ id: string }>`
    update passkey set removed_at = null, set_aside = false
    where account_id = ${account} and set_aside and removed_at > ${since} and not (recovered and created_at > ${since}) returning id`)
  await db.change(sql`delete from recovery_code where account_id = ${account}`)
  await db.change(sql`update account set held_until = null where id = ${account}`)
  await db.change(sql`update account_lock set openings = '{}' where account_id = ${account} and lost`)
  await tellHolder(db, account, { occasion: { of: 'recovery-cancelled' }, at })
  await endSessions(db, { account, reason: 'passkey-removed', at }, [
    { type: 'recovery.cancelled', account, through },
    ...removed.map(({ id }) => ({ type: 'passkey.removed' as const, account, passkey: passkeyId.parse(id), by: 'holder' as const })),
    ...restored.map(({ id }) => ({ type: 'passkey.restored' as const, account, passkey: passkeyId.parse(id) })),
  ])
  return 'cancelled'
}

/** See `mayObject`, in the act itself; and nobody has removed it but whoever came back with a code. */
async function mayObjectWith(db: Db, account: AccountId, { shown, since }: { shown: PasskeyId; since: Date }): Promise<boolean> {
  const row = await db.first(sql`
    select 1 as there from passkey where id = ${shown} and account_id = ${account} and not (recovered and created_at > ${since})
      and (removed_at is null or (set_aside and removed_at > ${since}))`)
  return row !== undefined
}

/** They sign in no more; only `cancel` brings them back. */
async function setAside(db: Db, account: AccountId, { but, at }: { but: PasskeyId; at: Date }): Promise<readonly PasskeyId[]> {
  const rows = await db.rows(sql<{ id: string }>`
    update passkey set removed_at = ${at}, set_aside = true where account_id = ${account} and removed_at is null and id <> ${but} returning id`)
  return rows.map(({ id }) => passkeyId.parse(id))
}

/** Undoes a recovery. */
class Undone extends Error {
  readonly why: 'taken' | 'over'
  constructor(why: 'taken' | 'over') {
    super(why)
    this.why = why
  }
}
