import { sql } from 'kysely'
import { problemCodes } from '#kernel/problem.ts'
import type { ToldProblem, ToldProblemStore } from '#domain/audit/told-problem.ts'
import type { Db } from './db.ts'

type Row = { reference: string; at: Date; problem: string; place: string; client_id: string | null; error: string | null }

export const toldProblems = (db: Db): ToldProblemStore => ({
  async add(told) {
    if (told.length === 0) return
    const rows = told.map(({ reference, at, problem, place, client, error }) => sql`(${reference}, ${at}, ${problem}, ${place}, ${client ?? null}, ${error ?? null})`)
    await db.change(sql`insert into told_problem (reference, at, problem, place, client_id, error) values ${sql.join(rows)} on conflict do nothing`)
  },

  async find(reference) {
    const row = await db.first(sql<Row>`select reference, at, problem, place, client_id, error from told_problem where reference = ${reference}`)
    return row && toTold(row)
  },

  /** A thousand at a time: one statement has 700 milliseconds. */
  async sweep(before) {
    for (;;) {
      const swept = await db.change(sql`delete from told_problem where reference in (select reference from told_problem where at < ${before} limit 1000)`)
      if (swept < 1000) return
    }
  },
})

function toTold({ reference, at, problem, place, client_id: client, error }: Row): ToldProblem {
  // An older release may have told of something that this one calls otherwise.
  const code = problemCodes.find((one) => one === problem) ?? 'internal'
  return { reference, at, problem: code, place, ...(client !== null && { client }), ...(error !== null && { error }) }
}
