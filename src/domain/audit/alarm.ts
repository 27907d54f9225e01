import type { AccountId } from '#kernel/id.ts'
import { may, type Permission } from '#domain/officer/permission.ts'
import { inForce, type RoleGrant } from '#domain/officer/role.ts'
import type { AuditEvent } from './event.ts'
import type { OfficerRefusal } from './officer.ts'
import type { AlarmKind } from './oversight.ts'

/** `clock`: nobody did anything, and that is the matter. */
export type Alarm = { kind: AlarmKind; by: AccountId | 'operator' | 'clock'; at: Date }

/** Alarms stand there by the events that they are (`watch.ts`); nobody raises one by hand. */
export type AlarmStore = {
  /** Newest first. */
  since: (at: Date, most: number) => Promise<readonly Alarm[]>
}

type Reason<Type extends AuditEvent['type']> = Extract<AuditEvent, { type: Type; reason: string }>['reason']

/** What an officer may cause before it is an alarm: `most` within so many seconds. */
export type AlarmRule = { kind: AlarmKind; type: Watched['type']; reason?: OfficerRefusal | Reason<'desk.unusual' | 'key.aged'>; most: number; seconds: number }

/** Events that are alarms, or that an officer causes and that are counted. */
export type Watched = Extract<AuditEvent, { type: 'audit.looked-up' | 'officer.refused' | 'client.suspended' | 'break-glass.used' | 'break-glass.refused' | 'break-glass.drilled' | 'connection.overdue' | 'key.aged' | 'proposal.altered' | 'desk.code-made' | 'desk.unusual' | 'desk.denied' | 'desk.overdue' | 'desk.chip-forged' | 'clock.off' }>

/**
 * What an insider cannot avoid doing (A04). The limit of look-ups stops the 61st, that of suspensions the sixth, and that is an alarm; should its
 * counters be lost, the log of record still has them. A slip of the hand is refused once or twice. No page has a button for one's own proposal, and a key signs
 * anew each time that a button is pressed: whoever gives either once had it made. The first officers come with an alarm of their own (`OfficerStore.bootstrap`).
 */
export const alarmRules: readonly AlarmRule[] = [
  { kind: 'look-ups', type: 'officer.refused', reason: 'too-many', most: 0, seconds: 3600 },
  { kind: 'look-ups', type: 'audit.looked-up', most: 60, seconds: 3600 },
  { kind: 'exports', type: 'officer.refused', reason: 'too-many-exports', most: 0, seconds: 3600 },
  { kind: 'suspensions', type: 'officer.refused', reason: 'too-many-suspensions', most: 0, seconds: 3600 },
  { kind: 'suspensions', type: 'client.suspended', most: 5, seconds: 3600 },
  { kind: 'refusals', type: 'officer.refused', most: 4, seconds: 600 },
  { kind: 'wrong-signature', type: 'officer.refused', reason: 'wrong-signature', most: 0, seconds: 600 },
  { kind: 'own-proposal', type: 'officer.refused', reason: 'own-proposal', most: 0, seconds: 600 },
  { kind: 'replayed', type: 'officer.refused', reason: 'replayed', most: 0, seconds: 600 },
  { kind: 'altered', type: 'proposal.altered', most: 0, seconds: 3600 },
  { kind: 'break-glass', type: 'break-glass.used', most: 0, seconds: 3600 },
  { kind: 'break-glass', type: 'break-glass.refused', most: 0, seconds: 3600 },
  { kind: 'desk-codes', type: 'desk.code-made', most: 30, seconds: 3600 },
  { kind: 'desk-nights', type: 'desk.unusual', reason: 'night', most: 0, seconds: 3600 },
  { kind: 'desk-relatives', type: 'desk.unusual', reason: 'relative', most: 0, seconds: 3600 },
  { kind: 'desk-denials', type: 'desk.denied', most: 2, seconds: 3600 },
  { kind: 'desk-chips', type: 'desk.chip-forged', most: 0, seconds: 3600 },
  { kind: 'drill', type: 'break-glass.drilled', most: 0, seconds: 3600 },
  { kind: 'overdue', type: 'connection.overdue', most: 0, seconds: 3600 },
  { kind: 'key-due', type: 'key.aged', reason: 'due', most: 0, seconds: 3600 },
  { kind: 'key-old', type: 'key.aged', reason: 'too-old', most: 0, seconds: 3600 },
  { kind: 'desk-overdue', type: 'desk.overdue', most: 0, seconds: 3600 },
  { kind: 'clock', type: 'clock.off', most: 0, seconds: 3600 },
]

/** The rules that an event may break, and whoever caused it. */
export function rulesOn(event: AuditEvent): { by: Alarm['by']; rules: readonly AlarmRule[] } | undefined {
  if (!isWatched(event)) return undefined
  const why = 'reason' in event ? event.reason : undefined
  return { by: event.by, rules: alarmRules.filter(({ type, reason }) => type === event.type && (reason === undefined || reason === why)) }
}

function isWatched(event: AuditEvent): event is Watched {
  return alarmRules.some(({ type }) => type === event.type)
}

/** Of these those who decide most hear too. */
const emergency: ReadonlySet<AlarmKind> = new Set<AlarmKind>(['break-glass', 'drill', 'altered'])

/** And of these whoever may do something about it. */
const remedies: Partial<Record<AlarmKind, Permission>> = { overdue: 'connection.review', 'key-due': 'key.propose', 'key-old': 'key.propose' }

/**
 * Who is written of an alarm: whoever reads the log of record, without whoever caused it, and of what is overdue whoever may do it. Where that is nobody the super admins are, and where
 * those are nobody either whoever else holds an office: an insider who is the only auditor does not keep it to themself (A04).
 */
export function concerned({ kind, by, at }: Alarm, grants: readonly RoleGrant[]): readonly AccountId[] {
  const others = grants.filter((grant) => grant.account !== by && inForce(grant, at))
  const decides = ({ role }: RoleGrant) => role === 'super-admin'
  const remedy = remedies[kind]
  const hears = (grant: RoleGrant) => may([grant], 'audit.read', {}, at) || (emergency.has(kind) && decides(grant)) || (remedy !== undefined && may([grant], remedy, {}, at))
  const circles = [others.filter(hears), others.filter(decides), others]
  return [...new Set(circles.find((circle) => circle.length > 0)?.map(({ account }) => account))]
}
