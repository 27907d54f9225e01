import type { AccountId, ClientId, MandateId, OrganisationId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { EndReason } from './end-reason.ts'

/** A person's session at one service. `session` is our name for it, `sid` the name by which that service knows it. */
export type ServiceSession = {
  account: AccountId
  /** Who acts in it, where that is not the account's holder. */
  by?: AccountId | undefined
  /** In the name of which organisation they act in it. */
  organisation?: OrganisationId | undefined
  /** By which mandate, where it is not by law. */
  mandate?: MandateId | undefined
  session: string
  client: ClientId
  sid: string
  /** What the service was granted in it. */
  grant?: string | undefined
  since: Date
  endsAt: Date
}

/** Which sessions of a person end: one, that of one service in it, or all. */
export type Ending = { account: AccountId; reason: EndReason; at: Date } & (
  | { reason: 'signed-out'; session: string; client?: ClientId | undefined }
  | { reason: 'mandate-ended'; organisation: OrganisationId; mandate?: MandateId | undefined; client: ClientId }
  /** What this one opened in the other's name, and nothing else. */
  | { reason: 'representative-replaced' | 'acts-alone'; by: AccountId }
  | { reason: Exclude<EndReason, 'signed-out' | 'representative-replaced' | 'acts-alone' | 'mandate-ended'> }
)

/** That somebody is signed in somewhere in another's name. */
export type ActedSession = { account: AccountId; by: AccountId }

export type ServiceSessionStore = {
  /**
   * Records that this session reaches this service, and the events, in one commit. Where it went on there in another name, what was opened in the first
   * one is kept beside it, until it ends too.
   */
  begin: (session: ServiceSession, events: readonly AuditEvent[]) => Promise<void>
  /**
   * Forgets these sessions, records the events and that they ended, and queues what is to be told and done, all or nothing:
   * each service that can be told is told (P19), and what the provider has not ended itself ends within five seconds (W12).
   */
  end: (ending: Ending, events?: readonly AuditEvent[]) => Promise<void>
  /** Who is signed in in whose name, each pair once, in the order of their ids: so many, and those that come after one of them. */
  acted: (page: { after?: ActedSession | undefined; most: number }) => Promise<readonly ActedSession[]>
  /** Forgets what had ended by itself before this moment, and answers how many; however many they are, nobody waits for it. */
  sweep: (before: Date) => Promise<number>
}
