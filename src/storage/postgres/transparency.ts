import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { headText, openNote, signedNote, type Head, type LogKey } from '#domain/transparency/head.ts'
import type { Kept, SignedHead, TransparencyLog } from '#domain/transparency/log.ts'
import { sameHash } from '#domain/transparency/merkle.ts'
import { consistencyRanges, inclusionRanges } from '#domain/transparency/proof.ts'
import type { Db } from './db.ts'
import { rangeHashes, sizeOf } from './transparency-append.ts'

const mostEntries = 100
const longestProof = 2 ** 50

type Tools = {
  clock: Clock
  /** Names the log; the same on all nodes. */
  origin: string
  logKey: { publicKey: Uint8Array; sign: (text: string) => Uint8Array }
}

export function transparencyLog(db: Db, { clock, origin, logKey: { publicKey, sign } }: Tools): TransparencyLog {
  const key: LogKey = { name: origin, publicKey }
  // What this process has signed or seen, so that a database brought back to an older state does not make it sign another continuation.
  let last: Head | undefined

  async function head(): Promise<SignedHead> {
    const [newest, size] = await Promise.all([newestHead(db, key), sizeOf(db)])
    for (const earlier of [last, newest]) if (earlier !== undefined) await checkContinues(db, earlier, size)
    if (newest !== undefined && newest.size >= size) return remembered(newest)
    const next: Head = { origin, size, root: await rootAt(db, size) }
    const note = signedNote(next, { key, signature: sign(headText(next)) })
    await db.change(sql`
      insert into transparency_head (origin, size, root, note, at) values (${origin}, ${size}::bigint, ${next.root}, ${note}, ${clock.now()})
      on conflict (origin, size) do nothing`)
    // Another node may have signed a later one meanwhile.
    return remembered((await newestHead(db, key)) ?? { ...next, note })
  }

  function remembered(signed: SignedHead): SignedHead {
    if (last === undefined || last.size < signed.size) last = signed
    return signed
  }

  return {
    key,
    head,
    entries: (from, to) => db.rows(sql<Kept>`
      select seq, entry as text from transparency_entry where seq between ${from}::bigint and ${Math.min(to, from + mostEntries - 1)}::bigint order by seq`),
    async inclusion(index, size) {
      if (index >= size || size > longestProof || size > (await sizeOf(db))) return undefined
      return (await rangeHashes(db, inclusionRanges(index, { from: 0, to: size }))).map(base64)
    },
    async consistency(first, second) {
      if (first > second || second > longestProof || second > (await sizeOf(db))) return undefined
      return (await rangeHashes(db, consistencyRanges(first, second))).map(base64)
    },
  }
}

const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64')

async function rootAt(db: Db, size: number): Promise<Uint8Array> {
  const [root] = await rangeHashes(db, [{ from: 0, to: size }])
  if (root === undefined) throw new RangeError('one range has one hash')
  return root
}

/** Signing a head that does not continue an earlier one would be giving our name to a rewritten log. */
async function checkContinues(db: Db, earlier: Head, size: number): Promise<void> {
  if (earlier.size > size) {
    // Read before the head was, it may be old; read again, it may not.
    if (earlier.size > (await sizeOf(db))) throw new Error(`the transparency log is shorter than its head of size ${earlier.size}`)
  }
  if (!sameHash(await rootAt(db, earlier.size), earlier.root)) throw new Error(`the transparency log is not what its head of size ${earlier.size} says`)
}

/** Only a note that our own key signed counts as one. */
async function newestHead(db: Db, key: LogKey): Promise<SignedHead | undefined> {
  const row = await db.first(sql<{ note: string }>`select note from transparency_head where origin = ${key.name} order by size desc limit 1`)
  if (row === undefined) return undefined
  const head = openNote(row.note, key)
  if (head === undefined) throw new Error('a head of the transparency log is not signed by its key')
  return { ...head, note: row.note }
}
