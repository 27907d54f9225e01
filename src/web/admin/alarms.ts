import type { AlarmStore } from '#domain/audit/alarm.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may } from '#domain/officer/permission.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { UndeliveredStore } from '#domain/signal/undelivered.ts'
import type { AlarmShown, AlarmsShown } from '#web/views/admin/alarms.ts'
import { nameOf } from './officer.ts'

export type AlarmTools = Parameters<typeof nameOf>[0] & { alarms: Pick<AlarmStore, 'since'>; officers: Pick<OfficerStore, 'list'>; undelivered: Pick<UndeliveredStore, 'list'> }

const shownFor = 30 * 86_400_000
const mostShown = 20

/** The alarms of late, and how many letters reached nobody, for whoever reads the log of record. A citizen at our doors is not named. */
export async function alarmsFor(tools: AlarmTools, { roles }: Officer, now: Date): Promise<AlarmsShown> {
  if (!may(roles, 'audit.read', {}, now)) return { alarms: [], unsent: 0 }
  const [alarms, grants, undelivered] = await Promise.all([tools.alarms.since(new Date(now.getTime() - shownFor), mostShown), tools.officers.list(), tools.undelivered.list()])
  const officers = new Set<string>(grants.map(({ account }) => account))
  const shown = alarms.map(async ({ kind, by, at }): Promise<AlarmShown> => ({
    kind, at, by: by === 'operator' ? 'operator' : by === 'clock' ? 'clock' : officers.has(by) ? { account: by, name: await nameOf(tools, by) } : 'nobody in office',
  }))
  return { alarms: await Promise.all(shown), unsent: undelivered.filter(({ kind }) => kind === 'letter' || kind === 'contact-letter').length }
}
