import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { deriveKey } from './derive.ts'
import { writeOnce } from './write-once.ts'
import { makeRingFile, ringFile, type PrivateJwk, type RingFile } from './ring-file.ts'
import { makeNamedSealer, makeSealer, type NamedSealer, type VersionedSecrets } from './sealer.ts'
import type { Sealer } from './seal.ts'

/** Every key of the house, each for one purpose. Frozen: rotation is a new file and a new keyring. */
export type Keyring = Readonly<{
  /** Private signing keys in the order the provider should choose: active, staged, retired. */
  jwks: { keys: PrivateJwk[] }
  sealer: Sealer
  volatileSealer: NamedSealer
  /** For pairwise subjects (OIDC Core §8.1). It cannot be changed for pairs that exist. */
  pairwiseKey: KeyObject
  /** Newest first; what an older one signed is still taken. */
  cookieKeys: readonly [KeyObject, ...KeyObject[]]
  csrfKey: KeyObject
  /** Makes up answers for accounts that do not exist, always the same ones. */
  decoyKey: KeyObject
  /** 32 bytes from which nonces of DPoP proofs are made, the same on all nodes (RFC 9449 §8). */
  dpopNonceSecret: Buffer
}>

/**
 * Reads the key file, or makes one when it is missing and `create` allows it (development only). Throws `Refusal` when the
 * file is missing, may be read by other users, or does not hold what it should. Of two processes that make the file at the
 * same time one wins and both read the winner's.
 */
export async function openKeyring(options: { file: string; create: boolean; now?: () => Date }): Promise<Keyring> {
  const { file, create } = options
  const found = await readPrivate(file)
  if (found !== undefined) return makeKeyring(parse(file, found))
  if (!create) {
    throw new Refusal(`The key file ${file} is missing. Production never makes keys by itself: put the file there, or correct KEYRING_FILE.`)
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeOnce(file, `${JSON.stringify(await makeRingFile((options.now ?? (() => new Date()))()), null, 2)}\n`)
  return openKeyring({ file, create: false })
}

export function makeKeyring(ring: RingFile): Keyring {
  const secretOf = (text: string) => Buffer.from(text, 'base64url')
  const { secrets } = ring
  return Object.freeze({
    jwks: { keys: inOrder(ring) },
    sealer: makeSealer({ seal: newestFirst(secrets.seal), index: secretOf(secrets.index) }),
    volatileSealer: makeNamedSealer(newestFirst(secrets.volatile)),
    pairwiseKey: deriveKey(secretOf(secrets.pairwise), 'pairwise'),
    cookieKeys: nonEmpty(secrets.cookie.map((text) => deriveKey(secretOf(text), 'cookie'))),
    csrfKey: deriveKey(secretOf(secrets.csrf), 'csrf'),
    decoyKey: deriveKey(secretOf(secrets.decoy), 'decoy'),
    dpopNonceSecret: deriveKey(secretOf(secrets.csrf), 'dpop-nonce').export(),
  })
}

function inOrder({ signing }: RingFile): PrivateJwk[] {
  const rank = { active: 0, staged: 1, retired: 2 }
  return signing.toSorted((a, b) => rank[a.state] - rank[b.state]).map(({ jwk }) => jwk)
}

function newestFirst(list: RingFile['secrets']['seal']): VersionedSecrets {
  const sorted = list.toSorted((a, b) => b.version - a.version)
  return nonEmpty(sorted.map(({ version, secret }) => ({ version, secret: Buffer.from(secret, 'base64url') })))
}

function nonEmpty<Item>([first, ...rest]: readonly Item[]): readonly [Item, ...Item[]] {
  if (first === undefined) throw new RangeError('the schema of the key file lets no list be empty')
  return [first, ...rest]
}

function parse(file: string, text: string): RingFile {
  const result = ringFile.safeParse(json(text))
  if (result.success) return result.data
  throw new Refusal(`The key file ${file} is not as it should be: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which holds keys.
    return undefined
  }
}

/** The text of a file that only its owner may read; undefined when there is none. The open file is judged, not its name. */
async function readPrivate(file: string): Promise<string | undefined> {
  let handle
  try {
    handle = await open(file, constants.O_RDONLY)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw new Refusal(`The key file ${file} cannot be read.`, { cause })
  }
  try {
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) {
      throw new Refusal(`The key file ${file} may be read by other users. Run: chmod 600 ${file}`)
    }
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
