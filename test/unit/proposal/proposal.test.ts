import { describe, expect, test } from 'vitest'
import { accountId, proposalId } from '#kernel/id.ts'
import { differences } from '#domain/proposal/difference.ts'
import { challengeOf, type Proposal } from '#domain/proposal/proposal.ts'

const one: Proposal = {
  id: proposalId.parse('01900000-0000-7000-8000-000000000001'),
  change: { act: 'client.end', client: 'tax' as never },
  proposer: accountId.parse('01900000-0000-7000-8000-00000000000a'),
  proposedAt: new Date('2026-11-26T01:02:03.456Z'),
  reason: 'hết hợp đồng',
}

describe('what a second person signs', () => {
  test('A01: is a hash of all that the proposal says, and of nothing that comes later', () => {
    const challenge = challengeOf(one)
    expect(challenge).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const others: readonly Proposal[] = [
      { ...one, id: proposalId.parse('01900000-0000-7000-8000-000000000002') },
      { ...one, change: { act: 'client.end', client: 'bank' as never } },
      { ...one, change: { act: 'client.resume', client: 'tax' as never } },
      { ...one, proposer: accountId.parse('01900000-0000-7000-8000-00000000000b') },
      { ...one, proposedAt: new Date('2026-11-26T01:02:03.457Z') },
      { ...one, reason: 'hết hợp đồng.' },
    ]
    expect(new Set([challenge, ...others.map(challengeOf)]).size).toBe(7)
    expect(challengeOf({ ...one, decision: { is: 'withdrawn', by: one.proposer, at: new Date(), reason: 'x' } })).toBe(challenge)
  })

  test('does not depend on the order in which members were stored', () => {
    const entry = { a: 1, b: { c: [1, 2], d: 'x' } }
    const same = { b: { d: 'x', c: [1, 2] }, a: 1 }
    const of = (given: typeof entry) => challengeOf({ ...one, change: { act: 'client.register', client: 'tax' as never, entry: given } })
    expect(of(entry)).toBe(of(same))
  })
})

test('a difference names each member that changes, comes or goes, and no other', () => {
  expect(differences({ a: 1, b: [1, 2], c: { x: 1, y: 2 }, d: 'gone' }, { a: 1, b: [2, 1], c: { y: 2, x: 1 }, e: 'new' })).toEqual([
    { member: 'b', before: [1, 2], after: [2, 1] }, { member: 'd', before: 'gone', after: undefined }, { member: 'e', before: undefined, after: 'new' },
  ])
  expect(differences(undefined, { a: 1 })).toEqual([{ member: 'a', before: undefined, after: 1 }])
})
