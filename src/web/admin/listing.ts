import { z } from 'zod'
import type { Slice } from '#kernel/slice.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { mayExport } from '#domain/audit/look-up.ts'
import type { Table } from '#domain/audit/oversight.ts'
import type { Officer } from '#domain/officer/officer.ts'
import type { Permission } from '#domain/officer/permission.ts'
import { csv } from '#web/answer/csv.ts'
import type { Answer } from '#web/route.ts'

export const rowsPerPage = 50
export const mostInFile = 10_000

/** A form sends a field that was left empty too. */
export const typed = (longest: number) => z.string().trim().max(longest).transform((value) => (value === '' ? undefined : value)).optional()

/** One of a few, or whatever. */
export const oneOf = <Value extends string>(values: readonly Value[]) =>
  z.enum([...values, '']).transform((value) => values.find((one) => one === value)).optional()

/** What stands in the address of every table beside its filters: the order, the page, and whether it is wanted as a file. Garbage is refused. */
export const listed = <Order extends string>(orders: readonly Order[], first: NoInfer<Order>) => ({
  xep: z.enum(orders).optional().transform((order): Order => order ?? first),
  trang: z.string().regex(/^[1-9]\d{0,4}$/).default('1').transform(Number),
  dang: z.literal('csv').optional(),
})

export function sliceOf({ trang, dang }: { trang: number; dang?: 'csv' | undefined }): Slice {
  return dang === 'csv' ? { offset: 0, most: mostInFile } : { offset: (trang - 1) * rowsPerPage, most: rowsPerPage }
}

type Cell = string | number | undefined
type File = { table: Table; by: Permission; name: string; head: readonly string[]; rows: readonly (readonly Cell[])[] }

/** The table as a file: so many an hour, and on record before it leaves (A04). Throws `limit.exceeded`. */
export async function asFile(tools: Parameters<typeof mayExport>[0] & { audit: AuditLog }, officer: Officer, { table, by, name, head, rows }: File): Promise<Answer> {
  await mayExport(tools, officer, by)
  await tools.audit.append({ type: 'table.exported', table, by: officer.account, count: rows.length })
  return { download: { name: `${name}.csv`, type: 'text/csv', text: csv(head, rows) } }
}
