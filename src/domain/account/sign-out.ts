import type { Clock } from '#kernel/clock.ts'
import type { AccountId } from '#kernel/id.ts'
import type { ServiceSessionStore } from '#domain/signal/session.ts'

type Tools = { serviceSessions: Pick<ServiceSessionStore, 'end'>; clock: Clock }

/**
 * "Sign out everywhere": every session of the account and everything that came of it is over on every node within five seconds
 * (W12), whatever of it is known here, and the services hear of it. It is recorded before this answers.
 */
export function endEverything({ serviceSessions, clock }: Tools, account: AccountId): Promise<void> {
  return serviceSessions.end({ account, reason: 'signed-out-everywhere', at: clock.now() })
}
