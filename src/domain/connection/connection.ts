import type { AccountId, ClientId, ConnectionId, ProposalId, Sector } from '#kernel/id.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { Report } from '#domain/self-test/report.ts'
import type { Checklist } from './checklist.ts'

/**
 * A developer's request to connect a client: `draft` → `submitted` → `returned` to do better, or `proposed` to a second person, whose yes
 * makes it `live`. Until it is proposed its owner may withdraw it. A proposal that comes to nothing leads back to `submitted`.
 */
export const connectionStates = ['draft', 'submitted', 'returned', 'proposed', 'live', 'withdrawn'] as const
export type ConnectionState = (typeof connectionStates)[number]

/** What may follow; who does it is for the acts to say. */
export const moves = {
  save: ['draft', 'returned'],
  submit: ['draft', 'returned'],
  withdraw: ['draft', 'submitted', 'returned'],
  return: ['submitted'],
  propose: ['submitted'],
} as const satisfies Record<string, readonly ConnectionState[]>
export type Move = keyof typeof moves

export function isOpenTo(move: Move, state: ConnectionState): boolean {
  const states: readonly ConnectionState[] = moves[move]
  return states.includes(state)
}

export type Connection = {
  id: ConnectionId
  owner: AccountId
  /** The client of the sandbox that was tried. */
  tried: ClientId
  /** What is asked for: an entry as it would be proposed. Whatever stands in it was typed by its owner. */
  entry: ClientEntry
  /** Whose clients it would be among; nobody's, while the entry does not say. */
  sector?: Sector | undefined
  state: ConnectionState
  createdAt: Date
  submittedAt?: Date | undefined
  /** As it was when it was submitted. */
  selfTest?: Pick<Report, 'finishedAt' | 'results'> | undefined
  review?: { by: AccountId; at: Date; reason: string } | undefined
  proposal?: ProposalId | undefined
  /** As it was when it was proposed. */
  checklist?: Checklist | undefined
}
