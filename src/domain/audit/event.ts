import type { AccountEvent } from './account.ts'
import type { ActingEvent } from './acting.ts'
import type { BannerEvent } from './banner.ts'
import type { BreakGlassEvent } from './break-glass.ts'
import type { ClientEvent } from './client.ts'
import type { ConnectionEvent } from './connection.ts'
import type { DeskEvent } from './desk.ts'
import type { GrantEvent } from './grant.ts'
import type { KeyEvent } from './key.ts'
import type { OfficerEvent } from './officer.ts'
import type { OrganisationEvent } from './organisation.ts'
import type { OversightEvent } from './oversight.ts'
import type { RecoveryEvent } from './recovery.ts'
import type { SelfTestEvent } from './self-test.ts'
import type { SignalEvent } from './signal.ts'
import type { SignInEvent } from './sign-in.ts'

/**
 * Everything that is recorded, as a closed union of identifiers and decisions (L01, L04). Attributes of a
 * person, contact addresses, tokens and codes have no place to stand in here, and that is the point.
 */
export type AuditEvent = SignInEvent | GrantEvent | SignalEvent | AccountEvent | ActingEvent | ClientEvent | OfficerEvent | KeyEvent | BannerEvent | OversightEvent | RecoveryEvent | SelfTestEvent | ConnectionEvent | BreakGlassEvent | DeskEvent | OrganisationEvent

/** The log of record. `append` answers once the event is durable: whoever must not speak before, awaits it. */
export type AuditLog = { append: (...events: readonly AuditEvent[]) => Promise<void> }
