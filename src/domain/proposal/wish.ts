import { z } from 'zod'
import { canonical } from '#kernel/canonical.ts'
import type { Client } from '#domain/client/client.ts'
import { clientDigest, entryOf } from '#domain/client/entry.ts'
import type { Change } from './change.ts'
import { differences } from './difference.ts'

/** The change that makes a client what it is wished to be: whole, so that what is signed leaves nothing to defaults. Nothing where it is so already. */
export function changeTo(wished: Client, live: Client | undefined): Change | undefined {
  const entry = entryOf(wished)
  if (live === undefined) return { act: 'client.register', client: wished.id, entry }
  return differences(entryOf(live), entry).length === 0 ? undefined : { act: 'client.change', client: wished.id, from: clientDigest(live), entry }
}

/** Whether two changes are one. */
export function isSameChange(one: Change, other: Change): boolean {
  return canonical(plain(one)) === canonical(plain(other))
}

const plain = (change: Change) => z.json().parse(JSON.parse(JSON.stringify(change)))
