import type { AccountId, ApplicationId, PasskeyId, ProposalId } from '#kernel/id.ts'
import type { ChipReason } from '#domain/chip/reason.ts'
import type { Biometrics, DeskRefusal, EvidenceKind, Purpose, TakeOver } from '#domain/desk/rules.ts'

/** What was done at desks, by which officer; `account` where the person has one or has got one by it. */
export type DeskEvent =
  | { type: 'desk.opened'; application: ApplicationId; purpose: Purpose; desk: string; commune: string; by: AccountId; /** Whether the immigration authority had face and fingerprints. */ biometrics?: Biometrics; account?: AccountId }
  | { type: 'desk.code-made'; application: ApplicationId; kinds: readonly EvidenceKind[]; by: AccountId; account?: AccountId }
  /** A browser has typed it. */
  | { type: 'desk.code-used'; application: ApplicationId; by: AccountId }
  /** Somebody typed what is no code, or not any more. */
  | { type: 'desk.code-refused' }
  /** Somebody said that the two numbers are not the same: maybe another phone has typed the code. */
  | { type: 'desk.denied'; application: ApplicationId; by: AccountId; reason: 'by-officer' | 'by-citizen' }
  | { type: 'desk.confirmed'; application: ApplicationId; by: AccountId }
  | { type: 'desk.finished'; application: ApplicationId; purpose: Purpose; kinds: readonly EvidenceKind[]; passkey: PasskeyId; by: AccountId; account: AccountId; /** Whose passkey it was, where somebody acted for the holder. */ representative?: AccountId }
  | { type: 'desk.refused'; application: ApplicationId; reason: DeskRefusal; by: AccountId; account?: AccountId }
  /** It was open in another commune, and goes on here. */
  | { type: 'desk.taken-over'; application: ApplicationId; reason: TakeOver; desk: string; commune: string; by: AccountId; account?: AccountId }
  /** Nobody worked on it for as long as the rules say, and it ended by itself. */
  | { type: 'desk.lapsed'; application: ApplicationId; commune: string; by: 'clock'; account?: AccountId }
  /** So many of a commune were not decided in time. */
  | { type: 'desk.overdue'; commune: string; count: number; by: 'clock' }
  /** Done at night, or for somebody of the officer's own family or household. */
  | { type: 'desk.unusual'; application: ApplicationId; reason: 'night' | 'relative'; by: AccountId }
  /** An officer let a reader of chips in. */
  | { type: 'desk.reader-paired'; application: ApplicationId; by: AccountId }
  | { type: 'desk.chip-verified'; application: ApplicationId; by: AccountId }
  | { type: 'desk.chip-refused'; application: ApplicationId; reason: ChipReason; by: AccountId }
  /** The state has not signed this card, or another chip has its files: beside the refusal. */
  | { type: 'desk.chip-forged'; application: ApplicationId; reason: ChipReason; by: AccountId }
  /** Two officers have decided that it does not speak against the card any more. */
  | { type: 'desk.doubt-ended'; application: ApplicationId; reason: ChipReason; proposal: ProposalId; by: AccountId }
