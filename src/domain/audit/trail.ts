import type { AccountId, ClientId, LookUpId, PersonId } from '#kernel/id.ts'
import type { Json } from '#kernel/canonical.ts'
import type { AuditEvent } from './event.ts'

/** An event as it was recorded, maybe by an older version: `type` and `data` are what they were then. */
export type Recorded = {
  id: string
  at: Date
  type: string
  client?: string | undefined
  /** Whom it was about. */
  account?: AccountId | undefined
  /** Which officer acted. */
  actor?: AccountId | undefined
  data: Readonly<Record<string, Json | undefined>>
}

/** From `from` on, before `to`; all that is given has to hold. */
export type Search = {
  from: Date
  to: Date
  /** An officer in office: what they do for themselves is a citizen's. */
  by?: AccountId | undefined
  account?: AccountId | undefined
  client?: ClientId | undefined
  type?: string | undefined
  /** The one event of this id. */
  reference?: string | undefined
  /** Only what comes after this event, in that order: the next page. */
  older?: string | undefined
  oldestFirst?: boolean | undefined
}

export type LookUp = { account?: AccountId | undefined; case: string; at: Date }

/** What was recorded, to be read. Each question is answered by an index, however long the log is. */
export type AuditTrail = {
  /** Newest first, unless it is asked for the other way round. */
  search: (search: Search, most: number) => Promise<readonly Recorded[]>
  /** A look-up of this officer since then. */
  lookUp: (id: LookUpId, who: { by: AccountId; since: Date }) => Promise<LookUp | undefined>
  /** Who looked at a citizen: in the log, and at the command line. Newest first. */
  looksAt: (who: { account: AccountId; person: PersonId }, most: number, older?: string) => Promise<readonly Recorded[]>
  /** How many events of a type, and of a reason where one is given, this officer has caused since. */
  count: (of: { by: AccountId; type: AuditEvent['type']; reason?: string | undefined; since: Date }) => Promise<number>
}
