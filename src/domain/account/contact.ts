import { z } from 'zod'
import type { AccountId, ContactId } from '#kernel/id.ts'
import type { AuditEvent } from '#domain/audit/event.ts'

/** Where a person is told what happens to their account; of these, services know the mail address alone (`Contact`). */
export type Reach = { kind: 'email' | 'phone'; value: string; verifiedAt: Date }

/** A mobile number of Viet Nam, as people write it, in the form of E.164: `+84912345678`. */
export const phone = z.string()
  .transform((typed) => typed.replaceAll(/[\s().-]/g, '').replace(/^(?:0|84|\+84)(?=\d{9}$)/, '+84'))
  .pipe(z.string().regex(/^\+84[35789]\d{8}$/))

/** One of them, by our name for it. */
export type Reached = Reach & { id: ContactId }

export type ContactStore = {
  /** Where the holder of this account is told now, the oldest first. */
  ofAccount: (account: AccountId) => Promise<readonly Reached[]>
  /**
   * Puts this address in place of that of the same kind, records it and tells the holder at every address, the old ones too, all or nothing.
   * `false` where there is no such account, or its holder has died. What its holder replaced by themself can be brought back (`undo`).
   */
  replace: (account: AccountId, contact: Reach, event: Extract<AuditEvent, { type: 'contact.changed' }>) => Promise<boolean>
  /**
   * "Not me": what was put there in the holder's name since then, up to another moment, goes, and what it replaced comes back and is told; recorded, all or nothing.
   * `none` where there is nothing to undo. May come twice.
   */
  undo: (account: AccountId, how: { since: Date; until: Date; at: Date }) => Promise<'undone' | 'none'>
}
