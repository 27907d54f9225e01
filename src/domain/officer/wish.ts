import type { AccountId } from '#kernel/id.ts'
import { canonical } from '#kernel/canonical.ts'
import { inForce, roleFault, roleWanted, type RoleGrant, type RoleWanted } from './role.ts'

/** The columns of a file of officers (docs/administration.md); those that a role does not need stay empty. */
export const officerColumns = ['number', 'role', 'sector', 'ends_on', 'desk', 'commune', 'badge', 'from', 'until', 'days'] as const
export type OfficerColumn = (typeof officerColumns)[number]
export type OfficerCells = Readonly<Partial<Record<OfficerColumn, string>>>

export type RowFault = { column: OfficerColumn; code: string }

/** One row as a role that may be proposed, or everything that is wrong with it; `account` is nothing where the number has none. */
export function roleOfRow(cells: OfficerCells, account: AccountId | undefined, now: Date): { wanted: RoleWanted } | { faults: readonly RowFault[] } {
  const { number: _number, role, sector, ends_on: endsOn, days, badge, ...post } = cells
  const hasPost = [days, badge, ...Object.values(post)].some((cell) => cell !== undefined && cell !== '')
  const read = roleWanted.safeParse({
    account, role, ends_on: endsOn, ...(sector && { sector }),
    ...(hasPost && { post: { ...post, days: Number(days), ...(badge && { badge }) } }),
  })
  if (!read.success) return { faults: unique(read.error.issues.map(({ path }) => faultAt(path))) }
  const fault = roleFault(read.data, now)
  return fault === undefined ? { wanted: read.data } : { faults: [{ column: columnOf(fault), code: fault }] }
}

function faultAt(path: readonly PropertyKey[]): RowFault {
  if (path[0] === 'account') return { column: 'number', code: 'no-account' }
  const name = String(path.at(-1))
  return { column: officerColumns.find((column) => column === name) ?? 'desk', code: 'not-valid' }
}

const columnOf = (fault: string): OfficerColumn => (fault.startsWith('sector') ? 'sector' : fault.startsWith('post') ? 'desk' : 'ends_on')

function unique(faults: readonly RowFault[]): readonly RowFault[] {
  return [...new Map(faults.map((fault) => [`${fault.column} ${fault.code}`, fault])).values()]
}

/** Whether somebody has just this role already, until that day or a later one. */
export function isHeld(wanted: RoleWanted, grants: readonly RoleGrant[], now: Date): boolean {
  return grants.some((grant) => inForce(grant, now) && grant.endsOn >= wanted.ends_on && shape(grant) === shape(wanted))
}

const shape = ({ role, sector, post }: Pick<RoleGrant, 'role' | 'sector' | 'post'>): string => canonical([role, sector ?? null, post === undefined ? null : { ...post, badge: post.badge ?? null }])
