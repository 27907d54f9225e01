import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Client } from './client.ts'

/** Somebody who looks after a service (RFC 7591 §2, `contacts`). What waits to be sent has the name alone, and the address is looked up when it is. */
export type ClientContact = { name: string; address: string }

/** The addresses of a client that mail can be sent to, each once. */
export function contactsOf({ id, registered: { contacts = [] } }: Client): readonly ClientContact[] {
  const addresses = contacts.flatMap((text) => z.email().safeParse(text.trim().replace(/^mailto:/i, '')).data ?? [])
  const byMailbox = new Map(addresses.map((address) => [address.toLowerCase(), address]))
  return [...byMailbox].map(([mailbox, address]) => ({ address, name: createHash('sha256').update(`${id} ${mailbox}`).digest('base64url').slice(0, 22) }))
}
