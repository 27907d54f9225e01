import { z } from 'zod'
import { accountId, sector, type AccountId, type ProposalId, type Sector } from '#kernel/id.ts'
import { dayInVietnam, type Day } from '#kernel/clock.ts'
import { post, type Post } from './post.ts'

/** Whoever works for the system is an officer; what they may do hangs on their roles alone. */
export const roles = [
  'super-admin', 'client-admin', 'approver', 'enrolment-officer', 'officer-manager', 'registry-operator', 'auditor', 'support', 'analyst',
] as const
export type Role = (typeof roles)[number]

/** The role of one organisation: what it may do, it may do to clients of its own sector. */
export const rolesOfSector: readonly Role[] = ['client-admin']

/** The role that works at a desk: without a post it does nothing. */
export const rolesOfPost: readonly Role[] = ['enrolment-officer']

/** No role lasts for ever: whoever still needs it after a year is asked for again. */
export const longestDays = 366

/** A role as it is asked for. `ends_on` is its last day. */
export const roleWanted = z.strictObject({
  account: accountId,
  role: z.enum(roles),
  sector: sector.optional(),
  post: post.optional(),
  ends_on: z.iso.date(),
})
export type RoleWanted = z.infer<typeof roleWanted>

export type RoleGrant = { id: string; account: AccountId; role: Role; sector?: Sector | undefined; post?: Post | undefined; since: Date; endsOn: Day; endedAt?: Date | undefined }

/**
 * A role with the approval that gave it; the first officers have none, for the operator made them. `mark` tells all that stands there of that approval, and of
 * the key that it names, from whatever else could.
 */
export type GivenRole = { grant: RoleGrant; by?: { proposal: ProposalId; mark: string } }

export function inForce({ endsOn, endedAt }: Pick<RoleGrant, 'endsOn' | 'endedAt'>, now: Date): boolean {
  return endedAt === undefined && dayInVietnam(now) <= endsOn
}

export type RoleFault = 'sector-missing' | 'sector-not-for-role' | 'post-missing' | 'post-not-for-role' | 'ends-in-the-past' | 'ends-too-late'

/** What is wrong with a wish for a role, or nothing. */
export function roleFault({ role, sector: of, post: at, ends_on: endsOn }: Omit<RoleWanted, 'account'>, now: Date): RoleFault | undefined {
  if (rolesOfSector.includes(role) !== (of !== undefined)) return of === undefined ? 'sector-missing' : 'sector-not-for-role'
  if (rolesOfPost.includes(role) !== (at !== undefined)) return at === undefined ? 'post-missing' : 'post-not-for-role'
  if (endsOn < dayInVietnam(now)) return 'ends-in-the-past'
  const latest = dayInVietnam(new Date(now.getTime() + longestDays * 86_400_000))
  return endsOn > latest ? 'ends-too-late' : undefined
}
