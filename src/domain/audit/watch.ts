import { rulesOn, type Alarm, type AlarmRule } from './alarm.ts'
import type { AuditEvent } from './event.ts'
import type { AuditTrail } from './trail.ts'

type Counting = Pick<AuditTrail, 'count'>

/**
 * Which alarms these events are, now that they stand in the log (A04). It is asked of every event, in the transaction that writes it, so that no
 * way of writing one leads around it and an alarm stands there before the answer that it is about leaves. Transactions that run at the same
 * moment do not see each other's events; the next event does.
 */
export async function alarmsIn(tools: Counting, events: readonly AuditEvent[], at: Date): Promise<readonly Alarm[]> {
  const alarms: Alarm[] = []
  for (const event of events) {
    const watch = rulesOn(event)
    for (const rule of watch?.rules ?? []) if (watch && (await broken(tools, rule, { by: watch.by, at }))) alarms.push({ kind: rule.kind, by: watch.by, at })
  }
  return alarms
}

async function broken({ count }: Counting, { type, reason, most, seconds }: AlarmRule, { by, at }: Pick<Alarm, 'by' | 'at'>): Promise<boolean> {
  if (most === 0) return true
  // What operators do at the command line is an alarm or is none: they are not counted, for nobody knows which of them it was.
  return by !== 'operator' && by !== 'clock' && (await count({ by, type, reason, since: new Date(at.getTime() - seconds * 1000) })) > most
}
