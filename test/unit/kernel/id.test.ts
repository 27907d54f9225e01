import { describe, expect, test } from 'vitest'
import { accountId, clientId, interactionId, newId, passkeyId, sector } from '#kernel/id.ts'
import { digits, reference, secretToken } from '#kernel/random.ts'

describe('identifiers', () => {
  test('new ones sort by time, are UUIDs of version 7 and never the same', () => {
    const ids = Array.from({ length: 2_000 }, (_, at) => newId(1_800_000_000_000 + Math.floor(at / 2) * 1_000))
    expect(new Set(ids).size).toBe(2_000)
    expect(ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toEqual([])
    const even = ids.filter((_, at) => at % 2 === 0)
    expect(even.toSorted()).toEqual(even)
    expect(Number.parseInt(newId(1_800_000_000_000).replaceAll('-', '').slice(0, 12), 16)).toBe(1_800_000_000_000)
  })

  test.each([
    ['an account id', accountId, ['0198a1b2-0000-7000-8000-000000000001'],
      ['', 'x', '0198a1b2-0000-7000-8000-00000000000', "' or 1=1"]],
    ['a passkey id', passkeyId, ['a', 'A-_9', 'x'.repeat(1364)], ['', 'a+b', 'a=', 'x'.repeat(1365), 'a b', 'ế']],
    ['a client id', clientId, ['thue', 'https://thue.example/client', '!~'], ['', 'a b', 'a\n', 'thuế', 'x'.repeat(129)]],
    ['an interaction id', interactionId, ['x'.repeat(16), 'x'.repeat(64)],
      ['x'.repeat(15), 'x'.repeat(65), '../../../etc/passwd', 'x'.repeat(20) + '\n']],
    ['a sector', sector, ['thue.example', 'a1'], ['a', '-thue', '.thue', 'Thue', 'thue example', 'x'.repeat(64)]],
  ])('%s', (_what, schema, good, bad) => {
    expect(good.filter((text) => !schema.safeParse(text).success)).toEqual([])
    expect(bad.filter((text) => schema.safeParse(text).success)).toEqual([])
  })
})

describe('chance', () => {
  test('a secret has 256 bits and does not come twice', () => {
    const all = Array.from({ length: 2_000 }, secretToken)
    expect(new Set(all).size).toBe(2_000)
    expect(all.filter((text) => Buffer.from(text, 'base64url').length !== 32)).toEqual([])
  })

  test('a code has its length, also when it begins with zeros, and each digit is as likely at each place', () => {
    const all = Array.from({ length: 5_000 }, () => digits(6))
    expect(all.filter((code) => !/^\d{6}$/.test(code))).toEqual([])
    for (const place of [0, 3, 5]) {
      const counts = Array.from({ length: 10 }, (_, digit) => all.filter((code) => code[place] === String(digit)).length)
      // 500 expected, standard deviation 21: nine of them either way is beyond chance.
      expect(counts.filter((count) => count < 310 || count > 690)).toEqual([])
    }
  })

  test('a reference can be read out over the telephone', () => {
    expect(Array.from({ length: 500 }, reference).filter((text) => !/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/.test(text))).toEqual([])
  })
})
