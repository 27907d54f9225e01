import { describe, expect, test } from 'vitest'
import { passkeyId } from '#kernel/id.ts'
import { expiryGrounds, lockGrounds, type LockGround } from '#domain/account/ground.ts'
import { followingPaper, moved, type Move } from '#domain/account/move.ts'
import { movers, type Mover } from '#domain/account/rules.ts'
import type { Account } from '#domain/account/account.ts'
import { anAccount } from '#test/support/made-up.ts'

const at = new Date('2026-11-22T03:04:05.678Z')
const lock = (ground: LockGround) => ({ ground, since: at })
const outcome = (account: Account, move: Move, { life = 'alive', when = at }: { life?: 'alive' | 'deceased'; when?: Date } = {}) => {
  const is = moved({ account, life }, move, when)
  return is.is === 'refused' ? is.because : is.is
}

/** Law 26/2023 Art 34 and Decree 69/2024 Art 15, 29, 30: h the holder, o an officer, t an operator, r the registry; to lock / to unlock. */
const law: Record<LockGround, [lock: string, unlock: string]> = {
  'holder-request': ['hot', 'hot'],
  'terms-breach': ['t', 't'],
  'card-held-or-revoked': ['otr', 'otr'],
  'card-expired': ['r', 'r'],
  'passport-expired': ['r', 'r'],
  'residence-expired': ['r', 'r'],
  'competent-body': ['t', 't'],
  'phone-claimed-by-owner': ['ot', 'ot'],
}
const letters: Record<Mover, string> = { holder: 'h', officer: 'o', operator: 't', registry: 'r', hotline: '-' }

describe('the moves of an account', () => {
  test('each ground is set and cleared by those whom the law names, and by nobody else', () => {
    const told = Object.fromEntries(lockGrounds.map((ground) => {
      const who = (to: 'lock' | 'unlock') => movers.filter((by) => outcome(anAccount({ locks: to === 'lock' ? [] : [lock(ground)] }), { to, ground, by }) === 'moved')
      return [ground, [who('lock'), who('unlock')]]
    }))
    const expected = Object.fromEntries(lockGrounds.map((ground) => [ground, law[ground].map((named) => movers.filter((by) => named.includes(letters[by])))]))
    expect(told).toEqual(expected)
  })

  test('a ground that is there keeps its first day, and one that is not there is not cleared', () => {
    const account = anAccount({ locks: [{ ground: 'holder-request', since: new Date(0) }] })
    expect(outcome(account, { to: 'lock', ground: 'holder-request', by: 'holder' })).toBe('kept')
    expect(outcome(account, { to: 'unlock', ground: 'competent-body', by: 'operator' })).toBe('kept')
  })

  test('W09: what was closed as lost opens with a passkey only once a wait is over; a desk, and "not me", know no wait', () => {
    const shown = { passkey: passkeyId.parse('key'), holdHours: 72 }
    const opensAt = new Date(at.getTime() + 1)
    const lost = anAccount({ locks: [{ ground: 'holder-request', since: new Date(0), lost: true }] })
    const asked = anAccount({ locks: [{ ground: 'holder-request', since: new Date(0), lost: true, openings: [{ passkey: shown.passkey, at: opensAt }] }] })
    const unlock = { to: 'unlock', ground: 'holder-request', by: 'holder', shown } as const
    expect([outcome(lost, unlock), outcome(asked, unlock), outcome(asked, unlock, { when: opensAt })]).toEqual(['waits', 'waits', 'moved'])
    const another = { ...unlock, shown: { ...shown, passkey: passkeyId.parse('another') } }
    expect(outcome(asked, another, { when: opensAt })).toBe('waits')
    expect(outcome(lost, { to: 'unlock', ground: 'holder-request', by: 'officer' })).toBe('moved')
    const report = { to: 'lock', ground: 'holder-request', by: 'holder', lost: true } as const
    for (const account of [lost, asked, anAccount({ locks: [{ ground: 'holder-request', since: new Date(0) }] })]) {
      expect(moved({ account, life: 'alive' }, report, at)).toMatchObject({ is: 'moved', account: { locks: [{ ground: 'holder-request', since: at, lost: true }] } })
      expect(outcome(account, { to: 'lock', ground: 'holder-request', by: 'holder' })).toBe('kept')
    }
  })

  test('W12: what a report has closed already is followed up while that very lock stands, and is left alone once it was opened or another report came', () => {
    const since = new Date(1000)
    const follow = { to: 'lock', ground: 'holder-request', by: 'holder', lost: true, since } as const
    const locked = (one: Omit<Account['locks'][number], 'ground'>) => anAccount({ locks: [{ ground: 'holder-request', ...one }] })
    expect(moved({ account: locked({ since, lost: true }), life: 'alive' }, follow, at)).toMatchObject({ is: 'moved', account: { locks: [{ since, lost: true }] } })
    for (const account of [anAccount(), locked({ since }), locked({ since: at, lost: true })]) expect(outcome(account, follow)).toBe('kept')
    expect(outcome(locked({ since, lost: true }), follow, { life: 'deceased' })).toBe('ended')
  })

  test('W09: the first of the reports that keep an account closed stays on record, and a lock that was of no report is none of them', () => {
    const report = { to: 'lock', ground: 'holder-request', by: 'holder', lost: true } as const
    const firstOf = (lock: Omit<Account['locks'][number], 'ground'> | undefined) => {
      const is = moved({ account: anAccount({ locks: lock === undefined ? [] : [{ ground: 'holder-request', ...lock }] }), life: 'alive' }, report, at)
      return is.is === 'moved' ? is.account.locks[0]?.firstReport : is.is
    }
    const [first, second] = [new Date(1000), new Date(2000)]
    expect([undefined, { since: first }, { since: first, lost: true }, { since: second, lost: true, firstReport: first }].map(firstOf)).toEqual([undefined, undefined, first, first])
  })

  test('clearing one ground leaves the others', () => {
    const is = moved({ account: anAccount({ locks: [lock('holder-request'), lock('competent-body')] }), life: 'alive' }, { to: 'unlock', ground: 'holder-request', by: 'holder' }, at)
    expect(is).toMatchObject({ is: 'moved', account: { locks: [{ ground: 'competent-body' }] } })
  })

  test.each<[string, number, Record<string, string>]>([
    ['on its last moment', 0, { holder: 'moved', officer: 'moved', hotline: 'moved', operator: 'not-theirs', registry: 'not-theirs' }],
    ['a moment later', 1, { holder: 'too-late', officer: 'moved', hotline: 'moved', operator: 'not-theirs', registry: 'not-theirs' }],
  ])('the seventh day of activation, %s (Decree 69/2024 Art 14.1)', (_when, more, expected) => {
    const account = anAccount({ state: 'issued' })
    const when = new Date(account.createdAt.getTime() + 7 * 86_400_000 + more)
    expect(Object.fromEntries(movers.map((by) => [by, outcome(account, { to: 'activate', by }, { when })]))).toEqual(expected)
  })

  test('only an officer raises an account, and the operator the first ones, not one that is locked, and once', () => {
    expect(movers.filter((by) => outcome(anAccount(), { to: 'raise', by }) === 'moved')).toEqual(['officer', 'operator'])
    expect(outcome(anAccount({ locks: [lock('competent-body')] }), { to: 'raise', by: 'officer' })).toBe('locked')
    expect(outcome(anAccount({ level: 2, locks: [lock('competent-body')] }), { to: 'raise', by: 'officer' })).toBe('kept')
  })

  const everyMove: readonly Move[] = movers.flatMap((by) => [
    { to: 'activate' as const, by }, { to: 'raise' as const, by },
    ...lockGrounds.flatMap((ground) => [{ to: 'lock' as const, ground, by }, { to: 'unlock' as const, ground, by }]),
  ])

  test('a death is the end: nothing moves the account any more, whoever tries and whatever the registry says since', () => {
    const dead = anAccount({ state: 'deceased', locks: [lock('holder-request')] })
    expect(new Set(everyMove.map((move) => outcome(dead, move)))).toEqual(new Set(['ended']))
    expect(new Set(everyMove.map((move) => outcome(anAccount(), move, { life: 'deceased' })))).toEqual(new Set(['ended']))
    expect([outcome(anAccount({ state: 'issued' }), { to: 'end' }), outcome(dead, { to: 'end' })]).toEqual(['moved', 'kept'])
  })
})

