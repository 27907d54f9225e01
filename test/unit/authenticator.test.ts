import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { describe, expect, test } from 'vitest'
import { algorithms } from '#test/support/authenticator-key.ts'
import type { Algorithm } from '#test/support/authenticator-key.ts'
import { assertionLies, leftToTheServer } from '#test/support/authenticator-lies.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import type { Draft, Settings } from '#test/support/authenticator.ts'

const site = { rpId: 'localhost', origin: 'http://localhost:3000' }
const everyAlgorithm = ['ES256', 'EdDSA', 'RS256'] satisfies Algorithm[]

async function registered(settings: Partial<Settings> = {}) {
  const authenticator = makeAuthenticator({ ...site, ...settings })
  const options = await generateRegistrationOptions({
    rpName: 'Định Danh',
    rpID: site.rpId,
    userName: 'synthetic',
    supportedAlgorithmIDs: Object.values(algorithms),
  })
  const verified = await verifyRegistrationResponse({
    response: authenticator.create(options),
    expectedChallenge: options.challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
  })
  if (!verified.verified) throw new Error('the authenticator made a passkey that does not verify')
  return { authenticator, options, ...verified.registrationInfo }
}

async function signIn({ authenticator, credential }: Awaited<ReturnType<typeof registered>>, lie: Partial<Draft> = {}) {
  const options = await generateAuthenticationOptions({ rpID: site.rpId })
  return verifyAuthenticationResponse({
    response: authenticator.get(options, lie),
    expectedChallenge: options.challenge,
    expectedOrigin: site.origin,
    expectedRPID: site.rpId,
    credential,
  })
}

/** Refused either way: by an error, or by `verified: false` (a wrong signature). */
async function refused(answer: ReturnType<typeof signIn>): Promise<boolean> {
  return answer.then(({ verified }) => !verified, () => true)
}

describe('the software authenticator', () => {
  test.each(everyAlgorithm)('registers and signs in with %s', async (algorithm) => {
    const passkey = await registered({ algorithm })
    const { verified, authenticationInfo } = await signIn(passkey)
    expect({ verified, uv: authenticationInfo.userVerified }).toEqual({ verified: true, uv: true })
  })

  test('says what it is: synced by default, bound to the device when told so', async () => {
    const synced = await registered()
    const bound = await registered({ backupEligible: false, aaguid: '12345678-1234-4234-8234-123456789abc' })
    expect([synced.credentialDeviceType, synced.credentialBackedUp]).toEqual(['multiDevice', true])
    expect([bound.credentialDeviceType, bound.aaguid]).toEqual(['singleDevice', '12345678-1234-4234-8234-123456789abc'])
  })

  test('counts when told so, and a counter that does not grow is refused', async () => {
    const passkey = await registered({ counts: true })
    const { authenticationInfo } = await signIn(passkey)
    expect(authenticationInfo.newCounter).toBe(1)
    passkey.credential.counter = 7
    expect(await refused(signIn(passkey, { counter: 7 }))).toBe(true)
    expect(await refused(signIn(passkey, { counter: 8 }))).toBe(false)
  })

  test('behaves like a browser: no second passkey, no unknown algorithm, no passkey that it does not hold', async () => {
    const { authenticator, options, credential } = await registered()
    const again = { ...options, excludeCredentials: [{ id: credential.id, type: 'public-key' as const }] }
    expect(() => authenticator.create(again)).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
    const rsaOnly = { ...options, pubKeyCredParams: [{ alg: -257, type: 'public-key' as const }] }
    expect(() => authenticator.create(rsaOnly)).toThrow(expect.objectContaining({ name: 'NotSupportedError' }))
    const elsewhere = await generateAuthenticationOptions({ rpID: 'dinhdanh.example' })
    expect(() => authenticator.get(elsewhere)).toThrow(expect.objectContaining({ name: 'NotAllowedError' }))
  })

  test('can register with an algorithm that was not offered', async () => {
    const { authenticator, options } = await registered()
    const es256Only = { ...options, pubKeyCredParams: [{ alg: -7, type: 'public-key' as const }] }
    const answer = verifyRegistrationResponse({
      response: authenticator.create(es256Only, { algorithm: 'EdDSA' }),
      expectedChallenge: options.challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      supportedAlgorithmIDs: [-7],
    })
    await expect(answer).rejects.toThrow('Unexpected public key alg')
  })

  test.each(Object.entries(assertionLies))('lies: %s', async (name, lie) => {
    const passkey = await registered()
    expect(await refused(signIn(passkey))).toBe(false)
    expect(await refused(signIn(passkey, lie()))).toBe(!leftToTheServer.has(name))
  })
})
