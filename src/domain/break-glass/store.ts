import type { ProposalId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import type { EmergencyAct } from './act.ts'
import type { SealedKey } from './key.ts'

/** Each with its event, all or nothing. `hash` is keyed by the server's own key file. */
export type BreakGlassStore = {
  /** The key that was sealed last. */
  newest: () => Promise<SealedKey | undefined>
  /** The key in force, where this is its hash. */
  opened: (hash: Uint8Array) => Promise<SealedKey | undefined>
  /** `false` where the approval was used. That there is one is a rule of the table. */
  seal: (key: { id: string; hash: Uint8Array; proposal: ProposalId }, at: Date, event: AuditEvent) => Promise<boolean>
  drill: (id: string, at: Date, event: AuditEvent) => Promise<void>
  /** Spends the key on just these acts; of racing ones one is `true`. */
  spend: (id: string, how: { acts: readonly EmergencyAct[]; at: Date; event: AuditEvent }) => Promise<boolean>
}
