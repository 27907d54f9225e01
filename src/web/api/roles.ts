import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { inForce } from '#domain/officer/role.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import { endpoint } from './endpoint.ts'
import { listOf, partAsked, partOf } from './page-of.ts'

type Tools = { audit: AuditLog; clock: Clock; officers: Pick<OfficerStore, 'list'> }

const shown = z.strictObject({
  id: z.string(),
  account: z.string(),
  role: z.string(),
  sector: z.string().optional(),
  since: z.iso.datetime(),
  ends_on: z.iso.date(),
  in_force: z.boolean(),
})
const nothing = z.strictObject({})

export const listRoles = endpoint({
  endpoint: 'GET /roles',
  summary: 'Who has or had which role',
  scope: 'roles.read',
  on: 'system',
  path: nothing,
  query: partAsked,
  body: nothing,
  answer: { name: 'Roles', schema: listOf(shown) },
  async act({ officers, clock }: Tools, _caller, { query }) {
    const now = clock.now()
    const all = (await officers.list()).map(({ id, account, role, sector, since, endsOn, endedAt }) => ({
      id, account, role, ...(sector !== undefined && { sector }), since: since.toISOString(), ends_on: endsOn, in_force: inForce({ endsOn, endedAt }, now),
    }))
    return partOf(all.toSorted((one, other) => (one.id < other.id ? -1 : 1)), ({ id }) => id, query)
  },
})
