import { createPublicKey, verify } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { calculateJwkThumbprint, CompactSign, compactVerify, importJWK } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeKeyring, openKeyring } from '#keys/keyring.ts'
import { makeRingFile, type RingFile } from '#keys/ring-file.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

let ring: RingFile
beforeAll(async () => {
  ring = await makeRingFile(new Date('2026-01-02T03:04:05Z'))
})

/** A key file as an operator would put it there. */
function fileWith(content: unknown): string {
  const file = join(temporaryFolder(), 'keyring.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 })
  return file
}

describe('a fresh keyring', () => {
  test('has a key that works for each algorithm, named by its thumbprint', async () => {
    const { jwks } = makeKeyring(ring)
    expect(jwks.keys.map(({ alg }) => alg)).toEqual(['ES256', 'EdDSA', 'PS256', 'RS256'])
    for (const jwk of jwks.keys) {
      expect(jwk.kid).toBe(await calculateJwkThumbprint(jwk))
      const { d: _d, ...open } = jwk
      const signed = await new CompactSign(Buffer.from('text')).setProtectedHeader({ alg: jwk.alg }).sign(await importJWK(jwk))
      await expect(compactVerify(signed, await importJWK({ kty: open.kty, ...publicPart(jwk) }, jwk.alg))).resolves.toBeDefined()
    }
  })

  test('uses no secret and no key twice', () => {
    const { secrets } = ring
    const all = [
      ...secrets.seal, ...secrets.volatile,
    ].map(({ secret }) => secret).concat(secrets.index, secrets.pairwise, secrets.cookie, secrets.csrf, secrets.decoy)
    expect(new Set(all).size).toBe(all.length)
    const { pairwiseKey, cookieKeys, csrfKey, decoyKey } = makeKeyring(ring)
    const derived = [pairwiseKey, ...cookieKeys, csrfKey, decoyKey].map((key) => key.export().toString('hex'))
    expect(new Set(derived).size).toBe(5)
  })

  test('gives other keys for the same secret under another purpose', () => {
    const { secret } = ring.secrets.seal[0] ?? { secret: '' }
    const { pairwiseKey, csrfKey } = makeKeyring({ ...ring, secrets: { ...ring.secrets, pairwise: secret, csrf: secret } })
    expect(pairwiseKey.equals(csrfKey)).toBe(false)
  })

  test('puts active keys before staged and retired ones, and the newest seal version first', () => {
    const states = ['retired', 'staged', 'active', 'active'] as const
    const signing = ring.signing.map((key, at) => ({ ...key, state: states[at] ?? 'active' }))
    const seal = [...ring.secrets.seal, { version: 2, secret: ring.secrets.index }]
    const keyring = makeKeyring({ ...ring, signing, secrets: { ...ring.secrets, seal } })
    expect(keyring.jwks.keys.map(({ alg }) => alg)).toEqual(['PS256', 'RS256', 'EdDSA', 'ES256'])
    expect(keyring.sealer.seal('x', { table: 't', column: 'c', row: 'r' })[0]).toBe(2)
  })
})

describe('the key of the transparency log', () => {
  const older = () => ({ ...ring, transparency: undefined })

  test('is made once beside a file from before there was a log, which stays as it is', async () => {
    const file = fileWith(older())
    const before = readFileSync(file, 'utf8')
    const opened = await Promise.all(Array.from({ length: 4 }, () => openKeyring({ file, create: false })))
    expect(new Set(opened.map(({ logKey }) => Buffer.from(logKey.publicKey).toString('hex'))).size).toBe(1)
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(statSync(`${file}.transparency`).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(file, '..')).toSorted()).toEqual(['keyring.json', 'keyring.json.transparency'])
  })

  test('is refused when it signs tokens too, is not one, or may be read by others', async () => {
    const [jwk] = ring.signing.flatMap((key) => (key.jwk.kty === 'OKP' ? [key.jwk] : []))
    await expect(openKeyring({ file: fileWith({ ...ring, transparency: { createdAt: '2026-01-02T03:04:05Z', jwk } }), create: false })).rejects.toThrow('give each its own')
    const file = fileWith(older())
    writeFileSync(`${file}.transparency`, 'SECRET{', { mode: 0o600 })
    await expect(openKeyring({ file, create: false })).rejects.toThrow(/not as it should be(?!.*SECRET)/)
    chmodSync(`${file}.transparency`, 0o640)
    await expect(openKeyring({ file, create: false })).rejects.toThrow('chmod 600')
  })

  test('is in a new file, signs, and is not among the keys for tokens (K04)', () => {
    const { logKey, jwks, present } = makeKeyring(ring)
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(logKey.publicKey).toString('base64url') }, format: 'jwk' })
    expect(verify(null, Buffer.from('ế'), key, logKey.sign('ế'))).toBe(true)
    expect(jwks.keys.map(({ kid }) => kid)).not.toContain(ring.transparency.jwk.kid)
    expect(present.map(({ use, state }) => `${use} ${state}`)).toEqual([...Array(4).fill('tokens activated'), 'log activated'])
    expect(JSON.stringify(present)).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
  })
})

