import { PgBoss, type ConstructorOptions, type Db as BossDb } from 'pg-boss'
import type { Db } from '#storage/postgres/db.ts'

/** pg-boss keeps its tables in a schema of their own. */
export const schema = 'job'

/** Where signals wait, where those end that could not be delivered, and what is done at its hour. */
export const queues = { signals: 'signal', undelivered: 'undelivered', chores: 'chore' } as const

/** pg-boss speaks through our door: its deadlines, its transactions, either engine, and no connection of its own (no LISTEN). */
export function throughOur(db: Pick<Db, 'foreign'>): BossDb {
  return { executeSql: (text, values) => db.foreign(text, values) }
}

/**
 * A pg-boss over this door. It does nothing by itself until it is started: what only puts jobs in or looks at them is made for
 * that and thrown away, and costs one look at the queue.
 */
export function makeBoss(db: Pick<Db, 'foreign'>, options: ConstructorOptions = {}): PgBoss {
  return new PgBoss({
    db: throughOur(db),
    schema,
    registerInstance: false,
    openTelemetry: { enabled: false },
    // Both want statements that outlast our deadlines; the tables stay small, and autovacuum sees to them.
    reindex: false,
    monitorVacuum: false,
    ...options,
  })
}
