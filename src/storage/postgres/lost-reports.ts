import { sql } from 'kysely'
import { nobody, type LostReports } from '#domain/account/lost.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import type { Sealer } from '#keys/seal.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { lockAsLost } from './account-moves.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { cancelRecovery, spendCode } from './recovery.ts'

/** The account is held first, before anything of it changes, like everywhere. The same statements whosever it is, and nobody's (W10). */
export const lostReports = (db: Db, sealer: Pick<Sealer, 'index'>, rules: () => Pick<RecoveryRules, 'holdHours'>): LostReports => ({
  put: ({ whose, account, borne, code, at }) => db.transaction(async (tx) => {
    await tx.first(sql`select id from account where id = ${whose} for update`)
    const spent = await spendCode(tx, sealer, { account: whose, code, at })
    const closes = borne || spent ? whose : nobody.account
    await insertEvents(tx, [closes === nobody.account ? { type: 'lost.refused', ...(account && { account }) } : { type: 'lost.reported', account: closes }], at)
    await cancelRecovery(tx, closes, { at, holdHours: rules().holdHours, through: 'reference' })
    await lockAsLost(tx, closes, { at, byCode: !borne })
    await enqueue(tx, [{ signal: { kind: 'lost', account: closes, at: at.toISOString(), byCode: !borne } }])
  }),
})
