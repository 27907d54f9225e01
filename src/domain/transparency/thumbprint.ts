import { hash } from 'node:crypto'
import { canonical } from '#kernel/canonical.ts'

/** The members that are the key itself (RFC 7638 §3.2, RFC 8037 §2). A symmetric key is not here: its digest would help to guess it. */
const required: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
  OKP: ['crv', 'kty', 'x'],
}

/** The digest by which everybody calls a public key (RFC 7638); `undefined` for what is none. */
export function thumbprint(jwk: Readonly<Record<string, unknown>>): string | undefined {
  const names = required[String(jwk['kty'])]
  const members = names?.map((name) => [name, jwk[name]] as const)
  if (members === undefined || members.some(([, value]) => typeof value !== 'string')) return undefined
  return hash('sha256', canonical(Object.fromEntries(members.map(([name, value]) => [name, String(value)]))), 'base64url')
}
