import { randomBytes } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { z } from 'zod'

/** ES256 first: it is the default, and the provider takes the first key that fits. */
export const signingAlgorithms = ['ES256', 'EdDSA', 'PS256', 'RS256'] as const
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)
/** 32 random bytes (K08). */
const secret = base64url.length(43)
const version = z.int().min(1).max(255)
const versioned = z.array(z.strictObject({ version, secret })).min(1)
  .refine((list) => distinct(list.map((each) => each.version)), 'two secrets have the same version')

const own = { kid: base64url.length(43), use: z.literal('sig'), d: base64url }
/** Private keys as RFC 7517/7518 write them, with nothing that is not of their kind. */
const privateJwk = z.discriminatedUnion('kty', [
  z.strictObject({ ...own, kty: z.literal('EC'), alg: z.literal('ES256'), crv: z.literal('P-256'), x: base64url, y: base64url }),
  z.strictObject({ ...own, kty: z.literal('OKP'), alg: z.literal('EdDSA'), crv: z.literal('Ed25519'), x: base64url }),
  z.strictObject({
    ...own, kty: z.literal('RSA'), alg: z.enum(['PS256', 'RS256']), n: base64url, e: base64url,
    p: base64url, q: base64url, dp: base64url, dq: base64url, qi: base64url,
  }),
])
export type PrivateJwk = z.infer<typeof privateJwk>

/** Signs the heads of the transparency log and nothing else; Ed25519, which is what tools for signed notes know. */
const logJwk = z.strictObject({ ...own, kty: z.literal('OKP'), alg: z.literal('EdDSA'), crv: z.literal('Ed25519'), x: base64url.length(43) })
export const logKey = z.strictObject({ createdAt: z.iso.datetime(), jwk: logJwk })
export type LogKeyEntry = z.infer<typeof logKey>

/** One key that signs tokens. */
export const signingEntry = z.strictObject({
  /** staged: published, unused; active: signs; retired: published until the last token has expired. */
  state: z.enum(['staged', 'active', 'retired']),
  createdAt: z.iso.datetime(),
  jwk: privateJwk,
})

const shape = {
  version: z.literal(1),
  signing: z.array(signingEntry).min(1)
    .refine((keys) => distinct(keys.map(({ jwk }) => jwk.kid)), 'two keys have the same kid')
    .refine((keys) => distinct(keys.map(({ jwk }) => jwk.d)), 'one key is there under two names'),
  secrets: z.strictObject({
    seal: versioned,
    volatile: versioned,
    index: secret,
    pairwise: secret,
    cookie: z.array(secret).min(1),
    csrf: secret,
    decoy: secret,
  }).refine((secrets) => distinct(everySecret(secrets)), 'a secret serves two purposes'),
}

/** The whole file. Symmetric secrets are lists, newest first; each has one purpose (K04). */
export const ringFile = z.strictObject({ ...shape, transparency: logKey })
export type RingFile = z.infer<typeof ringFile>

/** As it may be found: without the log's key where it is from before there was a log (see `log-key-file.ts`). */
export const foundFile = z.strictObject({ ...shape, transparency: logKey.optional() })
export type FoundFile = z.infer<typeof foundFile>

export type SigningEntry = z.infer<typeof signingEntry>

/** Whether a key signs both tokens and heads of the log (K04). */
export function serveTwice({ signing, transparency }: RingFile): boolean {
  return signing.some(({ jwk }) => jwk.d === transparency.jwk.d)
}

type Secrets = Readonly<Record<string, string | readonly (string | { secret: string })[]>>

export function everySecret(secrets: Secrets): readonly string[] {
  return Object.values(secrets).flat().map((each) => (typeof each === 'string' ? each : each.secret))
}

function distinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}

/** Fresh keys for a server that has none: one of each signing algorithm and a secret for every purpose. */
export async function makeRingFile(now: Date): Promise<RingFile> {
  const fresh = () => randomBytes(32).toString('base64url')
  const jwks = await Promise.all(signingAlgorithms.map(makeSigningJwk))
  return ringFile.parse({
    version: 1,
    signing: jwks.map((jwk) => ({ state: 'active', createdAt: now.toISOString(), jwk })),
    transparency: await makeLogKey(now),
    secrets: {
      seal: [{ version: 1, secret: fresh() }],
      volatile: [{ version: 1, secret: fresh() }],
      index: fresh(),
      pairwise: fresh(),
      cookie: [fresh(), fresh()],
      csrf: fresh(),
      decoy: fresh(),
    },
  })
}

export async function makeLogKey(now: Date): Promise<LogKeyEntry> {
  return logKey.parse({ createdAt: now.toISOString(), jwk: await makeSigningJwk('EdDSA') })
}

/** RSA of 3,072 bits, for 2,048 is below what is asked of new keys (K05). The `kid` is the RFC 7638 thumbprint. */
export async function makeSigningJwk(alg: SigningAlgorithm): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 3072 })
  const { ext: _ext, key_ops: _ops, ...jwk } = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' }
}
