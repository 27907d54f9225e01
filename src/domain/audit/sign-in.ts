import type { AccountId, ApprovalId, ClientId, PasskeyId, PersonId } from '#kernel/id.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { Level } from '#domain/assurance/level.ts'

/** How somebody came in, or did not: at a page, or asked by a service on its own. */
export type SignInEvent =
  | { type: 'registration.started'; client: ClientId }
  | { type: 'registration.refused'; client: ClientId; person?: PersonId }
  | { type: 'registration.finished'; client: ClientId; account: AccountId; person: PersonId; passkey: PasskeyId }
  | { type: 'login.finished'; client: ClientId; account: AccountId; passkey: PasskeyId; level: Level; evidence: Evidence }
  | { type: 'login.refused'; client: ClientId; account?: AccountId; passkey?: PasskeyId; reason: ProblemCode }
  | { type: 'login.cancelled'; client: ClientId }
  /** What the authority found when it compared a face, on top of a passkey. */
  | { type: 'face.matched'; client: ClientId; account: AccountId; passkey: PasskeyId; level: Level; evidence: Evidence }
  | { type: 'face.refused'; client: ClientId; account: AccountId; reason: 'no-match' | 'inconclusive' | 'abandoned' | /** The face was shown in another browser. */ 'elsewhere' }
  /** A service asked on its own for a person to answer (CIBA): whom it could ask, and how that ended. */
  | { type: 'approval.asked'; client: ClientId; account: AccountId; approval: ApprovalId }
  | { type: 'approval.not-asked'; client: ClientId; account?: AccountId; reason: ProblemCode | 'nobody' }
  | { type: 'approval.given'; client: ClientId; account: AccountId; approval: ApprovalId; passkey: PasskeyId; level: Level; evidence: Evidence; representative?: AccountId }
  /** A yes that did not reach the service: what it granted was taken back. */
  | { type: 'approval.undone'; client: ClientId; account: AccountId; approval: ApprovalId }
  | { type: 'approval.refused'; client: ClientId; account: AccountId; approval: ApprovalId; reason: 'declined' | 'not-me' | 'mismatched' | 'unreachable' | 'no-organisation' }
