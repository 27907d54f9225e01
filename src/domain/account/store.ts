import type { AccountId, PersonId, Sector } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { Account } from './account.ts'
import type { Move, Moved, Shown } from './move.ts'

/** An address at which a person hears from us. Never a way to sign in. */
export type Contact = { kind: 'email'; value: string; verifiedAt: Date }

export type AccountWithLife = { account: Account; life: 'alive' | 'deceased' | 'missing' }

export type AccountStore = {
  /** The account and whether the registry says its person lives, in one read. May be what was so two seconds ago (W12). */
  find: (id: AccountId) => Promise<AccountWithLife | undefined>
  /** As it is now, whoever changed it. */
  findNow: (id: AccountId) => Promise<AccountWithLife | undefined>
  /** The one they have now; of somebody who has none, the last that ended. */
  findByPerson: (person: PersonId) => Promise<Account | undefined>
  /**
   * Opens an account with its first passkey and contact, and records the event, all or nothing. Answers `false` and
   * changes nothing when the person has one already or the passkey is registered: of racing openers exactly one wins. One that has ended does
   * not count: whose death was reported in error has a new one.
   */
  open: (opening: { account: Account; passkey?: Passkey; contact?: Contact; event?: AuditEvent }) => Promise<boolean>
  contacts: (id: AccountId) => Promise<readonly Contact[]>
  /**
   * Makes a move by the rules of `moved`, on the account as it is at this moment, whoever else moves it too, and records it, all or nothing.
   * A lock and an end also end every session, and the services hear of it (Decree 69/2024 Art 15). Its holder is told, in the same commit, of
   * everything but an end (`occasionOf`).
   */
  move: (id: AccountId, move: Move, at: Date) => Promise<Moved>
  /**
   * Somebody with this passkey wants the account opened that was closed because the device is gone. From when on it opens is set once and told to
   * the holder everywhere, and recorded, all or nothing. `undefined` where there is no such lock any more or the passkey is not good for it.
   */
  askOpening: (id: AccountId, how: { shown: Shown; opensAt: Date; at: Date }) => Promise<Date | undefined>
  /**
   * Closes accounts whose paper has ended by this day and opens those whose paper was renewed, and answers how many of each. What was done
   * stays done where it breaks off, and once more does the rest.
   */
  followPapers: (at: Date) => Promise<{ locked: number; unlocked: number }>
  /**
   * Tells those whose paper ends within the days of `config/account.json`, once for each last day, and answers how many. What was told stays told
   * where it breaks off, and once more tells the rest.
   */
  remindOfPapers: (at: Date) => Promise<number>
  /**
   * Ends the accounts of those whose death an import did not end, and tells the services of accounts that ended without a word to them; answers
   * how many of each. What was done stays done where it breaks off, and once more does the rest.
   */
  followDeaths: (at: Date) => Promise<{ ended: number; told: number }>
  /**
   * Ends what was begun before a day of a court that has come by now, and tells the services; answers of how many people. Where nobody has come
   * to do this yet, the day counts all the same (`signedOutSince`). What was done stays done where it breaks off, and once more does the rest.
   */
  followCourts: (at: Date) => Promise<number>
}

/** Pairwise subjects, permanent once given (OIDC Core §8.1; docs/decisions/0006). */
export type SubjectStore = {
  /** Stores `proposed` for this account and sector unless one is stored already, and answers what is stored. */
  settle: (account: AccountId, sector: Sector, proposed: string) => Promise<string>
  /** Whose subject in this sector it is: a service names somebody by it who it knows already. */
  accountOf: (sub: string, sector: Sector) => Promise<AccountId | undefined>
  /** Their accounts, for as many as are subjects of this sector. */
  accountsOf: (subs: readonly string[], sector: Sector) => Promise<ReadonlyMap<string, AccountWithLife>>
}
