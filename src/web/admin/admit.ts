import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { staffJustNow, suffices, type Floor } from '#domain/assurance/floor.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { isProven, mustMay } from '#domain/officer/officer.ts'
import type { Permission } from '#domain/officer/permission.ts'
import type { Offices } from '#domain/officer/store.ts'
import { entrance } from '#web/account/entrance.ts'
import { consolePlaces } from '#web/place/console.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'
import type { Answer, Route, Who } from '#web/route.ts'
import { confirmAgainPage } from '#web/views/admin/confirm-again.ts'

type Tools = {
  issuer: string
  offices: Offices
  accounts: Pick<AccountStore, 'find'>
  audit: AuditLog
  clock: Clock
  /** Whether officers need a key in attested hardware, and an account of level 2. */
  attestedStaff: boolean
} & Parameters<typeof viewOf>[0]

function isOfficers(who: Who): who is Permission {
  return who !== 'anyone' && who !== 'citizen'
}

/** What somebody who is not signed in is asked for at once, so that an officer unlocks one key and not two after each other. */
export function askedAtTheDoor({ attestedStaff }: Pick<Tools, 'attestedStaff'>, who: Who): Floor | undefined {
  const { level, resistance } = staffJustNow
  return isOfficers(who) && attestedStaff ? { level, resistance } : undefined
}

/**
 * Admits whoever has the permission on anything at all; on what, the route says. Roles are read each time, so that one which was ended
 * is over at once, on every node (A05), and count only where two people gave them (A01). Who has to show more is asked for that first; what they had typed is kept.
 */
export async function admitOfficer(tools: Tools, { who, route, signs, upload }: Pick<Route<never>, 'who' | 'route' | 'signs' | 'upload'>, { visit, typed }: { visit: Visit; typed: Record<string, unknown> }): Promise<Answer | undefined> {
  if (!isOfficers(who)) return undefined
  const { citizen } = visit
  if (citizen === undefined) throw new Problem('internal')
  const officer = { account: citizen.account, roles: await tools.offices.of(citizen.account) }
  await mustMay(tools, officer, who, 'list')
  if (tools.attestedStaff && !(await isProven(tools, officer.account))) {
    await tools.audit.append({ type: 'officer.refused', by: officer.account, permission: who, reason: 'level-1' })
    throw new Problem('officer.level')
  }
  const changes = route.startsWith('POST') && !signs && upload === undefined
  const { level, resistance, within } = staffJustNow
  const floor: Floor = { level, ...(tools.attestedStaff && { resistance }), ...(changes && { within }) }
  visit.officer = officer
  if (suffices(citizen.evidence, floor, epochSeconds(tools.clock.now()))) return undefined
  const door = (path: string) => entrance(tools.issuer, path, floor)
  return changes ? { page: confirmAgainPage(viewOf(tools, visit), { action: visit.path, typed, door: door(consolePlaces.confirmed) }), status: 403 } : { redirect: door(visit.path) }
}