describe('opening the key file', () => {
  test('makes one when that is allowed, for the owner only, and reads the same keys again', async () => {
    const file = join(temporaryFolder(), 'keys', 'keyring.json')
    const made = await openKeyring({ file, create: true })
    const again = await openKeyring({ file, create: false })
    expect(again.jwks).toEqual(made.jwks)
    expect(again.pairwiseKey.equals(made.pairwiseKey)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(file, '..'))).toEqual(['keyring.json'])
  })

  test('of two makers at once both have the keys of one', async () => {
    const file = join(temporaryFolder(), 'keyring.json')
    const [one, two] = await Promise.all([openKeyring({ file, create: true }), openKeyring({ file, create: true })])
    expect(one.jwks).toEqual(two.jwks)
  })

  test('refuses a missing file where none may be made, and makes none', async () => {
    const file = join(temporaryFolder(), 'keyring.json')
    await expect(openKeyring({ file, create: false })).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining(file) })
    expect(existsSync(file)).toBe(false)
  })

  test.each([0o640, 0o604, 0o660])('refuses a file that others can open (mode %o)', async (mode) => {
    const file = fileWith(ring)
    chmodSync(file, mode)
    await expect(openKeyring({ file, create: true })).rejects.toMatchObject({ name: 'Refusal', message: expect.stringContaining('chmod 600') })
  })

  test.each([
    ['no JSON', 'SECRET{'],
    ['an unknown field', () => ({ ...ring, more: 1 })],
    ['a missing secret', () => ({ ...ring, secrets: { ...ring.secrets, csrf: undefined } })],
    ['a short secret', () => ({ ...ring, secrets: { ...ring.secrets, csrf: 'SECRET' } })],
    ['no signing key', () => ({ ...ring, signing: [] })],
    ['a public key', () => ({ ...ring, signing: ring.signing.map((key) => ({ ...key, jwk: { ...key.jwk, d: undefined } })) })],
    ['a key twice', () => ({ ...ring, signing: [...ring.signing, ...ring.signing] })],
    ['a secret for two purposes', () => ({ ...ring, secrets: { ...ring.secrets, csrf: ring.secrets.index } })],
    ['a version twice', () => ({ ...ring, secrets: { ...ring.secrets, seal: [...ring.secrets.seal, { version: 1, secret: ring.secrets.csrf }] } })],
    ['an algorithm that is not of its key', () => ({ ...ring, signing: ring.signing.map((key) => ({ ...key, jwk: { ...key.jwk, alg: 'ES256' } })) })],
  ])('refuses a file with %s and shows none of it', async (_what, content) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content())
    const file = fileWith(text)
    const refusal = await openKeyring({ file, create: true }).then(() => undefined, (reason: unknown) => reason)
    expect(refusal).toMatchObject({ name: 'Refusal' })
    expect(String(refusal)).not.toContain('SECRET')
    for (const { jwk } of ring.signing) expect(String(refusal)).not.toContain(jwk.d)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })
})

function publicPart(jwk: RingFile['signing'][number]['jwk']) {
  if (jwk.kty === 'RSA') return { n: jwk.n, e: jwk.e }
  return jwk.kty === 'EC' ? { crv: jwk.crv, x: jwk.x, y: jwk.y } : { crv: jwk.crv, x: jwk.x }
}
