import type { AccountId, PasskeyId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { EvidenceKind } from '#domain/desk/rules.ts'
import type { GivenRole, RoleGrant, RoleWanted } from './role.ts'

/**
 * What somebody's roles let them do is read here, and not in the table: a role counts where its approval holds (A01). Whom a role *keeps* from something, such
 * as adding a key, it keeps from it all the same (`OfficerStore.rolesOf`).
 */
export type Offices = {
  /** The roles of one account that are in force and count. */
  of: (account: AccountId) => Promise<readonly RoleGrant[]>
}

export type OfficerStore = {
  /** The roles of one account that were not ended, as the table has them; whether their last day has passed is for `inForce` to say, and whether they count for `Offices`. */
  rolesOf: (account: AccountId) => Promise<readonly RoleGrant[]>
  /** Every role that one account has or had, with what gave it. */
  givenTo: (account: AccountId) => Promise<readonly GivenRole[]>
  /** Every role there is or was, newest first. */
  list: () => Promise<readonly RoleGrant[]>
  /** One role, in force or not. */
  find: (id: string) => Promise<RoleGrant | undefined>
  /** Since when this key decides as its officer's: it stood there when the role was given. `undefined` where nobody named it. */
  keyNamedAt: (passkey: PasskeyId) => Promise<Date | undefined>
  /** Whether this system ever had officers: from then on what takes two people takes two. */
  began: () => Promise<boolean>
  /** Ends a role at once and records it; `false` where it was ended already. */
  end: (id: string, at: Date, event: AuditEvent) => Promise<boolean>
  /**
   * The first officers of a system that never had one. `false` and no change where anybody ever had a role: of racing tries one wins,
   * after it this way is shut for good (A06), and it is an alarm to whoever reads the log of record. What was seen of somebody is on record with it, and
   * their account is level 2 by it.
   */
  bootstrap: (wanted: readonly (RoleWanted & { proven?: readonly EvidenceKind[] })[], at: Date) => Promise<boolean>
}
