import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Refusal } from '#kernel/refusal.ts'
import { deriveKey } from './derive.ts'
import { keyBeside } from './log-key-file.ts'
import { makeLogSigner, type LogSigner } from './log-signer.ts'
import { readPrivate } from './private-file.ts'
import { publicPart, type PublicJwk } from './public-part.ts'
import { foundFile, makeRingFile, serveTwice, type FoundFile, type PrivateJwk, type RingFile, type SigningEntry } from './ring-file.ts'
import { makeNamedSealer, makeSealer, type NamedSealer, type VersionedSecrets } from './sealer.ts'
import type { Sealer } from './seal.ts'
import { writeOnce } from './write-once.ts'

/** Every key of the house, each for one purpose. Frozen: rotation is a new file and a new keyring. */
export type Keyring = Readonly<{
  /** Private signing keys in the order the provider should choose, as the file alone has it. */
  jwks: { keys: PrivateJwk[] }
  signing: readonly SigningEntry[]
  /** Every key that signs, with what it is for and how far it has come: what the transparency log says of them. */
  present: readonly PresentKey[]
  /** Signs the heads of the transparency log. */
  logKey: LogSigner
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

export type PresentKey = { use: 'tokens' | 'log'; state: 'staged' | 'activated' | 'retired'; jwk: PublicJwk }

/**
 * Reads the key file, or makes one when it is missing and `create` allows it (development only). Throws `Refusal` when the
 * file is missing, may be read by other users, or does not hold what it should. Of two processes that make the file at the
 * same time one wins and both read the winner's. A file from before there was a transparency log gets
 * the log's key beside it, likewise once.
 */
export async function openKeyring(options: { file: string; create: boolean; now?: () => Date }): Promise<Keyring> {
  const { file, create } = options
  const found = await readPrivate(file)
  if (found !== undefined) return makeKeyring(await completed(file, parse(file, found), options.now))
  if (!create) {
    throw new Refusal(`The key file ${file} is missing. Production never makes keys by itself: put the file there, correct KEYRING_FILE, or make the first one with "eid keys init".`)
  }
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeOnce(file, `${JSON.stringify(await makeRingFile((options.now ?? (() => new Date()))()), null, 2)}\n`)
  return openKeyring({ file, create: false })
}

/**
 * Makes the key file of a new server, which its owner may read and nobody may write: once, never over a file that is there. Throws `Refusal` where there
 * is one, or no folder for it.
 */
export async function makeKeyFile(file: string, now: Date): Promise<RingFile> {
  const ring = await makeRingFile(now)
  const made = await writeOnce(file, `${JSON.stringify(ring, null, 2)}\n`, 0o400).catch((cause: unknown) => {
    throw new Refusal(`${file} cannot be written: is its folder there, and yours?`, { cause })
  })
  if (!made) throw new Refusal(`${file} is there already, and was left as it is: what it has sealed nothing else opens. Name another file.`)
  return ring
}

export function makeKeyring(ring: RingFile): Keyring {
  const secretOf = (text: string) => Buffer.from(text, 'base64url')
  const { secrets, transparency } = ring
  return Object.freeze({
    jwks: { keys: inOrder(ring.signing, ({ state }) => state) },
    signing: Object.freeze(ring.signing),
    present: Object.freeze([
      ...ring.signing.map(({ state, jwk }) => ({ use: 'tokens' as const, state: state === 'active' ? 'activated' as const : state, jwk: publicPart(jwk) })),
      { use: 'log' as const, state: 'activated' as const, jwk: publicPart(transparency.jwk) },
    ]),
    logKey: makeLogSigner(transparency.jwk),
    sealer: makeSealer({ seal: newestFirst(secrets.seal), index: secretOf(secrets.index) }),
    volatileSealer: makeNamedSealer(newestFirst(secrets.volatile)),
    pairwiseKey: deriveKey(secretOf(secrets.pairwise), 'pairwise'),
    cookieKeys: nonEmpty(secrets.cookie.map((text) => deriveKey(secretOf(text), 'cookie'))),
    csrfKey: deriveKey(secretOf(secrets.csrf), 'csrf'),
    decoyKey: deriveKey(secretOf(secrets.decoy), 'decoy'),
    dpopNonceSecret: deriveKey(secretOf(secrets.csrf), 'dpop-nonce').export(),
  })
}

const rank = { active: 0, staged: 1, retired: 2 } as const satisfies Record<SigningEntry['state'], number>

/** The provider signs with the first key that fits an algorithm, and publishes them all. */
export function inOrder(signing: readonly SigningEntry[], stateOf: (entry: SigningEntry) => SigningEntry['state']): PrivateJwk[] {
  return signing.toSorted((a, b) => rank[stateOf(a)] - rank[stateOf(b)]).map(({ jwk }) => jwk)
}

function newestFirst(list: RingFile['secrets']['seal']): VersionedSecrets {
  const sorted = list.toSorted((a, b) => b.version - a.version)
  return nonEmpty(sorted.map(({ version, secret }) => ({ version, secret: Buffer.from(secret, 'base64url') })))
}

function nonEmpty<Item>([first, ...rest]: readonly Item[]): readonly [Item, ...Item[]] {
  if (first === undefined) throw new RangeError('the schema of the key file lets no list be empty')
  return [first, ...rest]
}

/** Reads a key file once more, whole. Throws `Refusal` as `openKeyring` does. */
export async function readRing(file: string): Promise<RingFile> {
  const found = await readPrivate(file)
  if (found === undefined) throw new Refusal(`The key file ${file} is missing.`)
  return completed(file, parse(file, found))
}

async function completed(file: string, found: FoundFile, now = () => new Date()): Promise<RingFile> {
  const ring = { ...found, transparency: found.transparency ?? await keyBeside(file, now) }
  if (serveTwice(ring)) throw new Refusal(`The key file ${file} has a key that signs both tokens and the transparency log: give each its own.`)
  return ring
}

function parse(file: string, text: string): FoundFile {
  const result = foundFile.safeParse(json(text))
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
