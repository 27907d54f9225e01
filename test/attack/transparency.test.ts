import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import { clientMove, operator, readEntry, type Entry } from '#domain/transparency/entry.ts'
import type { SignedHead } from '#domain/transparency/log.ts'
import { watch } from '#domain/transparency/watch.ts'
import type { Database, Db } from '#storage/postgres/db.ts'
import { transparencyLog } from '#storage/postgres/transparency.ts'
import { appendTo } from '#storage/postgres/transparency-append.ts'
import { databases } from '#test/support/engines.ts'
import { aLogKey, asSuperuser, at, clock } from '#test/support/transparency.ts'

/** L02: the administrator of the database, with every trigger at rest, against somebody who looked before. */
const { signer } = aLogKey()
const suspended = (name: string): Entry => clientMove({ client: clientId.parse(name), to: 'suspended', by: operator, at })
const honest = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(suspended)

type Attack = {
  /** With a statement, while tree and heads stay. */
  statement: (tx: Db) => Promise<unknown>
  sees: string
  /** Thoroughly: the whole tree made anew over these entries, all heads gone. */
  anew: readonly Entry[]
  seesAnew: string
}

const forged = sql`replace((select entry from transparency_entry where seq = 3), '"d"', '"mallory"')`
const attacks: Readonly<Record<string, Attack>> = {
  'edits an entry': {
    statement: (tx) => tx.change(sql`update transparency_entry set entry = ${forged} where seq = 3`), sees: 'mismatch',
    anew: honest.with(3, suspended('mallory')), seesAnew: 'rewritten',
  },
  'deletes an entry': {
    statement: (tx) => tx.change(sql`delete from transparency_entry where seq = 3`), sees: 'short',
    anew: honest.toSpliced(3, 1), seesAnew: 'shrunk',
  },
  'changes the order': {
    statement: async (tx) => {
      for (const [from, to] of [[3, 100], [4, 3], [100, 4]]) await tx.change(sql`update transparency_entry set seq = ${to}::bigint where seq = ${from}::bigint`)
    }, sees: 'mismatch',
    anew: honest.with(3, suspended('e')).with(4, suspended('d')), seesAnew: 'rewritten',
  },
  'inserts into the past': {
    statement: async (tx) => {
      for (const seq of [7, 6, 5, 4, 3]) await tx.change(sql`update transparency_entry set seq = seq + 1 where seq = ${seq}::bigint`)
      await tx.change(sql`insert into transparency_entry select 3, at, kind, subject, entry, leaf_hash from transparency_entry where seq = 0`)
    }, sees: 'mismatch',
    anew: honest.toSpliced(3, 0, suspended('mallory')), seesAnew: 'rewritten',
  },
  'cuts the end off': {
    statement: (tx) => tx.change(sql`delete from transparency_entry where seq >= 6`), sees: 'short',
    anew: honest.slice(0, 6), seesAnew: 'shrunk',
  },
  'replaces the tail': {
    statement: (tx) => tx.change(sql`update transparency_entry set entry = ${forged} where seq >= 6`), sees: 'mismatch',
    anew: [...honest.slice(0, 6), suspended('mallory'), suspended('h'), suspended('i')], seesAnew: 'rewritten',
  },
}

describe.each(Object.entries(databases))('on %s, whoever owns the database and', (_name, open) => {
  let db: Database
  let seen: SignedHead
  const opened = () => transparencyLog(db, { clock, origin: 'eid.example/minh-bach/log', logKey: signer })
  beforeEach(async () => {
    db = await open()
    await db.transaction((tx) => appendTo(tx, ...honest))
    seen = await opened().head()
  })

  async function* served(): AsyncGenerator<string> {
    for (const { entry } of await db.rows(sql<{ entry: string }>`select entry from transparency_entry order by seq`)) yield entry
  }
  const watched = async (checkpoint: string, more: { last?: string; others?: readonly string[] }) =>
    (await watch({ key: opened().key, checkpoint, entries: served(), ...more })).findings.map(({ is }) => is)

  async function madeAnew(entries: readonly Entry[]): Promise<SignedHead> {
    await asSuperuser(db, async (tx) => {
      for (const table of ['entry', 'node', 'head']) await tx.change(sql`delete from ${sql.id(`transparency_${table}`)}`)
      await appendTo(tx, ...entries)
    })
    return opened().head()
  }

  test.each(Object.entries(attacks))('%s is found out', async (_what, { statement, sees, anew, seesAnew }) => {
    await asSuperuser(db, async (tx) => void (await statement(tx)))
    expect(await watched(seen.note, { last: seen.note })).toContain(sees)
    const { note } = await madeAnew(anew)
    expect(await watched(note, { last: seen.note })).toEqual([seesAnew])
  })

  test('shows two logs to two people is found out when they compare their heads', async () => {
    const { note } = await madeAnew([...honest.slice(0, 7), suspended('mallory')])
    expect(await watched(note, {})).toEqual([])
    expect(await watched(note, { others: [seen.note] })).toEqual(['forked'])
  })

  test('does nothing of that is not accused', async () => {
    await db.transaction((tx) => appendTo(tx, suspended('i')))
    const { note } = await opened().head()
    expect(await watched(note, { last: seen.note, others: [seen.note] })).toEqual([])
    expect(readEntry((await opened().entries(8, 8))[0]?.text ?? '').subject).toBe('i')
  })
})
