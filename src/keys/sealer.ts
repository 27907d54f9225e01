import { createHmac } from 'node:crypto'
import { decrypt, encrypt, type VersionedKeys } from './aead.ts'
import { deriveKey } from './derive.ts'
import { framed } from './framing.ts'
import type { Sealer } from './seal.ts'

/** A secret of 32 random bytes with the version (1–255) that is written in front of everything sealed with it. */
export type VersionedSecret = { version: number; secret: Uint8Array }
/** Newest first: the newest seals, all of them open. */
export type VersionedSecrets = readonly [VersionedSecret, ...VersionedSecret[]]

/** What seals values that live under a name instead of in a row: the volatile store in Redis. */
export type NamedSealer = {
  seal: (plain: string, name: string) => Uint8Array
  /** Throws `Problem('sealed.unreadable')` when the value was altered or belongs to another name. */
  open: (sealed: Uint8Array, name: string) => string
}

/** Seals fields of personal data and finds them again (D03). */
export function makeSealer(secrets: { seal: VersionedSecrets; index: Uint8Array }): Sealer {
  const keys = versions(secrets.seal, 'seal')
  const indexKey = deriveKey(secrets.index, 'index')
  return {
    seal: (plain, place) => encrypt(keys, plain, [place.table, place.column, place.row]),
    open: (sealed, place) => decrypt(keys, sealed, [place.table, place.column, place.row]),
    index: (kind, value) => createHmac('sha256', indexKey).update(framed('v1', kind, value.normalize('NFKC'))).digest(),
  }
}

/** Seals short-lived values under the name of their key (CVE-2023-28858). */
export function makeNamedSealer(secrets: VersionedSecrets): NamedSealer {
  const keys = versions(secrets, 'volatile')
  return {
    seal: (plain, name) => encrypt(keys, plain, [name]),
    open: (sealed, name) => decrypt(keys, sealed, [name]),
  }
}

function versions([newest, ...older]: VersionedSecrets, purpose: string): VersionedKeys {
  const derive = ({ version, secret }: VersionedSecret) => ({ version, key: deriveKey(secret, purpose) })
  return [derive(newest), ...older.map(derive)]
}
