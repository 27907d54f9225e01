import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { beginSignIn, decoys, finishSignIn } from '#domain/passkey/authentication.ts'
import { finishRegistration } from '#domain/passkey/registration.ts'
import { assertion } from '#domain/passkey/response.ts'
import { assertionLies } from '#test/support/authenticator-lies.ts'
import type { Algorithm } from '#test/support/authenticator-key.ts'
import { makeDevice, rp, visit } from './device.ts'

const code = (problem: string) => ({ name: 'Problem', code: `passkey.${problem}` })

describe('signing in with a passkey', () => {
  test.each<Algorithm>(['ES256', 'EdDSA', 'RS256'])('says whose it was and what that proves (%s)', async (algorithm) => {
    const device = makeDevice({ algorithm })
    const passkey = await device.register()
    device.time.now += 60_000
    expect(await device.signIn()).toEqual({
      passkey,
      evidence: { means: 'passkey', passkey: passkey.id, userVerified: true, backupEligible: true, hardwareBound: false,
        at: device.time.now / 1000 },
    })
    expect(device.kept.get(passkey.id)?.lastUsedAt).toEqual(new Date(device.time.now))
  })

  test('asks for a fresh challenge of 256 bits each time, for user verification, and names no passkey', async () => {
    const { tools } = makeDevice()
    const all = await Promise.all(Array.from({ length: 100 }, () => beginSignIn(tools, visit('sign-in'))))
    expect(new Set(all.map(({ challenge }) => challenge)).size).toBe(100)
    expect(all.map(({ challenge }) => Buffer.from(challenge, 'base64url').length).filter((bytes) => bytes !== 32)).toEqual([])
    expect(all[0]).toMatchObject({ rpId: rp.id, timeout: 180_000, userVerification: 'required', allowCredentials: [] })
  })

  test.each(Object.entries(assertionLies))('is refused over one lie: %s', async (name, lie) => {
    const device = makeDevice()
    await device.register()
    await expect(device.signIn(lie()))
      .rejects.toMatchObject(code(name === 'unknown credential' ? 'not-recognised' : 'not-verified'))
    // The truth is taken, so it was the lie that was refused.
    await expect(device.signIn()).resolves.toMatchObject({ evidence: { userVerified: true } })
  })

  test('an answer without userHandle is fine: not every device sends one', async () => {
    const device = makeDevice()
    await device.register()
    await expect(device.signIn({ userHandle: undefined })).resolves.toBeDefined()
  })

  test('a key said to be synced does not turn into one bound to a device, nor the other way round', async () => {
    const synced = makeDevice()
    await synced.register()
    await expect(synced.signIn({ backupEligible: false, backedUp: false })).rejects.toMatchObject(code('not-verified'))
    const bound = makeDevice({ backupEligible: false })
    await bound.register()
    await expect(bound.signIn({ backupEligible: true, backedUp: true })).rejects.toMatchObject(code('not-verified'))
    await expect(bound.signIn()).resolves.toMatchObject({ evidence: { backupEligible: false } })
  })

  test('whether a synced key is backed up may change, and is kept', async () => {
    const device = makeDevice()
    const { id } = await device.register()
    await device.signIn({ backedUp: false })
    expect(device.kept.get(id)?.backedUp).toBe(false)
  })

  test('any altered byte of what was signed is refused', async () => {
    const device = makeDevice()
    await device.register()
    for (const field of ['clientDataJSON', 'authenticatorData', 'signature'] as const) {
      for (const at of [0, 0.3, 0.6, 0.99]) {
        const answer = await device.signedAt(visit('sign-in'))
        const bytes = Buffer.from(answer.response[field], 'base64url')
        const place = Math.floor(bytes.length * at)
        bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
        const altered = { ...answer, response: { ...answer.response, [field]: bytes.toString('base64url') } }
        await expect(finishSignIn(device.tools, visit('sign-in'), altered)).rejects.toMatchObject(code('not-verified'))
      }
    }
  })

  test.each(['', 'e30', 'bnVsbA', 'W10', '_w', 'A'])('client data that is no such thing is refused and is no bug: %j',
    async (clientDataJSON) => {
    const device = makeDevice()
    await device.register()
    const answer = await device.signedAt(visit('sign-in'))
    const broken = { ...answer, response: { ...answer.response, clientDataJSON } }
    await expect(finishSignIn(device.tools, visit('sign-in'), broken)).rejects.toMatchObject(code('not-verified'))
  })
})

