import type { ClientId } from '#kernel/id.ts'
import type { Day } from '#kernel/clock.ts'
import type { AuditEvent } from '#domain/audit/event.ts'

/** What is counted: sign-ins and registrations that came to an end, and tokens that services were given. */
export const kinds = ['sign-in', 'registration', 'token'] as const
export type Kind = (typeof kinds)[number]

type How = { kind: Kind } & ({ outcome: 'finished' | 'refused' | 'cancelled' } | /** The member of the event that says it. */ { from: 'reason' | 'through' })

/** Which events count, and as what. Their outcomes are words of ours, so that there are only so many. */
export const counted = {
  'login.finished': { kind: 'sign-in', outcome: 'finished' },
  'login.refused': { kind: 'sign-in', from: 'reason' },
  'login.cancelled': { kind: 'sign-in', outcome: 'cancelled' },
  'approval.given': { kind: 'sign-in', outcome: 'finished' },
  'approval.refused': { kind: 'sign-in', from: 'reason' },
  'registration.finished': { kind: 'registration', outcome: 'finished' },
  'registration.refused': { kind: 'registration', outcome: 'refused' },
  'token.issued': { kind: 'token', from: 'through' },
} as const satisfies Partial<Record<AuditEvent['type'], How>>

/** How a sign-in ended: well, at the person's own wish, or for one of the reasons. */
export type Ending = 'finished' | 'cancelled' | 'refused'

export function endingOf(outcome: string): Ending {
  return outcome === 'finished' || outcome === 'cancelled' ? outcome : 'refused'
}

/** One count. `level` is that of the sign-in (domain/assurance), and nought where it came to none. */
export type Count = { day: Day; client: ClientId; kind: Kind; level: number; outcome: string; count: number }
export type AccountCount = { /** A code of the 34, or nothing where the registry knows none. */ province: string; level: 1 | 2; count: number }
export type ProvinceCount = Pick<AccountCount, 'province'> & { count: number }
