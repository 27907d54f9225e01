import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { throughOf, type Officer } from '#domain/officer/officer.ts'
import { roleFor } from '#domain/officer/permission.ts'
import type { Client } from './client.ts'
import type { ClientStore } from './store.ts'

type Tools = { audit: AuditLog; clock: Clock; limits: Pick<Limits, 'spend'>; clientStore: Pick<ClientStore, 'suspend'> }

/**
 * One person stops a live client at once: harm must not wait for a second. So many an hour, by whichever way they come: one that is stopped is soon
 * back, all of them would be an outage that two people have to undo one by one. Throws `officer.not-allowed`, `proposal.stale` for one that is
 * not live, `limit.exceeded`.
 */
export async function suspendNow(tools: Tools, officer: Officer, client: Client, reason: string): Promise<void> {
  const at = tools.clock.now()
  const role = roleFor(officer.roles, 'client.suspend', { sector: client.own.sector }, at)
  if (client.state !== undefined) throw new Problem('proposal.stale')
  await spend(tools, officer)
  const event = { type: 'client.suspended', client: client.id, by: officer.account, reason, ...throughOf(officer) } as const
  if (!(await tools.clientStore.suspend(client.id, { by: { role }, at, event }))) throw new Problem('proposal.stale')
}

/** Who has used it up is on record, and that is an alarm (A04). */
async function spend({ limits, audit }: Tools, officer: Officer): Promise<void> {
  try {
    await limits.spend('suspensions-per-officer', officer.account)
  } catch (error) {
    const over = error instanceof Problem && error.code === 'limit.exceeded'
    if (over) await audit.append({ type: 'officer.refused', by: officer.account, permission: 'client.suspend', reason: 'too-many-suspensions', ...throughOf(officer) })
    throw error
  }
}
