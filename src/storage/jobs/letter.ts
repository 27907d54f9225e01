import type { AccountId } from '#kernel/id.ts'
import type { Addressed } from '#domain/connection/reminder.ts'
import type { Letter } from '#domain/signal/letter.ts'
import type { Outgoing } from './enqueue.ts'

/** All go through one mail server, which takes only so many at a time. */
const at = 'mail'

/** One letter to one person. */
export function letterTo(account: AccountId, letter: Letter): Outgoing {
  return { signal: { kind: 'letter', account, letter }, at }
}

/** One letter to whoever looks after a service. */
export function letterOf({ to, letter }: Addressed): Outgoing {
  return to.who === 'owner' ? letterTo(to.account, letter) : { signal: { kind: 'contact-letter', client: to.client, contact: to.contact, letter }, at }
}
