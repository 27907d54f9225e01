import type { AccountId, InteractionId } from '#kernel/id.ts'
import { secretToken } from '#kernel/random.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'

/** Whose passkey stands behind a grant that is another's: by whom an account is acted for. */
export type Acting = { by: AccountId }

/**
 * The name of a grant that is another's. It stands in every token of it, so that a token of which nobody knows any more who acts is refused: its
 * record may be lost, and it is not the person's own for that.
 */
export const actingGrant = (): string => `${mark}${secretToken()}`
export const isActingGrant = (grant: string): boolean => grant.startsWith(mark)
const mark = 'acting-'

/** Kept under the name of the grant, at least as long as that lives, and written before it. */
export type ActingStore = {
  find: (grant: string) => Promise<Acting | undefined>
  put: (grant: string, acting: Acting) => Promise<void>
}

/** Who has just signed in and is asked for whom, in this interaction and within minutes. */
export type Proven = { account: AccountId; evidence: Evidence }
export type ProvenStore = {
  put: (interaction: InteractionId, proven: Proven) => Promise<void>
  find: (interaction: InteractionId) => Promise<Proven | undefined>
  /** Atomically removes and answers it: one proof, one answer. */
  take: (interaction: InteractionId) => Promise<Proven | undefined>
}
