import { z } from 'zod'
import { accountId, type AccountId } from '#kernel/id.ts'
import { inForce, roles, roleWanted, type RoleGrant } from './role.ts'
import { isHeld, officerColumns, roleOfRow, type OfficerCells, type OfficerColumn } from './wish.ts'

/** So many roles are given and ended by one proposal: whoever decides reads them all. */
export const mostAtOnce = 200

/** A role in force that is to end, named with all that was read of it. */
export const roleToEnd = z.strictObject({ grant: z.uuid(), account: accountId, role: z.enum(roles) })
export type RoleToEnd = z.infer<typeof roleToEnd>

/** Everything that one proposal gives and ends. */
export const manyRoles = { grants: z.array(roleWanted).max(mostAtOnce), ends: z.array(roleToEnd).max(mostAtOnce) }
export type ManyRoles = { grants: z.infer<typeof roleWanted>[]; ends: RoleToEnd[] }

/** A file of officers, and in which of its rows a role is to end rather than to begin. */
export const manyColumns = [...officerColumns, 'end'] as const
export type ManyColumn = (typeof manyColumns)[number]
export type ManyCells = Readonly<Partial<Record<ManyColumn, string>>>
export type ManyFault = { column: ManyColumn; code: string }

type Known = { account: AccountId | undefined; /** Of that account. */ held: readonly RoleGrant[]; now: Date }
type Read = { grant: ManyRoles['grants'][number] } | { end: RoleToEnd } | { nothing: true } | { faults: readonly ManyFault[] }

/** One row: a role to give, one to end, or nothing where just that is in force already. */
export function roleOrEnd({ end, ...cells }: ManyCells, { account, held, now }: Known): Read {
  if (end !== undefined && end !== '') return ending(cells, { account, held, now })
  const read = roleOfRow(cells, account, now)
  if ('faults' in read) return read
  return isHeld(read.wanted, held, now) ? { nothing: true } : { grant: read.wanted }
}

/** The one role in force that the filled cells speak of. */
function ending({ role, sector, desk, commune }: OfficerCells, { account, held, now }: Known): Read {
  if (account === undefined) return { faults: [{ column: 'number', code: 'no-account' }] }
  const said = (cell: string | undefined, of: string | undefined) => cell === undefined || cell === '' || cell === of
  const meant = held.filter((grant) => inForce(grant, now) && grant.role === role && said(sector, grant.sector) && said(desk, grant.post?.desk) && said(commune, grant.post?.commune))
  const [one] = meant
  if (one === undefined) return { faults: [{ column: 'role', code: 'not-held' }] }
  return meant.length > 1 ? { faults: [{ column: 'end', code: 'several' }] } : { end: { grant: one.id, account, role: one.role } }
}

/** Which rows say the same as one before them. */
export function repeated(rows: readonly { line: number; cells: ManyCells }[]): readonly number[] {
  const of = ({ cells }: (typeof rows)[number]) => JSON.stringify(manyColumns.map((column: OfficerColumn | 'end') => cells[column] ?? ''))
  const seen = new Set<string>()
  return rows.flatMap((row) => (seen.size === seen.add(of(row)).size ? [row.line] : []))
}
