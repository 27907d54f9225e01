import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openKeyring, readRing } from '#keys/keyring.ts'
import { dropKey, stageKey } from '#keys/ring-change.ts'
import { makeRingFile, type RingFile } from '#keys/ring-file.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const now = new Date('2026-11-26T01:02:03.000Z')
let ring: RingFile
let file: string
beforeAll(async () => {
  ring = await makeRingFile(now)
})
beforeEach(() => {
  file = join(temporaryFolder(), 'keyring.json')
  writeFileSync(file, JSON.stringify(ring), { mode: 0o600 })
})

describe('changing the key file', () => {
  test('adds a fresh staged key, which signs after the active one of its algorithm, and leaves all else as it was', async () => {
    const { jwk } = await stageKey(file, 'EdDSA', now)
    const { signing, ...rest } = await readRing(file)
    const { signing: before, ...others } = ring
    expect([rest, signing.slice(0, -1)]).toEqual([others, before])
    expect(signing.at(-1)).toEqual({ state: 'staged', createdAt: now.toISOString(), jwk })
    const { jwks } = await openKeyring({ file, create: false })
    const both = jwks.keys.filter(({ alg }) => alg === 'EdDSA').map(({ kid }) => kid)
    expect(both).toEqual([before.find((key) => key.jwk.alg === 'EdDSA')?.jwk.kid, jwk.kid])
    await dropKey(file, jwk.kid)
    expect(await readRing(file)).toEqual(ring)
    expect(readdirSync(dirname(file))).toEqual(['keyring.json'])
  })

  test.each([0o600, 0o400])('keeps the mode %o, and a name that leads elsewhere', async (mode) => {
    const link = join(dirname(file), 'link.json')
    symlinkSync(file, link)
    chmodSync(file, mode)
    await stageKey(link, 'ES256', now)
    expect([statSync(file).mode & 0o777, (await readRing(file)).signing.length, lstatSync(link).isSymbolicLink()]).toEqual([mode, ring.signing.length + 1, true])
    expect(readdirSync(dirname(file)).toSorted()).toEqual(['keyring.json', 'link.json'])
  })

  test('of five changes at once none is lost without a word', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => stageKey(file, 'ES256', now)))
    const done = tries.filter(({ status }) => status === 'fulfilled').length
    expect((await readRing(file)).signing).toHaveLength(ring.signing.length + done)
    const refusals = tries.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))
    expect(refusals).toEqual(Array(5 - done).fill(expect.stringContaining('another command')))
    await stageKey(file, 'ES256', now)
  })

  test('refuses a file that is not as it should be, and leaves it alone', async () => {
    const text = JSON.stringify({ ...ring, more: 1 })
    writeFileSync(file, text)
    await expect(stageKey(file, 'ES256', now)).rejects.toMatchObject({ name: 'Refusal' })
    expect([readFileSync(file, 'utf8'), existsSync(`${file}.lock`)]).toEqual([text, false])
  })

  test('K04: leaves the log its key in the file beside, where it is there', async () => {
    const { transparency: _log, ...older } = ring
    writeFileSync(file, JSON.stringify(older))
    const { transparency } = await readRing(file)
    await stageKey(file, 'ES256', now)
    expect((await readRing(file)).transparency).toEqual(transparency)
    expect(readFileSync(file, 'utf8')).not.toContain('"transparency"')
  })

  test('K04: one key under two names is refused', async () => {
    const [one] = ring.signing
    const [, other] = ring.signing
    if (one === undefined || other === undefined) throw new Error('no keys')
    writeFileSync(file, JSON.stringify({ ...ring, signing: [...ring.signing, { ...one, jwk: { ...one.jwk, kid: other.jwk.kid.split('').toReversed().join('') } }] }))
    await expect(readRing(file)).rejects.toThrow('one key is there under two names')
  })
})
