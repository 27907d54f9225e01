import { generateKeyPairSync } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import { leafHash, emptyFrontier, foldRoot, grow } from '#domain/transparency/merkle.ts'
import { makeLogSigner, type LogSigner } from '#keys/log-signer.ts'
import { logKey } from '#keys/ring-file.ts'
import type { Db } from '#storage/postgres/db.ts'

export const at = new Date('2026-02-03T04:05:06.789Z')
export const clock: Clock = { now: () => at }

export function aLogKey(): { jwk: Readonly<Record<string, string>>; signer: LogSigner } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { jwk } = logKey.parse({ createdAt: at.toISOString(), jwk: { ...privateKey.export({ format: 'jwk' }), kid: 'k'.repeat(43), use: 'sig', alg: 'EdDSA' } })
  const { d: _d, ...open } = jwk
  return { jwk: open, signer: makeLogSigner(jwk) }
}

export function rootOfTexts(texts: readonly string[]): Uint8Array {
  const { hashes } = texts.reduce((frontier, text) => grow(frontier, leafHash(text)).frontier, emptyFrontier)
  return foldRoot(hashes)
}

/** What the owner of the database can do when nothing of ours is in the way. */
export async function asSuperuser(db: Db, work: (tx: Db) => Promise<void>): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.change(sql`set local session_replication_role = replica`)
    await work(tx)
  })
}
