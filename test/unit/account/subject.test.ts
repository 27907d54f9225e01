import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountId, sector as sectorOf } from '#kernel/id.ts'
import { pairwiseSubject } from '#domain/account/subject.ts'

const key = createSecretKey(Buffer.alloc(32, 7))
const account = accountId.parse('0198a1b2-0000-7000-8000-000000000001')
const sector = sectorOf.parse('thue.example')
const ids = fc.uuid().map((id) => accountId.parse(id))
const sectors = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,62}$/).map((name) => sectorOf.parse(name))

/** RFC 4648 §6 base32 by arithmetic on one big number, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) << 4n
  let text = ''
  for (let at = 0; at < 52; at += 1, rest >>= 5n) text = `${letters[Number(rest & 31n)]}${text}`
  return text.toLowerCase()
}

describe('a pairwise subject', () => {
  test('is 52 characters of base32 and the same each time', () => {
    fc.assert(fc.property(ids, sectors, (id, name) => {
      const sub = pairwiseSubject(key, id, name)
      return /^[a-z2-7]{52}$/.test(sub) && sub === pairwiseSubject(key, id, name)
    }))
  })

  test('is the keyed hash of sector and account, which must never change for those that were given out', () => {
    const digest = createHmac('sha256', key).update(`12:thue.example${account}`).digest()
    expect(pairwiseSubject(key, account, sector)).toBe(base32(digest))
    expect(pairwiseSubject(key, account, sector)).toBe('kb3mq6wus5ctqrvy7d6mey27zgh6glnfgkb4ehc2m7iesq73okqa')
  })

  test('changes with any byte of the key', () => {
    const subs = Array.from({ length: 32 }, (_, at) => {
      const bytes = Buffer.alloc(32, 7)
      bytes.writeUInt8(8, at)
      return pairwiseSubject(createSecretKey(bytes), account, sector)
    })
    expect(new Set([...subs, pairwiseSubject(key, account, sector)]).size).toBe(33)
  })

  test('changes with any character of the account and of the sector', () => {
    const digit = (text: string, at: number) => `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`
    const places = [...account].map((_, at) => at).filter((at) => ![8, 13, 14, 18, 19, 23].includes(at))
    const ofAccounts = places.map((at) => pairwiseSubject(key, accountId.parse(digit(account, at)), sector))
    const ofSectors = [...sector].map((_, at) => pairwiseSubject(key, account, sectorOf.parse(digit(sector, at))))
    expect(new Set([...ofAccounts, ...ofSectors, pairwiseSubject(key, account, sector)]).size)
      .toBe(places.length + sector.length + 1)
  })

  test('tells two sectors nothing about each other', () => {
    const shared = Array.from({ length: 200 }, () => {
      const random = createSecretKey(randomBytes(32))
      const [one, other] = ['a1', 'a2'].map((name) => pairwiseSubject(random, account, sectorOf.parse(name)))
      return [...(one ?? '')].filter((letter, at) => letter === other?.[at]).length
    })
    // Two unrelated texts agree in 52/32 places on average.
    const average = shared.reduce((sum, count) => sum + count, 0) / shared.length
    expect(average).toBeGreaterThan(0.8)
    expect(average).toBeLessThan(2.5)
  })
})