describe('an account follows its paper (Decree 69/2024 Art 15)', () => {
  const today = '2026-11-22'
  const expired = { to: 'lock', by: 'registry' }
  const opened = { to: 'unlock', by: 'registry' }
  test.each<[string, Partial<Account>, readonly object[]]>([
    ['on its last day', { paper: 'card', expiresOn: today }, []],
    ['the day after', { paper: 'card', expiresOn: '2026-11-21' }, [{ ...expired, ground: 'card-expired' }]],
    ['a passport', { paper: 'passport', expiresOn: '2026-11-21' }, [{ ...expired, ground: 'passport-expired' }]],
    ['a residence permit', { paper: 'residence-card', expiresOn: '2026-11-21' }, [{ ...expired, ground: 'residence-expired' }]],
    ['one of old, whose paper nobody wrote down', { expiresOn: '2026-11-21' }, [{ ...expired, ground: 'card-expired' }]],
    ['renewed', { paper: 'card', expiresOn: '2030-01-01', locks: [lock('card-expired')] }, [{ ...opened, ground: 'card-expired' }]],
    ['that has no end any more', { paper: 'card', locks: [lock('card-expired'), lock('competent-body')] }, [{ ...opened, ground: 'card-expired' }]],
    ['that became another and has ended too', { paper: 'residence-card', expiresOn: '2026-11-21', locks: [lock('passport-expired')] },
      [{ ...opened, ground: 'passport-expired' }, { ...expired, ground: 'residence-expired' }]],
  ])('%s', (_story, changes, moves) => {
    expect(followingPaper(anAccount(changes), today).filter((move) => outcome(anAccount(changes), move) === 'moved')).toEqual(moves)
  })

  test('each paper has a ground of its own', () => expect(new Set(Object.values(expiryGrounds)).size).toBe(3))
})
