import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/**
 * A key of 256 bits for one purpose (RFC 5869 HKDF-SHA-256, the purpose as `info`). Everything that seals or signs takes
 * its key from here, so that a secret of the keyring never serves two purposes (K04). A KeyObject, because
 * `createHmac` with a Buffer key is eight times as slow on Node 24.
 */
export function deriveKey(secret: Uint8Array, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, new Uint8Array(), `dinh-danh/${purpose}`, 32)))
}
