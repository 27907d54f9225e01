import { lookUpId, newId, type AccountId, type LookUpId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import type { LookUpGround } from './case.ts'
import type { AuditLog } from './event.ts'
import type { OfficerRefusal } from './officer.ts'
import type { AuditTrail, LookUp } from './trail.ts'

type Tools = { audit: AuditLog; limits: Pick<Limits, 'spend'>; clock: Clock }

/** `account` is nothing where nobody is known by the number that was typed: it is looked up all the same. */
export type Asked = { account: AccountId | undefined; case: string; ground: LookUpGround }

/**
 * Looks a citizen up in the log of record: in a case, so many times an hour, and on record before anything is shown (A04). The record is
 * what lets its officer read on. Throws `limit.exceeded`, and `audit.own` for one's own record.
 */
export async function lookUp(tools: Tools, { account: by, roles }: Officer, { account, case: number, ground }: Asked): Promise<LookUpId> {
  const refuse = (reason: OfficerRefusal) => tools.audit.append({ type: 'officer.refused', by, permission: 'audit.read', reason })
  try {
    await tools.limits.spend('look-ups-per-officer', by)
  } catch (error) {
    if (error instanceof Problem && error.code === 'limit.exceeded') await refuse('too-many')
    throw error
  }
  if (account === by) {
    await refuse('own-record')
    throw new Problem('audit.own')
  }
  const now = tools.clock.now()
  const role = roles.find((grant) => may([grant], 'audit.read', {}, now))?.role
  if (role === undefined) throw new Problem('officer.not-allowed')
  const lookup = lookUpId.parse(newId(now.getTime()))
  await tools.audit.append({ type: 'audit.looked-up', lookup, by, role, ...(account && { account }), case: number, ground })
  return lookup
}

/** How long its officer may read on under one look-up. */
const readSeconds = 3600

export function readableUntil({ at }: Pick<LookUp, 'at'>): Date {
  return new Date(at.getTime() + readSeconds * 1000)
}

/** A look-up of this officer that is not over; nobody reads on under that of another. Throws `request.not-found`. */
export async function lookedUp({ trail, clock }: { trail: Pick<AuditTrail, 'lookUp'>; clock: Clock }, { account: by }: Officer, id: LookUpId): Promise<LookUp> {
  const found = await trail.lookUp(id, { by, since: new Date(clock.now().getTime() - readSeconds * 1000) })
  if (found === undefined) throw new Problem('request.not-found')
  return found
}
