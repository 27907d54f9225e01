import { sql, type RawBuilder } from 'kysely'
import { z } from 'zod'
import type { Database, Db } from '#storage/postgres/db.ts'

/** One step of what PostgreSQL does for a statement (`explain (format json)`), with the steps it rests on. */
export type Step = { does: string; table: string | undefined; index: string | undefined; steps: readonly Step[] }

const planShape = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Index Name': z.string().optional(),
  get Plans() {
    return z.array(planShape).optional()
  },
})

type PlanShape = z.output<typeof planShape>

const explainedShape = z.object({ 'Plan': planShape, 'Execution Time': z.number().optional(), 'Planning Time': z.number().optional() })

const stepOf = (plan: PlanShape): Step =>
  ({ does: plan['Node Type'], table: plan['Relation Name'], index: plan['Index Name'], steps: (plan.Plans ?? []).map(stepOf) })

/** A plan as PostgreSQL writes it into its log (`auto_explain`). */
export function planIn(text: string): Step {
  return stepOf(explainedShape.parse(JSON.parse(text)).Plan)
}

export const everyStep = (step: Step): readonly Step[] => [step, ...step.steps.flatMap(everyStep)]

/** Tables that are read from one end to the other. */
export function readWhole(step: Step): readonly string[] {
  return everyStep(step).flatMap(({ does, table }) => (does.endsWith('Seq Scan') && table !== undefined ? [table] : []))
}

export const indexesIn = (step: Step): readonly string[] => everyStep(step).flatMap(({ index }) => index ?? [])

/** A statement that was asked, and how it was answered. With `measured` it ran twice: the times are of the first. */
export type Explained = { text: string; plan: Step; planning: number; execution: number }

/** The same database, which says of each statement how it will be answered before it is. `measured`: runs it for that, so that it must change nothing. */
export function explaining(database: Database, say: (one: Explained) => void, { measured = false } = {}): Db {
  const how = measured ? sql`explain (analyze, format json)` : sql`explain (format json)`
  const over = (db: Db): Db => {
    const explain = async (statement: RawBuilder<unknown>) => {
      const row = await db.first(sql<{ 'QUERY PLAN': unknown }>`${how} ${statement}`)
      const told = row?.['QUERY PLAN']
      const [first] = z.tuple([explainedShape]).parse(typeof told === 'string' ? JSON.parse(told) : told)
      const text = statement.compile(database.kysely).sql.replaceAll(/\s+/g, ' ').trim()
      say({ text, plan: stepOf(first.Plan), planning: first['Planning Time'] ?? 0, execution: first['Execution Time'] ?? 0 })
    }
    return {
      ...db,
      rows: async (statement) => {
        await explain(statement)
        return db.rows(statement)
      },
      first: async (statement) => {
        await explain(statement)
        return db.first(statement)
      },
      change: async (statement) => {
        await explain(statement)
        return db.change(statement)
      },
      transaction: (work) => db.transaction((tx) => work(over(tx))),
    }
  }
  return over(database)
}
