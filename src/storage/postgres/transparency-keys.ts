import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { clientId } from '#kernel/id.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Client } from '#domain/client/client.ts'
import { clientChange, readEntry, server, type Entry } from '#domain/transparency/entry.ts'
import { keyMoves, keyStates, type LoggedKey, type PresentKey } from '#domain/transparency/keys.ts'
import { thumbprint } from '#domain/transparency/thumbprint.ts'
import type { Db } from './db.ts'
import { appendTo, waitForTurn } from './transparency-append.ts'

type Tools = { clock: Clock; keys: readonly PresentKey[] }

/**
 * Says in the log what is there and not said yet: keys before they are published, clients from before there was a log. Of nodes that
 * start together the first says it. Costs two statements when nothing is new. Throws `Refusal` when the log is signed with another key than ours.
 */
export async function recordKeys(db: Db, { clock, keys }: Tools): Promise<void> {
  const at = clock.now()
  const missing = async (from: Db): Promise<readonly Entry[]> => [...await keysUnsaid(from, keys, at), ...await clientsUnsaid(from, at)]
  if ((await missing(db)).length === 0) return
  await db.transaction(async (tx) => {
    await waitForTurn(tx)
    await appendTo(tx, ...await missing(tx))
  })
}

/**
 * Whether the log says of these keys what has to be said before they are published or used, for who may not write it (A02): where each that nobody
 * decided about stands. What was decided stands there since it was, so that a key which is revoked goes at once, also while nobody runs who
 * could say it again (A07).
 */
export async function keysAreSaid(db: Db, { clock, keys }: Tools): Promise<boolean> {
  return (await keysUnsaid(db, keys, clock.now())).every(({ kind, by }) => kind === 'key.destroyed' || by.role !== server.role)
}

async function keysUnsaid(db: Db, keys: readonly PresentKey[], at: Date): Promise<readonly Entry[]> {
  const rows = await db.rows(sql<{ entry: string }>`
    select distinct on (subject) entry from transparency_entry where kind like 'key.%' and kind <> 'key.planned' order by subject, seq desc`)
  const logged = rows.map(({ entry }) => readEntry(entry)).flatMap((said) => ('key' in said ? [loggedOf(said)] : []))
  const ours = new Set(keys.filter(({ use }) => use === 'log').map(({ jwk }) => thumbprint(jwk)))
  if (logged.some(({ key }) => key.use === 'log' && !ours.has(key.thumbprint))) {
    throw new Refusal('The transparency log of this database is signed with another key than the key file holds: give every node the same key file.')
  }
  return keyMoves(logged, keys, at)
}

function loggedOf({ kind, key }: Extract<Entry, { key: unknown }>): LoggedKey {
  const state = keyStates.find((each) => kind === `key.${each}`)
  if (state === undefined) throw new TypeError(`no state of a key: ${kind}`)
  return { state, key }
}

type Row = { id: string; own: Client['own']; registered: Client['registered'] }

async function clientsUnsaid(db: Db, at: Date): Promise<readonly Entry[]> {
  const rows = await db.rows(sql<Row>`
    select id, own, registered from client where not exists (select 1 from transparency_entry where subject = client.id and kind like 'client.%') order by id`)
  return rows.map(({ id, own, registered }) => clientChange({ before: undefined, after: { id: clientId.parse(id), own, registered }, by: server, at }))
}
