import type { ClientId } from '#kernel/id.ts'

/** One call that changes something, by the name that its caller gave it (draft-ietf-httpapi-idempotency-key-header-07). */
export type NamedCall = { client: ClientId; key: string; /** SHA-256 in base64url of what was asked for. */ fingerprint: string; at: Date }

export type CallAnswer = { status: number; body: string }

/** How long an answer is kept, and how long a call may be under way: longer than any deadline, so that nothing of it runs any more. */
export const keptHours = 24
export const underWaySeconds = 60

export type Begun =
  /** Nobody has done it. `id` is a name for whatever the call makes; one that is taken up again after its process died has the same. */
  | { is: 'new'; id: string }
  | { is: 'done'; answer: CallAnswer }
  | { is: 'under-way' }
  /** The name stands for another call. */
  | { is: 'taken' }

export type NamedCallStore = {
  /** Of racing calls of one name exactly one hears `new`. */
  begin: (call: NamedCall) => Promise<Begun>
  finish: (call: NamedCall, answer: CallAnswer) => Promise<void>
  /** The call has done nothing, and its name is free. */
  forget: (call: NamedCall) => Promise<void>
}
