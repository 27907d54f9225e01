import { calculateJwkThumbprint } from 'jose'
import { everySecret, type RingFile } from './ring-file.ts'

/** What two key files have in common: a key under whatever name, or a secret for whatever purpose; `undefined` where all is apart. */
export async function sharedBy(one: RingFile, other: RingFile): Promise<'key' | 'secret' | undefined> {
  const [ours, theirs] = await Promise.all([keysOf(one), keysOf(other)])
  if (theirs.some((key) => ours.includes(key))) return 'key'
  const secrets = new Set(everySecret(one.secrets))
  return everySecret(other.secrets).some((secret) => secrets.has(secret)) ? 'secret' : undefined
}

/** By the keys themselves, for a `kid` is what somebody has written beside one (RFC 7638). */
function keysOf({ signing, transparency }: RingFile): Promise<readonly string[]> {
  return Promise.all([...signing, transparency].map(({ jwk }) => calculateJwkThumbprint(jwk)))
}
