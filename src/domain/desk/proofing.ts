import type { AccountLevel } from '#domain/assurance/level.ts'
import { deskRules, type DeskRules, type EvidenceKind } from './rules.ts'

/** The account level that recorded evidence gives: it is computed and never set (docs/accounts.md). */
export function levelProven(kinds: readonly EvidenceKind[], { proofing }: Pick<DeskRules, 'proofing'> = deskRules): AccountLevel {
  return proofing.level2.every((kind) => kinds.includes(kind)) ? 2 : 1
}
