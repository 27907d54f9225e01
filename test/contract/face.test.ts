import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFaceSimulator, type FaceSimulator } from '#demo/face-simulator.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { systemClock } from '#kernel/clock.ts'
import { faceService } from '#storage/face/http.ts'
import { makeAuthority } from '#test/support/certificates.ts'

const key = { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'face', alg: 'ES256' }
const { d: _secret, ...published } = key
const issuer = 'https://dinhdanh.example.vn'
const question = { number: personalNumber.parse('001099000001'), nonce: 'n'.repeat(43), returnTo: `${issuer}/x`, language: 'vi' as const }

describe('the service that compares faces, over mutual TLS', () => {
  const authority = makeAuthority('/CN=Authority')
  const ours = authority.issue({ subject: '/CN=e-ID' })
  const theirs = authority.issue({ subject: '/CN=localhost', names: ['DNS.1=localhost'], use: 'serverAuth' })
  let faces: FaceSimulator
  beforeAll(async () => {
    faces = await startFaceSimulator({ key, audience: () => issuer, tls: { ...theirs, ca: authority.cert, requestCert: true, rejectUnauthorized: true } })
  })
  afterAll(() => faces.close())

  const reached = () => ({ url: faces.url, keys: { keys: [{ ...published, kty: 'EC' }] }, ...ours, authorities: authority.cert })
  const matcher = (changes: Partial<Parameters<typeof faceService>[0]> = {}) => faceService({ service: reached(), issuer, simulated: true, clock: systemClock, ...changes })
  /** Answers the code that the browser would bring back. */
  const shows = async (capture: string, outcome: string): Promise<{ nonce: string; code: string }> => {
    const { request } = await import('node:https')
    const back = await new Promise<string>((done, failed) => {
      request(capture, { method: 'POST', ...ours, ca: authority.cert }, (answer) => void answer.resume().once('end', () => done(answer.headers.location ?? ''))).once('error', failed).end(`outcome=${outcome}`)
    })
    return { nonce: question.nonce, code: new URL(back).searchParams.get('code') ?? '' }
  }
  const failing = (face: string): unknown => expect.objectContaining({ code: 'service.unavailable', detail: { face } })

  test('asks, waits and hears; whoever does not show our certificate is not let in', async () => {
    const asked = await matcher().begin(question)
    expect(await matcher().outcome(asked.id, { nonce: question.nonce, code: '' })).toBe('pending')
    const brought = await shows(asked.capture, 'match')
    expect([await matcher().outcome(asked.id, { ...brought, code: '0'.repeat(36) }), await matcher().outcome(asked.id, brought)]).toEqual(['elsewhere', 'match'])
    const { cert: _cert, key: _key, ...without } = reached()
    await expect(matcher({ service: without }).begin(question)).rejects.toEqual(failing('unreachable'))
  })

  test('a service whose certificate nobody vouches for is not spoken to', async () => {
    await expect(matcher({ service: { ...reached(), authorities: makeAuthority('/CN=Other').cert } }).begin(question)).rejects.toEqual(failing('unreachable'))
  })

  test('an answer to another question is none, and the simulator counts on no server in production', async () => {
    const asked = await matcher().begin(question)
    const brought = await shows(asked.capture, 'match')
    await expect(matcher().outcome(asked.id, { ...brought, nonce: 'm'.repeat(43) })).rejects.toEqual(failing('answer'))
    await expect(matcher({ simulated: false }).outcome(asked.id, brought)).rejects.toEqual(failing('answer'))
  })

  test('after five failures it is left alone for a while, and then tried once', async () => {
    let now = systemClock.now()
    const resting = matcher({ service: { ...reached(), url: 'https://localhost:1' }, clock: { now: () => now } })
    const five: unknown[] = []
    for (let tried = 0; tried < 5; tried += 1) five.push(await resting.begin(question).catch((error: unknown) => error))
    expect(five).toEqual(Array.from({ length: 5 }, () => failing('unreachable')))
    await expect(resting.begin(question)).rejects.toEqual(failing('resting'))
    now = new Date(now.getTime() + 5000)
    await expect(resting.begin(question)).rejects.toEqual(failing('unreachable'))
  })
})