describe('a challenge', () => {
  test('is heard once, also when the answer to it was wrong', async () => {
    const device = makeDevice()
    await device.register()
    const answer = await device.signedAt(visit('sign-in'))
    await finishSignIn(device.tools, visit('sign-in'), answer)
    await expect(finishSignIn(device.tools, visit('sign-in'), answer)).rejects.toMatchObject(code('challenge-spent'))

    const again = await device.signedAt(visit('sign-in'))
    await expect(finishSignIn(device.tools, visit('sign-in'), { ...again, id: passkeyId.parse('unknown') }))
      .rejects.toMatchObject(code('not-recognised'))
    await expect(finishSignIn(device.tools, visit('sign-in'), again)).rejects.toMatchObject(code('challenge-spent'))
  })

  test('of 50 parallel answers exactly one is heard', async () => {
    const device = makeDevice()
    await device.register()
    const answer = await device.signedAt(visit('sign-in'))
    const heard = await Promise.allSettled(Array.from({ length: 50 }, () => finishSignIn(device.tools, visit('sign-in'), answer)))
    expect(heard.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('of one visit is worth nothing in another', async () => {
    const device = makeDevice()
    await device.register()
    const answer = await device.signedAt(visit('mine'))
    await expect(finishSignIn(device.tools, visit('other'), answer)).rejects.toMatchObject(code('challenge-spent'))
    await device.signedAt(visit('other'))
    await expect(finishSignIn(device.tools, visit('other'), answer)).rejects.toMatchObject(code('not-verified'))
  })

  test('for signing in registers nothing, and one for registering signs nobody in', async () => {
    const device = makeDevice()
    await device.register()
    const made = await device.createdAt(visit('both'))
    await device.tools.challenges.take('register', visit('both'))
    await device.signedAt(visit('both'))
    await expect(finishRegistration(device.tools, visit('both'), made)).rejects.toMatchObject(code('challenge-spent'))

    const signed = await device.signedAt(visit('both'))
    await device.tools.challenges.take('sign-in', visit('both'))
    await device.createdAt(visit('both'))
    await expect(finishSignIn(device.tools, visit('both'), signed)).rejects.toMatchObject(code('challenge-spent'))
  })

  test('lives three minutes', async () => {
    const device = makeDevice()
    await device.register()
    const inTime = await device.signedAt(visit('sign-in'))
    device.time.now += 179_000
    await expect(finishSignIn(device.tools, visit('sign-in'), inTime)).resolves.toBeDefined()
    const late = await device.signedAt(visit('sign-in'))
    device.time.now += 180_000
    await expect(finishSignIn(device.tools, visit('sign-in'), late)).rejects.toMatchObject(code('challenge-spent'))
  })

  test('is replaced by the next page of the same visit', async () => {
    const device = makeDevice()
    await device.register()
    const first = await device.signedAt(visit('sign-in'))
    await device.signedAt(visit('sign-in'))
    await expect(finishSignIn(device.tools, visit('sign-in'), first)).rejects.toMatchObject(code('not-verified'))
  })
})

describe('a passkey that was removed', () => {
  test('says when, to whoever holds it and to nobody else', async () => {
    const device = makeDevice()
    const passkey = await device.register()
    const removedAt = new Date('2026-11-01T00:00:00Z')
    device.kept.set(passkey.id, { ...passkey, removedAt })
    await expect(device.signIn()).rejects.toMatchObject({ ...code('removed'), detail: { since: removedAt.toISOString() } })
    await expect(device.signIn(assertionLies['signed by another key']()))
      .rejects.toMatchObject({ ...code('not-verified'), detail: {} })
  })
})

describe('a signature counter', () => {
  async function counting(counter: number) {
    const device = makeDevice()
    const passkey = await device.register()
    device.kept.set(passkey.id, { ...passkey, counter })
    return device
  }

  test.each([[5, 6, true], [5, 500, true], [5, 5, false], [5, 4, false], [5, 0, false], [0, 0, true], [0, 1, true],
    [4_294_967_294, 4_294_967_295, true]])(
    'known %d, shown %d: taken %s', async (known, shown, taken) => {
      const device = await counting(known)
      const outcome = await device.signIn({ counter: shown }).then(() => 'taken',
        ({ code: problem }: { code: string }) => problem)
      expect(outcome).toBe(taken ? 'taken' : 'passkey.counter-stale')
    })

  test('of two copies of one key that race with the same count one is heard', async () => {
    const device = await counting(5)
    const answers = [await device.signedAt(visit('one'), { counter: 6 }), await device.signedAt(visit('two'), { counter: 6 })]
    const heard = await Promise.allSettled(answers.map((answer, at) => finishSignIn(device.tools,
      visit(at === 0 ? 'one' : 'two'), answer)))
    expect(heard.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('of a wrong signature moves nothing', async () => {
    const device = await counting(5)
    await expect(device.signIn({ counter: 900, ...assertionLies['signed by another key']() }))
      .rejects.toMatchObject(code('not-verified'))
    await expect(device.signIn({ counter: 6 })).resolves.toBeDefined()
  })
})

describe('decoys', () => {
  const key = createSecretKey(Buffer.alloc(32, 1))
  const numbers = Array.from({ length: 400 }, (_, at) => String(79_303_000_000 + at).padStart(12, '0'))

  test('are the same each time, differ by number and by key', () => {
    expect(decoys(key, '079303001234')).toEqual(decoys(key, '079303001234'))
    const ids = numbers.flatMap((number) => decoys(key, number).map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    const other = createSecretKey(randomBytes(32))
    expect(decoys(other, '079303001234')[0]?.id).not.toBe(decoys(key, '079303001234')[0]?.id)
  })

  test('look like passkeys: one or two, of the lengths that platforms make, of phones', () => {
    const all = numbers.map((number) => decoys(key, number))
    expect(all.filter((some) => some.length !== 1 && some.length !== 2)).toEqual([])
    const pairs = all.filter((some) => some.length === 2).length
    expect(pairs).toBeGreaterThan(50)
    expect(pairs).toBeLessThan(160)
    for (const { id, transports } of all.flat()) {
      expect([16, 20, 32]).toContain(Buffer.from(id, 'base64url').length)
      expect(transports).toEqual(['hybrid', 'internal'])
    }
  })
})

describe('what a browser sends', () => {
  test('unknown members are dropped, missing and overlong ones are refused', async () => {
    const device = makeDevice()
    await device.register()
    const answer = await device.signedAt(visit('sign-in'))
    expect(assertion.parse({ ...answer, extra: 1, authenticatorAttachment: 'implant',
      response: { ...answer.response, extra: 1, userHandle: null } })).toEqual({
      ...answer, authenticatorAttachment: undefined, response: { ...answer.response, userHandle: undefined },
    })
    const { signature: _, ...unsigned } = answer.response
    for (const broken of [null, 'text', {}, { ...answer, id: '' }, { ...answer, type: 'password' },
      { ...answer, response: unsigned }, { ...answer, response: { ...answer.response, signature: 'A'.repeat(4097) } },
      { ...answer, response: { ...answer.response, signature: '+/=' } }]) {
      expect(assertion.safeParse(broken).success).toBe(false)
    }
  })
})
