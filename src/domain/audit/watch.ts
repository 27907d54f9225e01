import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { AccountId } from '#kernel/id.ts'
import { rulesOn, type Alarm, type AlarmRule, type AlarmStore } from './alarm.ts'
import type { AuditLog } from './event.ts'
import type { AuditTrail } from './trail.ts'

type Tools = {
  audit: AuditLog
  trail: Pick<AuditTrail, 'count'>
  alarms: Pick<AlarmStore, 'raise'>
  log: Log
  clock: Clock
}

/** The log of record, with an eye on what officers do: an alarm stands there before the answer that it is about leaves (A04). */
export function watched(tools: Tools): AuditLog {
  return {
    async append(...events) {
      await tools.audit.append(...events)
      for (const event of events) {
        const watch = rulesOn(event)
        for (const rule of watch?.rules ?? []) if (watch && (await broken(tools, rule, watch.by))) await raise(tools, { kind: rule.kind, by: watch.by, at: tools.clock.now() })
      }
    },
  }
}

async function broken({ trail, clock }: Tools, { type, reason, most, seconds }: AlarmRule, by: AccountId): Promise<boolean> {
  if (most === 0) return true
  return (await trail.count({ by, type, reason, since: new Date(clock.now().getTime() - seconds * 1000) })) > most
}

async function raise(tools: Tools, alarm: Alarm): Promise<void> {
  if (await tools.alarms.raise(alarm)) tools.log.error({ kind: alarm.kind, by: alarm.by }, 'alarm')
}
