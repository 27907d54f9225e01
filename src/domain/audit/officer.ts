import type { AccountId, ClientId, ProposalId } from '#kernel/id.ts'
import type { EvidenceKind } from '#domain/desk/rules.ts'
import type { Permission } from '#domain/officer/permission.ts'
import type { Role } from '#domain/officer/role.ts'
import type { Act } from '#domain/proposal/change.ts'

/** The program that did it for them; or an operator at the command line, which is no client's name. */
export type Through = ClientId | 'command line'

/**
 * Why an officer got nowhere. `wrong-signature`: a key was answered with that is not theirs, or that has signed something else than what
 * stands there. `replayed`: an answer that has had its effect, given again; `too-late`: one about what somebody else has decided meanwhile. `own-record`, `too-many`: of look-ups in the log of record;
 * `too-many-exports`: of its searches as a file; `too-many-suspensions`: of clients; `off-duty`: at a desk outside of the shift; `level-1`: with
 * an account that nobody has seen the holder of.
 */
export type OfficerRefusal = 'not-allowed' | 'own-proposal' | 'own-record' | 'too-many' | 'too-many-exports' | 'too-many-suspensions' | 'wrong-signature' | 'replayed' | 'too-late' | 'off-duty' | 'level-1'

/**
 * How an approval was altered since it was given: one person stands for both, the key is another's, the signature is over something else, the row is
 * no proposal any more, it is gone or approved no more although this log has the approval, or it says otherwise than this log. `unnamed-key`: it was
 * signed with a key that nobody named for this officer by then, put there by whoever could write keys. `not-in-office`: by somebody who had no role then by
 * which such things are decided, or none that holds itself.
 */
export type Alteration = 'same-person' | 'foreign-key' | 'wrong-signature' | 'unreadable' | 'gone' | 'unrecorded' | 'unnamed-key' | 'not-in-office'

/** What officers decided, and what they tried. */
export type OfficerEvent =
  /** What two people do, and by which program where one did it for them; `subject` is the client or the account that it is about. */
  | { type: 'proposal.made'; proposal: ProposalId; act: Act; subject: string; by: AccountId; through?: Through }
  /** `digest` of what an approval adds to the row: whoever alters the row later would have to alter this too. */
  | { type: 'proposal.approved' | 'proposal.returned' | 'proposal.withdrawn'; proposal: ProposalId; act: Act; subject: string; proposer: AccountId; by: AccountId; digest?: string; through?: Through }
  /** An approval that its second person's signature or this log no longer fits: whoever changed it had the rights of the database. Once for each alteration. */
  | { type: 'proposal.altered'; proposal: ProposalId; reason: Alteration; by: 'clock'; mark?: string }
  /** Somebody has put it back: it is as it was signed. */
  | { type: 'proposal.restored'; proposal: ProposalId; by: 'clock'; mark?: string }
  /** One of many that two people gave together; `by` is the second. */
  | { type: 'role.granted'; role: Role; account: AccountId; by: AccountId; proposal: ProposalId }
  | { type: 'role.ended'; role: Role; account: AccountId; by: AccountId | 'operator'; reason: string; proposal?: ProposalId }
  /** `kinds`: what whoever runs the server has seen of them, which made their account level 2. */
  | { type: 'role.bootstrapped'; role: Role; account: AccountId; by: 'operator'; kinds?: readonly EvidenceKind[] }
  /** Somebody tried what their roles, or anybody's, do not allow. */
  | { type: 'officer.refused'; by: AccountId; through?: Through; permission: Permission; reason: OfficerRefusal; proposal?: ProposalId }
