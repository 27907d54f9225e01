import { sql } from 'kysely'
import { z } from 'zod'
import { clientId } from '#kernel/id.ts'
import { longestMinutes, result, type ReportStore } from '#domain/self-test/report.ts'
import type { Db } from '#storage/postgres/db.ts'

type Row = { client_id: string; started_at: Date; finished_at: Date | null; addresses: unknown; results: unknown }

const addressesShape = z.strictObject({ initiate: z.string(), logout: z.string().optional() })

export const selfTestReports = (db: Db): ReportStore => ({
  async begin(client, addresses, at) {
    const dead = new Date(at.getTime() - longestMinutes * 60_000)
    const begun = await db.change(sql`
      insert into self_test as one (client_id, started_at, addresses) values (${client}, ${at}, ${JSON.stringify(addresses)}::jsonb)
      on conflict (client_id) do update set started_at = excluded.started_at, addresses = excluded.addresses, finished_at = null, results = '[]'
      where one.finished_at is not null or one.started_at < ${dead}`)
    return begun === 1
  },
  async note({ client, startedAt, finishedAt, results }) {
    await db.change(sql`
      update self_test set results = ${JSON.stringify(results)}::jsonb, finished_at = ${finishedAt ?? null}
      where client_id = ${client} and started_at = ${startedAt} and finished_at is null`)
  },
  async latest(client) {
    const row = await db.first(sql<Row>`select client_id, started_at, finished_at, addresses, results from self_test where client_id = ${client}`)
    return row && {
      client: clientId.parse(row.client_id), startedAt: row.started_at, finishedAt: row.finished_at ?? undefined,
      addresses: addressesShape.parse(row.addresses), results: z.array(result).parse(row.results),
    }
  },
})
