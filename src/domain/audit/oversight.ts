import type { AccountId, LookUpId } from '#kernel/id.ts'
import type { Role } from '#domain/officer/role.ts'
import type { LookUpGround } from './case.ts'

/** What may show an insider at work, or the law broken: `overdue` is a request to connect that nobody answered, `desk-overdue` applications at desks, `key-due` and `key-old` a signing key that nobody follows, `clock` a database whose time is wrong. `bootstrap` takes no second person; `break-glass` had its two when the key was sealed, and `drill` tries that key. */
export const alarmKinds = ['look-ups', 'exports', 'suspensions', 'refusals', 'own-proposal', 'wrong-signature', 'replayed', 'altered', 'bootstrap', 'break-glass', 'drill', 'overdue', 'key-due', 'key-old', 'desk-codes', 'desk-nights', 'desk-relatives', 'desk-denials', 'desk-chips', 'desk-overdue', 'clock'] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** By what events are searched. */
export type Filter = 'time' | 'by' | 'type' | 'client' | 'reference' | 'older'

/** For what, where it is something that the log holds: whatever else was typed stands nowhere, for it could be anything (L04). */
export type Sought = Partial<Record<'by' | 'type' | 'client' | 'reference', string>>

/** What leaves the console as a file. */
export type Table = 'clients' | 'proposals' | 'roles' | 'banners' | 'keys' | 'connections' | 'desk' | 'officers' | 'organisations'

/** Who read the log of record, and what it made us afraid of. */
export type OversightEvent =
  /** A citizen was looked up, in a case; without an account where the number belongs to none. The citizen sees it. */
  | { type: 'audit.looked-up'; lookup: LookUpId; by: AccountId; role: Role; account?: AccountId; case: string; ground: LookUpGround }
  | { type: 'audit.searched'; by: AccountId; filters: readonly Filter[]; sought: Sought; exported: boolean }
  | { type: 'table.exported'; table: Table; by: AccountId; count: number }
  /** That of the database is more than ten seconds off, by the word of a server and of Redis. */
  | { type: 'clock.off'; by: 'clock' }
  | { type: 'alarm.raised'; kind: AlarmKind; by: AccountId | 'operator' | 'clock' }
