import type { AccountId, Sector } from '#kernel/id.ts'
import type { Slice, Sliced } from '#kernel/slice.ts'
import type { Officer } from '#domain/officer/officer.ts'
import { may, reach } from '#domain/officer/permission.ts'
import type { Act } from './change.ts'
import type { Proposal } from './proposal.ts'

/** What one officer may read: their own, and what their roles reach. A client belongs to its sector, everything else to the whole system. */
export type ProposalReader = { account: AccountId; clients: 'all' | readonly Sector[]; roles: boolean; keys: boolean; breakGlass: boolean; doubts: boolean }

export function readerAs({ account, roles }: Officer, now: Date): ProposalReader {
  const ofSystem = (permission: 'role.read' | 'key.read' | 'break-glass.read' | 'doubt.read') => may(roles, permission, {}, now)
  return { account, clients: reach(roles, 'client.read', now), roles: ofSystem('role.read'), keys: ofSystem('key.read'), breakGlass: ofSystem('break-glass.read'), doubts: ofSystem('doubt.read') }
}

/** `decided` is whatever does not wait. */
export const proposalStates = ['waiting', 'decided', 'approved', 'returned', 'withdrawn'] as const
export type ProposalState = (typeof proposalStates)[number]

export const proposalOrders = ['newest', 'oldest', 'act', 'subject', 'decided'] as const

export type ProposalSearch = Slice & {
  /** Nothing else is found or counted. */
  reader: ProposalReader
  state: ProposalState
  act?: Act | undefined
  /** Part of the id of what it is about. */
  subject?: string | undefined
  order: (typeof proposalOrders)[number]
}

export type ProposalDirectory = { search: (wish: ProposalSearch) => Promise<Sliced<Proposal>> }
