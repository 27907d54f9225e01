import { sql } from 'kysely'
import { entryText, type Entry } from '#domain/transparency/entry.ts'
import { foldRoot, grow, leafHash, placesOf, type Frontier, type Hash, type Made, type Place, type Range } from '#domain/transparency/merkle.ts'
import type { Db } from './db.ts'

/** 'eid' and a number of ours: the one lock under which the log grows, held to the end of the transaction. */
const lock = 0x65_69_64_01
/** Entries in one statement, which takes 65,535 parameters. */
const atOnce = 1000

/**
 * Waits for the turn of this transaction to append. Take it before reading what the entry will be about: what was read earlier may be
 * old by the time the turn comes.
 */
export async function waitForTurn(tx: Db): Promise<void> {
  await tx.rows(sql`select pg_advisory_xact_lock(${lock}::bigint)`)
}

/**
 * Adds entries within the transaction that `tx` is, and answers with the place of the first. Append first and change afterwards: the change then
 * takes effect with its entry or not at all, and of two transactions none waits for the other's rows while it holds the log.
 */
export async function appendTo(tx: Db, ...changes: readonly Entry[]): Promise<number> {
  await waitForTurn(tx)
  const start = await frontierOf(tx)
  let frontier = start
  for (let done = 0; done < changes.length; done += atOnce) frontier = await insert(tx, frontier, changes.slice(done, done + atOnce))
  return start.size
}

async function insert(tx: Db, before: Frontier, changes: readonly Entry[]): Promise<Frontier> {
  let frontier = before
  const made: Made[] = []
  const rows = changes.map((change) => {
    const text = entryText(change)
    const leaf = leafHash(text)
    const grown = grow(frontier, leaf)
    const seq = frontier.size
    made.push(...grown.made)
    frontier = grown.frontier
    return sql`(${seq}::bigint, ${new Date(change.at)}::timestamptz, ${change.kind}, ${change.subject}, ${text}, ${leaf}::bytea)`
  })
  await tx.change(sql`insert into transparency_entry (seq, at, kind, subject, entry, leaf_hash) values ${sql.join(rows)}`)
  const nodes = made.filter(({ level }) => level > 0).map(({ level, place, hash }) => sql`(${level}::int, ${place}::bigint, ${hash}::bytea)`)
  if (nodes.length > 0) await tx.change(sql`insert into transparency_node (level, place, hash) values ${sql.join(nodes)}`)
  return frontier
}

export async function sizeOf(db: Db): Promise<number> {
  const row = await db.first(sql<{ size: number }>`select coalesce(max(seq) + 1, 0) as size from transparency_entry`)
  return row?.size ?? 0
}

async function frontierOf(db: Db): Promise<Frontier> {
  const size = await sizeOf(db)
  const places = placesOf({ from: 0, to: size })
  const find = await hashesOf(db, places)
  return { size, hashes: places.map(find) }
}

/** The hashes of ranges, read together: a few dozen rows, however long the log is. */
export async function rangeHashes(db: Db, ranges: readonly Range[]): Promise<readonly Hash[]> {
  const find = await hashesOf(db, ranges.flatMap(placesOf))
  return ranges.map((range) => foldRoot(placesOf(range).map(find)))
}

type Row = { level: number; place: number; hash: Hash }

async function hashesOf(db: Db, places: readonly Place[]): Promise<(place: Place) => Hash> {
  const leaves = places.filter(({ level }) => level === 0).map(({ place }) => sql`${place}::bigint`)
  const nodes = places.filter(({ level }) => level > 0).map(({ level, place }) => sql`(${level}::int, ${place}::bigint)`)
  // One after the other: in a transaction they share a connection.
  const low = leaves.length === 0 ? [] : await db.rows(sql<Row>`select 0 as level, seq as place, leaf_hash as hash from transparency_entry where seq in (${sql.join(leaves)})`)
  const high = nodes.length === 0 ? [] : await db.rows(sql<Row>`select level, place, hash from transparency_node where (level, place) in (${sql.join(nodes)})`)
  const found = new Map([...low, ...high].map(({ level, place, hash }) => [`${level}/${place}`, hash]))
  return ({ level, place }) => {
    const hash = found.get(`${level}/${place}`)
    if (hash === undefined) throw new Error(`the transparency log lacks its hash ${level}/${place}`)
    return hash
  }
}
