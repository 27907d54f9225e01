import type { LostReports } from '#domain/account/lost.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { insertEvents } from './audit.ts'
import type { Db } from './db.ts'

export const lostReports = (db: Db): LostReports => ({
  put: (account, { event, at, byCode = false }) => db.transaction(async (tx) => {
    await insertEvents(tx, [event], at)
    await enqueue(tx, [{ signal: { kind: 'lost', account, byCode } }])
  }),
})
