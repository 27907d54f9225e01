import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonical, type Json } from '#kernel/canonical.ts'
import type { Client } from './client.ts'

/** A client as an entry of a client file, without its secret: what people read, compare and sign. */
export type ClientEntry = Readonly<Record<string, Json | undefined>>
const entry = z.record(z.string(), z.json())

/** An entry as a client that this server would take, or what is wrong with it. */
export type ReadEntry = (given: unknown) => Promise<{ client: Client } | { fault: string }>

export function entryOf({ own, registered }: Client): ClientEntry {
  const { client_secret: _secret, ...shown } = registered
  // Members that are absent are left out.
  return entry.parse(JSON.parse(JSON.stringify({ ...shown, ...own })))
}

/** Tells two states of a client apart: SHA-256 in base64url over the canonical entry and whether it is live. */
export function clientDigest(client: Client): string {
  return createHash('sha256').update(canonical({ entry: entryOf(client), state: client.state ?? 'live' })).digest('base64url')
}
