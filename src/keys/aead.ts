import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'
import { Problem } from '#kernel/problem.ts'
import { framed } from './framing.ts'

/** The versions of one key, newest first: the newest seals, all of them open. */
export type VersionedKeys = readonly [VersionedKey, ...VersionedKey[]]
type VersionedKey = { version: number; key: KeyObject }

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

/**
 * AES-256-GCM (NIST SP 800-38D) under a fresh random nonce of 96 bits. Answers key version ‖ nonce ‖ ciphertext ‖ tag; what
 * `context` names is authenticated with the value, and so is the key version.
 */
export function encrypt(keys: VersionedKeys, plain: string, context: readonly string[]): Uint8Array {
  const [{ version, key }] = keys
  const nonce = randomBytes(nonceLength)
  const act = createCipheriv(cipher, key, nonce, { authTagLength: tagLength })
  act.setAAD(framed(...context, String(version)))
  return Buffer.concat([Buffer.of(version), nonce, act.update(plain, 'utf8'), act.final(), act.getAuthTag()])
}

/** Throws `Problem('sealed.unreadable')` when the value was altered, moved or made with a key that is not here. */
export function decrypt(keys: VersionedKeys, sealed: Uint8Array, context: readonly string[]): string {
  const blob = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const version = blob[0]
  const key = keys.find((candidate) => candidate.version === version)?.key
  if (key === undefined || blob.length < 1 + nonceLength + tagLength) throw new Problem('sealed.unreadable')

  const act = createDecipheriv(cipher, key, blob.subarray(1, 1 + nonceLength), { authTagLength: tagLength })
  act.setAAD(framed(...context, String(version)))
  act.setAuthTag(blob.subarray(-tagLength))
  try {
    return act.update(blob.subarray(1 + nonceLength, -tagLength), undefined, 'utf8') + act.final('utf8')
  } catch (cause) {
    throw new Problem('sealed.unreadable', { cause })
  }
}
