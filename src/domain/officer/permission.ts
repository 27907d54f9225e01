import type { Sector } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { inForce, type Role, type RoleGrant } from './role.ts'

/**
 * What may be done, and by which roles; what does not stand here nobody may do (A03). A route names one of these, and the matrix
 * page shows the table as it is.
 */
export const permissions = {
  'console.open': [
    'super-admin', 'client-admin', 'approver', 'enrolment-officer', 'officer-manager', 'registry-operator', 'auditor', 'support', 'analyst',
  ],
  'client.read': ['super-admin', 'client-admin', 'approver', 'auditor', 'support'],
  'client.propose': ['super-admin', 'client-admin'],
  'client.approve': ['super-admin', 'approver'],
  // A service that does harm is stopped by one person at once; only its return needs two.
  'client.suspend': ['super-admin', 'approver'],
  'connection.review': ['super-admin', 'client-admin'],
  'role.read': ['super-admin', 'approver', 'officer-manager', 'auditor'],
  // When somebody was last here, and with what key, is told to whoever answers for them (`overseenBy`).
  'officer.read': ['super-admin', 'officer-manager'],
  'role.propose': ['super-admin', 'officer-manager'],
  'role.approve': ['super-admin', 'approver'],
  'role.end': ['super-admin', 'officer-manager'],
  // Level 2 and lost passkeys, in person (Decree 69/2024 Art 10.2).
  'desk.work': ['enrolment-officer'],
  // What speaks against somebody's card ends by whoever stands above the desk, and never by one of those who have read it.
  'doubt.read': ['super-admin', 'officer-manager', 'auditor'],
  'doubt.propose': ['enrolment-officer'],
  'doubt.decide': ['super-admin', 'officer-manager'],
  // Accounts of organisations (Decree 69/2024 Art 12, 16); who has examined one does not issue it.
  'organisation.read': ['super-admin', 'approver', 'registry-operator', 'auditor'],
  'organisation.examine': ['super-admin', 'approver', 'registry-operator'],
  'organisation.issue': ['super-admin', 'approver'],
  'audit.read': ['auditor'],
  // Of the accounts of people that one organisation knows, that organisation asks.
  'link.read': ['client-admin'],
  'statistics.read': ['super-admin', 'client-admin', 'auditor', 'analyst'],
  'key.read': ['super-admin', 'approver', 'auditor'],
  'key.propose': ['super-admin'],
  'key.approve': ['super-admin', 'approver'],
  'break-glass.read': ['super-admin', 'approver', 'auditor'],
  'break-glass.propose': ['super-admin'],
  'break-glass.approve': ['super-admin', 'approver'],
  // It speaks to everybody, so few may; alone, for an outage does not wait.
  'banner.write': ['super-admin', 'officer-manager'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/** Whom something belongs to: the clients of one sector, or nobody in particular. */
export type Owned = { sector?: Sector | undefined }

/**
 * Whether these roles allow it (default deny). A role of one sector reaches what belongs to that sector and nothing else; `'list'` asks
 * whether it reaches anything at all, for a page that then shows just that (`reach`).
 */
export function may(grants: readonly RoleGrant[], permission: Permission, on: Owned | 'list', now: Date): boolean {
  const reached = reach(grants, permission, now)
  if (reached === 'all') return true
  return on === 'list' ? reached.length > 0 : on.sector !== undefined && reached.includes(on.sector)
}

/** The sectors that these roles reach with a permission. */
export function reach(grants: readonly RoleGrant[], permission: Permission, now: Date): 'all' | readonly Sector[] {
  const allowed: readonly Role[] = permissions[permission]
  const held = grants.filter((grant) => allowed.includes(grant.role) && inForce(grant, now))
  return held.some(({ sector }) => sector === undefined) ? 'all' : held.flatMap(({ sector }) => sector ?? [])
}

/** In which role somebody does what they may do; throws `officer.not-allowed` where in none. */
export function roleFor(grants: readonly RoleGrant[], permission: Permission, on: Owned, now: Date): Role {
  const grant = grants.find((one) => may([one], permission, on, now))
  if (grant === undefined) throw new Problem('officer.not-allowed')
  return grant.role
}
