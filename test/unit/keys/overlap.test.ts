import { beforeAll, describe, expect, test } from 'vitest'
import { makeRingFile, type RingFile } from '#keys/ring-file.ts'
import { sharedBy } from '#keys/overlap.ts'

describe('X01: two key files share nothing', () => {
  let live: RingFile
  let own: RingFile
  beforeAll(async () => {
    [live, own] = await Promise.all([makeRingFile(new Date()), makeRingFile(new Date())])
  })

  test('where each was made by itself', async () => {
    expect(await sharedBy(live, own)).toBeUndefined()
  })

  test('a key under another name is the same key, also where it signs the log', async () => {
    const [entry] = live.signing
    if (entry === undefined) throw new Error('no key')
    const renamed = { ...entry, jwk: { ...entry.jwk, kid: 'A'.repeat(43) } }
    expect(await sharedBy(live, { ...own, signing: [...own.signing, renamed] })).toBe('key')
    expect(await sharedBy(live, { ...own, transparency: live.transparency })).toBe('key')
  })

  test('a secret is shared whatever it is for', async () => {
    for (const purpose of ['index', 'pairwise', 'csrf', 'decoy'] as const) expect([purpose, await sharedBy(live, { ...own, secrets: { ...own.secrets, [purpose]: live.secrets.seal[0]?.secret ?? '' } })]).toEqual([purpose, 'secret'])
    expect(await sharedBy(live, { ...own, secrets: { ...own.secrets, volatile: live.secrets.volatile } })).toBe('secret')
    expect(await sharedBy(live, { ...own, secrets: { ...own.secrets, cookie: [...own.secrets.cookie, ...live.secrets.cookie] } })).toBe('secret')
  })
})
