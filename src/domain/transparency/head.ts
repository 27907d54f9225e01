import { createPublicKey, hash, verify } from 'node:crypto'
import type { Hash } from './merkle.ts'

/** How far a log has come. `origin` names the log: the issuer's host and the path of the log, without a scheme. */
export type Head = { origin: string; size: number; root: Hash }

/** The key that signs the heads of one log. */
export type LogKey = { name: string; publicKey: Uint8Array }

/** Ed25519 in signed notes (C2SP signed-note, "Signature types"). */
const ed25519 = 0x01

/** What is signed (C2SP tlog-checkpoint, "Note text"). */
export function headText({ origin, size, root }: Head): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

function keyId({ name, publicKey }: LogKey): Buffer {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ed25519), publicKey]), 'buffer').subarray(0, 4)
}

/** The key as one line of text, as tools for signed notes take it: name, id, key. */
export function keyText(key: LogKey): string {
  const key64 = Buffer.concat([Uint8Array.of(ed25519), key.publicKey]).toString('base64')
  return `${key.name}+${keyId(key).toString('hex')}+${key64}`
}

/** Reads such a line; `undefined` when its parts do not belong together. */
export function readKeyText(text: string): LogKey | undefined {
  const [, name = '', id = '', key64 = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim()) ?? []
  const bytes = Buffer.from(key64, 'base64')
  if (bytes.length !== 33 || bytes[0] !== ed25519) return undefined
  const key = { name, publicKey: new Uint8Array(bytes.subarray(1)) }
  return keyId(key).toString('hex') === id ? key : undefined
}

/** A head with its signature below (C2SP signed-note, "Format"). */
export function signedNote(head: Head, { key, signature }: { key: LogKey; signature: Uint8Array }): string {
  return `${headText(head)}\n— ${key.name} ${Buffer.concat([keyId(key), signature]).toString('base64')}\n`
}

/**
 * The head in a note that this key signed for the log of its name; `undefined` for every other. Lines of other signers, as
 * witnesses add them, are passed over.
 */
export function openNote(note: string, key: LogKey): Head | undefined {
  const [text, signatures] = [note.slice(0, note.indexOf('\n\n') + 1), note.slice(note.indexOf('\n\n') + 2)]
  const [, origin, size, root64 = ''] = /^(\S+)\n(0|[1-9]\d{0,14})\n([A-Za-z0-9+/]{43}=)\n$/.exec(text) ?? []
  if (origin !== key.name || size === undefined) return undefined
  const own = signatures.split('\n').map((line) => /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line)).filter((found) => found?.[1] === key.name)
  const signed = own.some((found) => isSigned(text, { key, signature: Buffer.from(found?.[2] ?? '', 'base64') }))
  return signed ? { origin, size: Number(size), root: new Uint8Array(Buffer.from(root64, 'base64')) } : undefined
}

function isSigned(text: string, { key, signature }: { key: LogKey; signature: Buffer }): boolean {
  if (signature.length !== 68 || !signature.subarray(0, 4).equals(keyId(key))) return false
  const x = Buffer.from(key.publicKey).toString('base64url')
  return verify(null, Buffer.from(text), createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), signature.subarray(4))
}
