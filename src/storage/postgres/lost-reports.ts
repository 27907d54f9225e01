import type { LostReports } from '#domain/account/lost.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { lockAsLost } from './account-moves.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'
import { cancelRecovery } from './recovery.ts'

/** The account is held by the second statement already, before anything of it changes, like everywhere. */
export const lostReports = (db: Db, rules: () => Pick<RecoveryRules, 'holdHours'>): LostReports => ({
  put: (account, { event, at, byCode = false }) => db.transaction(async (tx) => {
    await insertEvents(tx, [event], at)
    await cancelRecovery(tx, account, { at, holdHours: rules().holdHours, through: 'reference' })
    await lockAsLost(tx, account, { at, byCode })
    await enqueue(tx, [{ signal: { kind: 'lost', account, at: at.toISOString(), byCode } }])
  }),
})
