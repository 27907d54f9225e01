import type { ProposalId } from '#kernel/id.ts'
import type { EmergencyAct } from '#domain/break-glass/act.ts'

/** What was done with the sealed key of the emergency (A07), by whom nobody signed in: an operator at the command line. */
export type BreakGlassEvent =
  | { type: 'break-glass.sealed'; key: string; proposal: ProposalId; by: 'operator' }
  /** Written before any of it takes effect. */
  | { type: 'break-glass.used'; key: string; acts: readonly EmergencyAct[]; reason: string; by: 'operator' }
  | { type: 'break-glass.drilled'; key: string; by: 'operator' }
  /** Something was typed that is not the key in force. */
  | { type: 'break-glass.refused'; by: 'operator' }
