import type { AlarmStore } from '#domain/audit/alarm.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import type { AlarmShown } from '#web/views/admin/alarms.ts'
import { nameOf } from './officer.ts'

export type AlarmTools = Parameters<typeof nameOf>[0] & { alarms: Pick<AlarmStore, 'since'> }

const shownFor = 30 * 86_400_000
const mostShown = 20

/** The alarms of late, for whoever reads the log of record. */
export async function alarmsFor(tools: AlarmTools, { roles }: Officer, now: Date): Promise<readonly AlarmShown[]> {
  if (!may(roles, 'audit.read', {}, now)) return []
  const alarms = await tools.alarms.since(new Date(now.getTime() - shownFor), mostShown)
  return Promise.all(alarms.map(async (alarm) => ({ ...alarm, who: alarm.by === 'operator' ? '' : await nameOf(tools, alarm.by) })))
}
