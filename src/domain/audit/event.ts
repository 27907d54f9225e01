import type { AccountId, ApprovalId, ClientId, PasskeyId, PersonId, ProposalId } from '#kernel/id.ts'
import type { LockGround } from '#domain/account/account.ts'
import type { ProblemCode } from '#kernel/problem.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { Level } from '#domain/assurance/level.ts'
import type { EndReason } from '#domain/signal/end-reason.ts'
import type { Act } from '#domain/proposal/change.ts'
import type { Permission } from '#domain/officer/permission.ts'
import type { Role } from '#domain/officer/role.ts'
import type { Signal } from '#domain/signal/signal.ts'
import type { Undelivered } from '#domain/signal/undelivered.ts'

/**
 * Everything that is recorded, as a closed union of identifiers and decisions (L01, L04). Attributes of a
 * person, contact addresses, tokens and codes have no place to stand in here, and that is the point.
 */
export type AuditEvent =
  | { type: 'registration.started'; client: ClientId }
  | { type: 'registration.refused'; client: ClientId; person?: PersonId }
  | { type: 'registration.finished'; client: ClientId; account: AccountId; person: PersonId; passkey: PasskeyId }
  | { type: 'login.finished'; client: ClientId; account: AccountId; passkey: PasskeyId; level: Level; evidence: Evidence }
  | { type: 'login.refused'; client: ClientId; account?: AccountId; passkey?: PasskeyId; reason: ProblemCode }
  | { type: 'login.cancelled'; client: ClientId }
  | { type: 'consent.given'; client: ClientId; account: AccountId; claims: readonly string[]; declined: readonly string[]; details?: readonly string[] }
  | { type: 'consent.declined'; client: ClientId; account: AccountId; claims: readonly string[] }
  | { type: 'authorization.granted'; client: ClientId; account: AccountId; grant: string; acr?: string }
  /** Without an account for a service that acts for itself (RFC 6749 §4.4). */
  | { type: 'token.issued'; client: ClientId; account?: AccountId; grant?: string; kinds: readonly string[]; through: string; acr?: string }
  /** A service asked on its own for a person to answer (CIBA): whom it could ask, and how that ended. */
  | { type: 'approval.asked'; client: ClientId; account: AccountId; approval: ApprovalId }
  | { type: 'approval.not-asked'; client: ClientId; account?: AccountId; reason: ProblemCode | 'nobody' }
  | { type: 'approval.given'; client: ClientId; account: AccountId; approval: ApprovalId; passkey: PasskeyId; level: Level; evidence: Evidence }
  /** A yes that did not reach the service: what it granted was taken back. */
  | { type: 'approval.undone'; client: ClientId; account: AccountId; approval: ApprovalId }
  | { type: 'approval.refused'; client: ClientId; account: AccountId; approval: ApprovalId; reason: 'declined' | 'not-me' | 'mismatched' | 'unreachable' }
  | { type: 'claims.released'; client: ClientId; account: AccountId; claims: readonly string[]; through: 'id_token' | 'userinfo' }
  | { type: 'grant.revoked'; grant: string; client?: ClientId; reason: 'code-replayed' | 'refresh-token-replayed' | 'logout' | 'revoked-by-client' }
  | { type: 'logout.finished'; client?: ClientId; account?: AccountId }
  /** At how many services a person's sessions ended, and which of them are to be told. */
  | { type: 'sessions.ended'; account: AccountId; reason: EndReason; services: number; told: readonly ClientId[] }
  /** All tries failed. */
  | { type: 'signal.undelivered'; kind: Signal['kind']; client?: ClientId; account?: AccountId; ending: string }
  | { type: 'signal.retried' | 'signal.dropped'; delivery: string; kind: Undelivered['kind']; client?: ClientId; by: 'operator' }
  | { type: 'account.shown'; account: AccountId; by: 'operator' }
  | { type: 'account.locked' | 'account.unlocked'; account: AccountId; ground: LockGround; by: 'operator' }
  | { type: 'passkey.added'; account: AccountId; passkey: PasskeyId; aaguid: string; hardwareBound: boolean }
  | { type: 'passkey.not-added'; account: AccountId; reason: ProblemCode | 'taken' | 'full' }
  | { type: 'passkey.removed'; account: AccountId; passkey: PasskeyId; by: 'operator' }
  | { type: 'client.imported'; client: ClientId }
  /** What two people do; `subject` is the client or the account that it is about. */
  | { type: 'proposal.made'; proposal: ProposalId; act: Act; subject: string; by: AccountId }
  | { type: 'proposal.approved' | 'proposal.returned' | 'proposal.withdrawn'; proposal: ProposalId; act: Act; subject: string; proposer: AccountId; by: AccountId }
  | { type: 'client.suspended'; client: ClientId; by: AccountId; reason: string }
  | { type: 'role.ended'; role: Role; account: AccountId; by: AccountId; reason: string }
  | { type: 'role.bootstrapped'; role: Role; account: AccountId; by: 'operator' }
  /** Somebody tried what their roles do not allow. */
  | { type: 'officer.refused'; by: AccountId; permission: Permission; reason: 'not-allowed' | 'own-proposal'; proposal?: ProposalId }
  | { type: 'registry.imported'; inserted: number; replaced: number; refused: number }
  /** An operator looked somebody up at the command line; `revealed` when the values were shown in full. */
  | { type: 'registry.shown'; person: PersonId; revealed: boolean }

/** The log of record. `append` answers once the event is durable: whoever must not speak before, awaits it. */
export type AuditLog = { append: (...events: readonly AuditEvent[]) => Promise<void> }
