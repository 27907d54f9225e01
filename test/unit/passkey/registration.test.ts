import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { accountId } from '#kernel/id.ts'
import { beginRegistration, finishRegistration } from '#domain/passkey/registration.ts'
import { attestation, readResponse } from '#domain/passkey/response.ts'
import type { Algorithm } from '#test/support/authenticator-key.ts'
import { assertionLies, type AssertionLie } from '#test/support/authenticator-lies.ts'
import { makeAuthenticator } from '#test/support/authenticator.ts'
import { aPasskey } from '#test/support/made-up.ts'
import { makeDevice, rp, visit } from './device.ts'

const notVerified = { name: 'Problem', code: 'passkey.not-verified' }
const spent = { name: 'Problem', code: 'passkey.challenge-spent' }

/** What a lie means at registration: these say nothing there, for there is no signature and no account yet to compare with. */
const meaningless: ReadonlySet<string> = new Set<AssertionLie>(['signed by another key', 'userHandle of another account',
  'a registration shown as a sign-in', 'unknown credential'])
const lies = [
  ...Object.entries(assertionLies).filter(([name]) => !meaningless.has(name)),
  ['a sign-in shown as a registration', () => ({ type: 'webauthn.get' })] as const,
]

describe('registering a passkey', () => {
  test.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('gives the passkey to keep (%s)', async (algorithm) => {
    const device = makeDevice({ algorithm })
    const passkey = await device.register()
    expect(passkey).toMatchObject({ counter: 0, transports: ['internal', 'hybrid'], backupEligible: true, backedUp: true,
      createdAt: new Date(device.time.now) })
    await expect(device.signIn()).resolves.toBeDefined()
  })

  test('asks for what is checked afterwards', async () => {
    const known = aPasskey()
    const account = accountId.parse('0198a1b2-0000-7000-8000-000000000001')
    const options = await beginRegistration(makeDevice().tools, visit('register'),
      { account, label: 'Trần Thị Ngọc Lan', known: [known] })
    expect(options).toMatchObject({
      rp: { id: rp.id, name: rp.name },
      user: { id: Buffer.from(account).toString('base64url'), name: 'Trần Thị Ngọc Lan' },
      pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
      excludeCredentials: [{ id: known.id, type: 'public-key', transports: known.transports }],
    })
    expect(Buffer.from(options.challenge, 'base64url')).toHaveLength(32)
  })

  test.each(lies)('is refused over one lie: %s', async (_name, lie) => {
    const device = makeDevice()
    await expect(device.register(lie())).rejects.toMatchObject(notVerified)
    await expect(device.register()).resolves.toBeDefined()
  })

  test('is refused with an algorithm that was not offered, whatever the browser was told', async () => {
    const device = makeDevice()
    const { account, answer } = await device.createdAt(visit('register'))
    // COSE -7 (ES256) is 0x26; 0x38 0x22 is -35 (ES384).
    const bytes = Buffer.from(answer.response.attestationObject, 'base64url')
    const at = bytes.indexOf(Buffer.from([0x01, 0x02, 0x03, 0x26]))
    expect(at).toBeGreaterThan(0)
    bytes.writeUInt8(0x29, at + 3)
    const other = { ...answer, response: { ...answer.response, attestationObject: bytes.toString('base64url') } }
    await expect(finishRegistration(device.tools, visit('register'), { account, answer: other }))
      .rejects.toMatchObject(notVerified)
  })

  test('the id beside the attestation is the id in it', async () => {
    const device = makeDevice()
    const { account, answer } = await device.createdAt(visit('register'))
    const id = aPasskey().id
    await expect(finishRegistration(device.tools, visit('register'), { account, answer: { ...answer, id, rawId: id } }))
      .rejects.toMatchObject(notVerified)
  })

  test('an attested id longer than 1,023 bytes is refused beside a short one, and at the door', async () => {
    const device = makeDevice()
    const honest = (await device.createdAt(visit('register'))).answer
    const long = { credentialId: randomBytes(1_024).toString('base64url') }
    await expect(device.createdAt(visit('register'), long)).rejects.toThrow()
    const authenticator = makeAuthenticator({ rpId: rp.id, origin: rp.origin })
    const account = accountId.parse('0198a1b2-0000-7000-8000-000000000001')
    const { pubKeyCredParams, excludeCredentials: _, ...options } = await beginRegistration(device.tools, visit('register'),
      { account, label: 'x' })
    const { response } = authenticator.create({ ...options, pubKeyCredParams: [...pubKeyCredParams] }, long)
    const answer = { ...honest, response: { ...honest.response, clientDataJSON: response.clientDataJSON,
      attestationObject: response.attestationObject } }
    await expect(finishRegistration(device.tools, visit('register'), { account, answer })).rejects.toMatchObject(notVerified)
  })

  test('a challenge is heard once, in its own visit, for three minutes', async () => {
    const device = makeDevice()
    const made = await device.createdAt(visit('mine'))
    await expect(finishRegistration(device.tools, visit('other'), made)).rejects.toMatchObject(spent)
    await expect(finishRegistration(device.tools, visit('mine'), made)).resolves.toBeDefined()
    await expect(finishRegistration(device.tools, visit('mine'), made)).rejects.toMatchObject(spent)

    const late = await device.createdAt(visit('mine'))
    device.time.now += 180_000
    await expect(finishRegistration(device.tools, visit('mine'), late)).rejects.toMatchObject(spent)
  })

  test('of 50 parallel answers exactly one is heard', async () => {
    const device = makeDevice()
    const made = await device.createdAt(visit('mine'))
    const heard = await Promise.allSettled(Array.from({ length: 50 },
      () => finishRegistration(device.tools, visit('mine'), made)))
    expect(heard.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test.each(['', 'AA', 'oA', '_____w',
    'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUA'])('an attestation object that is no such thing is refused and is no bug: %j',
    async (attestationObject) => {
    const device = makeDevice()
    const { account, answer } = await device.createdAt(visit('mine'))
    const broken = { ...answer, response: { ...answer.response, attestationObject } }
    await expect(finishRegistration(device.tools, visit('mine'), { account, answer: broken })).rejects.toMatchObject(notVerified)
  })

  test('a key bound to its device is kept as such', async () => {
    const passkey = await makeDevice({ backupEligible: false, aaguid: '12345678-1234-4234-8234-123456789abc' }).register()
    expect(passkey).toMatchObject({ backupEligible: false, backedUp: false, aaguid: '12345678-1234-4234-8234-123456789abc' })
  })
})

describe('reading a form field', () => {
  test('what is no JSON or not of the shape is nothing, and no bug', async () => {
    const { answer } = await makeDevice().createdAt(visit('mine'))
    expect(readResponse(attestation, JSON.stringify(answer))).toEqual(answer)
    expect(['', '{', 'null', '[]', '{}', '"x"', '{"__proto__":{}}'].map((text) => readResponse(attestation, text)))
      .toEqual(Array(7).fill(undefined))
  })

  test('transports that are no list of short words are taken for none', async () => {
    const { answer } = await makeDevice().createdAt(visit('mine'))
    for (const transports of [undefined, 'usb', [1], Array(11).fill('usb'), ['x'.repeat(33)]]) {
      expect(attestation.parse({ ...answer, response: { ...answer.response, transports } }).response.transports).toEqual([])
    }
  })
})
