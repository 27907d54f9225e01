import { z } from 'zod'
import { accountId, approvalId, clientId, contactId, noticeId } from '#kernel/id.ts'
import { letter } from './letter.ts'

/**
 * What is to be told or done after an answer has left. It is kept by identifiers alone: whatever is sent is made anew at each
 * try, so that no token is stored and none is stale.
 */
export const signal = z.discriminatedUnion('kind', [
  /** A service hears that a person's session there is over (OpenID Connect Back-Channel Logout 1.0 §2.5). */
  z.strictObject({ kind: z.literal('logout'), client: clientId, account: accountId, sid: z.string() }),
  /** Somebody is written to. */
  z.strictObject({ kind: z.literal('letter'), account: accountId, letter }),
  /** Somebody who looks after a service is written to, by our name for their address (`domain/client/contact.ts`). */
  z.strictObject({ kind: z.literal('contact-letter'), client: clientId, contact: z.string(), letter }),
  /** The holder of an account is told of it, at one of their addresses. */
  z.strictObject({ kind: z.literal('notice'), account: accountId, notice: noticeId, contact: contactId }),
  /** Somebody has shown, without signing in, that an account is theirs: it is locked since `at`, and the rest follows. Nobody's, where they have not (W10). */
  z.strictObject({ kind: z.literal('lost'), account: accountId, at: z.iso.datetime().optional(), /** Shown by a printed code; older servers do not say. */ byCode: z.boolean().optional() }),
  /** A service hears that the answer to its request is ready (OpenID Connect CIBA Core 1.0 §10.2); by our name for it, for the service's is a secret. */
  z.strictObject({ kind: z.literal('ping'), client: clientId, approval: approvalId }),
  /** A session of ours and its grants end, on every node; without a session, the grants alone. */
  z.strictObject({ kind: z.literal('session-end'), session: z.string().optional(), grants: z.array(z.string()) }),
  /** What has ended by itself is cleared away. */
  z.strictObject({ kind: z.literal('sweep') }),
])
export type Signal = z.infer<typeof signal>

/** Takes a signal durably; it is carried within seconds, and tried again until it arrives. `at` is the host that it goes to. */
export type SignalQueue = { add: (signal: Signal, at?: string) => Promise<void> }

/** Tries, and the seconds between them: `first` and up to twice that, as chance will have it; then twice as long each time, up to `longest`. */
export type Patience = { tries: number; first: number; longest: number }

/**
 * A relying party that is down for a day still hears of a logout (P19). A ping is worth nothing once its request has expired.
 * A letter or a notice waits for a mail server that is away over a night. The end of a session is tried until the session would have ended by itself.
 */
export const patience = {
  logout: { tries: 27, first: 1, longest: 7200 },
  letter: { tries: 24, first: 30, longest: 7200 },
  'contact-letter': { tries: 24, first: 30, longest: 7200 },
  notice: { tries: 26, first: 10, longest: 7200 },
  lost: { tries: 800, first: 1, longest: 60 },
  ping: { tries: 7, first: 1, longest: 60 },
  'session-end': { tries: 800, first: 1, longest: 60 },
  sweep: { tries: 3, first: 60, longest: 600 },
} satisfies Record<Signal['kind'], Patience>
