import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { readSignedAnswer } from '#keys/signed-answer.ts'

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

const now = new Date('2026-11-26T08:00:00Z')
const seconds = now.getTime() / 1000
const expected = { issuer: 'https://face.example', audience: 'https://id.example', type: 'face+jwt', oldest: 60, now }
const right = { iss: expected.issuer, aud: expected.audience, iat: seconds - 1, jti: 'one' }

describe('an answer of the authority', () => {
  let own: Keys
  let other: Keys
  beforeAll(async () => {
    ;[own, other] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')]
  })

  async function read(claims: object, { typ = expected.type, by = own }: { typ?: string; by?: Keys } = {}) {
    const text = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ, kid: 'face' }).sign(by.privateKey)
    return readSignedAnswer({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'face', alg: 'ES256' }] }, text, expected)
  }

  test('counts as it should be', async () => expect(await read(right)).toEqual(right))

  test.each([
    ['from another issuer', { ...right, iss: 'https://other.example' }],
    ['for another server', { ...right, aud: 'https://other.example' }],
    ['older than it may be', { ...right, iat: seconds - 66 }],
    ['of a time to come', { ...right, iat: seconds + 6 }],
    ['that has ended', { ...right, exp: seconds - 6 }],
    ['without a time', { ...right, iat: undefined }],
    ['without a name of its own', { ...right, jti: undefined }],
  ])('is none %s', async (_how, claims) => expect(await read(claims)).toBeUndefined())

  test('is none of another type, of another key, or without a signature', async () => {
    expect(await read(right, { typ: 'jwt' })).toBeUndefined()
    expect(await read(right, { by: other })).toBeUndefined()
    expect(await readSignedAnswer({ keys: [await exportJWK(own.publicKey)] }, new UnsecuredJWT(right).encode(), expected)).toBeUndefined()
    expect(await readSignedAnswer({ keys: [await exportJWK(own.publicKey)] }, 'no answer', expected)).toBeUndefined()
  })
})
