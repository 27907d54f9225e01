import { createPrivateKey, sign } from 'node:crypto'
import type { LogKeyEntry } from './ring-file.ts'

export type LogSigner = {
  /** The 32 bytes of an Ed25519 public key (RFC 8032 §5.1.5). */
  publicKey: Uint8Array
  sign: (text: string) => Uint8Array
}

export function makeLogSigner(jwk: LogKeyEntry['jwk']): LogSigner {
  const { kty, crv, x, d } = jwk
  const key = createPrivateKey({ key: { kty, crv, x, d }, format: 'jwk' })
  return { publicKey: new Uint8Array(Buffer.from(x, 'base64url')), sign: (text) => new Uint8Array(sign(null, Buffer.from(text, 'utf8'), key)) }
}
