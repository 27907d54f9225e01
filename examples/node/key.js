import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }

/**
 * This client's key: made at the first start, kept in a file that only this program reads. The public half is what `/jwks` shows; to
 * change the key, publish a second one beside it, sign with that, and take the first away later.
 */
export async function ownKey(file) {
  if (!existsSync(file)) {
    const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const jwk = await crypto.subtle.exportKey('jwk', privateKey)
    writeFileSync(file, JSON.stringify({ ...jwk, kid: crypto.randomUUID() }), { mode: 0o600 })
  }
  const { kid, ...jwk } = JSON.parse(readFileSync(file, 'utf8'))
  const { kty, crv, x, y } = jwk
  return {
    private: { key: await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']), kid },
    published: { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }] },
  }
}
