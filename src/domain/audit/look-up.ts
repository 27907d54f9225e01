import { lookUpId, newId, type AccountId, type LookUpId } from '#kernel/id.ts'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { LimitName, Limits } from '#domain/abuse/limits.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may, type Permission } from '#domain/officer/permission.ts'
import type { LookUpGround } from './case.ts'
import type { AuditLog } from './event.ts'
import type { OfficerRefusal } from './officer.ts'
import type { AuditTrail, LookUp } from './trail.ts'

type Tools = { audit: AuditLog; limits: Pick<Limits, 'spend'>; clock: Clock }

/** `account` is nothing where nobody is known by the number that was typed: it is looked up all the same. */
export type Asked = { account: AccountId | undefined; case: string; ground: LookUpGround; /** By which they may: that to read the log, where nothing is said. */ permission?: Permission }

/**
 * Looks a citizen up in the log of record: in a case, so many times an hour, and on record before anything is shown (A04). The record is
 * what lets its officer read on. Throws `limit.exceeded`, and `audit.own` for one's own record.
 */
export async function lookUp(tools: Tools, { account: by, roles }: Officer, { account, case: number, ground, permission = 'audit.read' }: Asked): Promise<LookUpId> {
  await spend(tools, by, { limit: 'look-ups-per-officer', permission })
  if (account === by) {
    await refuse(tools, by, { reason: 'own-record', permission })
    throw new Problem('audit.own')
  }
  const now = tools.clock.now()
  const role = roles.find((grant) => may([grant], permission, {}, now))?.role
  if (role === undefined) throw new Problem('officer.not-allowed')
  const lookup = lookUpId.parse(newId(now.getTime()))
  await tools.audit.append({ type: 'audit.looked-up', lookup, by, role, ...(account && { account }), case: number, ground })
  return lookup
}

/** A table that leaves as a file: so many an hour, for nobody reads ten thousand rows ten times. Throws `limit.exceeded`. */
export const mayExport = (tools: Tools, { account }: Officer, permission: Permission = 'audit.read'): Promise<void> => spend(tools, account, { limit: 'exports-per-officer', permission })

const tooMany = { 'look-ups-per-officer': 'too-many', 'exports-per-officer': 'too-many-exports' } as const satisfies Partial<Record<LimitName, OfficerRefusal>>

/** Who has used it up is on record, and that is an alarm (A04). */
async function spend(tools: Tools, by: AccountId, { limit, permission }: { limit: keyof typeof tooMany; permission?: Permission }): Promise<void> {
  try {
    await tools.limits.spend(limit, by)
  } catch (error) {
    if (error instanceof Problem && error.code === 'limit.exceeded') await refuse(tools, by, { reason: tooMany[limit], permission })
    throw error
  }
}

function refuse({ audit }: Tools, by: AccountId, { reason, permission = 'audit.read' }: { reason: OfficerRefusal; permission?: Permission | undefined }): Promise<void> {
  return audit.append({ type: 'officer.refused', by, permission, reason })
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
