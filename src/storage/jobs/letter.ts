import type { AccountId } from '#kernel/id.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Outgoing } from './enqueue.ts'

/** One letter to one person. All go through one mail server, which takes only so many at a time. */
export function letterTo(account: AccountId, letter: Letter): Outgoing {
  return { signal: { kind: 'letter', account, letter }, at: 'mail' }
}
