import type { AccountId, ApplicationId, ContactId, PasskeyId, PersonId } from '#kernel/id.ts'
import type { Day } from '#kernel/clock.ts'
import type { Account } from '#domain/account/account.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { DeskCode } from './code.ts'
import type { DeskEnding, DeskRefusal, EvidenceKind, Purpose, TakeOver } from './rules.ts'

/** Who works on an application, and where. */
export type Station = { officer: AccountId; grant: string; desk: string; commune: string; badge?: string | undefined }

/**
 * The code of an application and what became of it: shown to the officer's session that made it, typed in one browser, which from then on is the
 * only one that may go on; the number is on both screens, and the officer says that it is the same.
 */
export type Code = {
  code: DeskCode
  /** Of the officer's session, hashed. */
  session: string
  expiresAt: Date
  /** Of the browser that typed it, hashed. */
  browser?: string | undefined
  number?: number | undefined
  confirmed: boolean
  ended?: 'denied' | 'finished' | undefined
}

/** Somebody's application at a desk, from the moment it is complete. One person has one that is open. */
export type Application = {
  id: ApplicationId
  /** What the person is given, and quotes. */
  reference: string
  purpose: Purpose
  person: PersonId
  /** Theirs, or what it will be: of somebody without an account. */
  account: AccountId
  case: string
  station: Station
  seen: readonly EvidenceKind[]
  /** Face and fingerprints of this foreigner have to be taken here. */
  biometricsMissing: boolean
  state: 'open' | 'done' | 'refused'
  receivedAt: Date
  /** When its officer found the person: they read on for a while, and whoever comes later finds them anew. */
  workedAt: Date
  dueOn: Day
  decidedAt?: Date | undefined
  refusal?: DeskEnding | undefined
  code?: Code | undefined
}

export type Opening = Omit<Application, 'state' | 'seen' | 'code' | 'decidedAt' | 'refusal' | 'workedAt'> & { takeOver?: TakeOver | undefined }

/** What the phone has just done: made a passkey, or shown one that the account has, or one of whoever acts for its holder. */
export type Key = { made: Passkey } | { shown: PasskeyId } | { represented: PasskeyId; by: AccountId }

export type Finishing = {
  id: ApplicationId
  browser: string
  key: Key
  /** The account as it is opened where the person has none. */
  account: Account
  /** When the card was issued that the register has of the person. */
  issuedOn: Day | undefined
  at: Date
}

/** What was seen of somebody at a desk, the last time that it gave their account its level. */
export type InPerson = { at: Date; kinds: readonly EvidenceKind[] }

/** Why nothing was finished: too late, or somebody decided something else meanwhile; the passkey is registered already; the account is closed. */
export type Unfinished = 'over' | 'taken' | 'closed'

export type DeskStore = {
  /**
   * Opens it and records it. Where this person has an open one: in the same commune that one goes on with this officer, purpose and case, by the clock that
   * runs then from its beginning (`dueGoingOn`), and a code of before is void; elsewhere nothing changes, but for a desk that takes it over with a reason. Of racing openings one is made.
   */
  open: (opening: Opening, event: AuditEvent) => Promise<{ is: 'open'; id: ApplicationId } | { is: 'elsewhere' }>
  find: (id: ApplicationId) => Promise<Application | undefined>
  /**
   * A code in place of that before, if any. `taken` where somebody else has these digits now; `over` where the application is decided; `doubtful` where something speaks against
   * the card (`issuedOn`: when the register's was issued), also what is heard at this very moment, at whatever desk.
   */
  putCode: (id: ApplicationId, made: { code: DeskCode; session: string; station: Station; account: AccountId; seen: readonly EvidenceKind[]; kept: readonly ContactId[]; issuedOn?: Day | undefined; expiresAt: Date; at: Date }, events: readonly AuditEvent[]) => Promise<'put' | 'taken' | 'over' | 'doubtful'>
  /** Gives the code to this browser in one conditional statement, recorded: of racing tries one hears whose it is. */
  /** With `whose` it is found only where it is this person's. */
  redeem: (code: DeskCode, by: { browser: string; number: number; until: Date; at: Date; whose?: PersonalNumber | undefined }) => Promise<ApplicationId | undefined>
  /** That which this browser has typed the code of. */
  ofBrowser: (browser: string) => Promise<Application | undefined>
  /** The officer, in the session that made the code, says that the numbers are the same. */
  confirm: (id: ApplicationId, by: { session: string; at: Date }) => Promise<boolean>
  /** Somebody says that they are not, or the officer takes the code back: it is void. */
  deny: (id: ApplicationId, by: ({ session: string } | { browser: string }) & { at: Date }) => Promise<boolean>
  refuse: (id: ApplicationId, by: { officer: AccountId; reason: DeskRefusal; at: Date }) => Promise<boolean>
  /**
   * Everything or nothing, on person, account and officer as they are at this moment: the account with its key, what was seen, the level that follows
   * from it, the records and what the holder is told; and on what speaks against the card, at whatever desk it is heard at this very moment; whoever acts for the person, as the register has it then; after a lost phone also the addresses that the person did not say are theirs. A lock or a death that comes meanwhile is seen, or finds it as it is then.
   */
  finish: (finishing: Finishing) => Promise<'done' | Unfinished>
  /** The evidence of an account. Its own store keeps it for ever. */
  inPerson: (account: AccountId) => Promise<InPerson | undefined>
  /** Ends what nobody has worked on since before this moment, and answers how many. What was done stays done where it breaks off. */
  lapse: (before: Date, at: Date) => Promise<number>
  /** Records how many in each commune were to be decided before this day, each once, and answers how many. */
  markOverdue: (today: Day, at: Date) => Promise<number>
}
