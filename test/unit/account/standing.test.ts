import { describe, expect, test } from 'vitest'
import { accountStates, signedOutSince, standing, type Account } from '#domain/account/account.ts'
import { lockGrounds } from '#domain/account/ground.ts'
import { anAccount } from '#test/support/made-up.ts'

const today = '2026-11-22'
const lives = ['alive', 'deceased', 'missing'] as const
const day = (text: string) => new Date(`${text}T00:00:00Z`)
const lockings: readonly Account['locks'][] = [
  [],
  [{ ground: 'holder-request', since: day('2026-05-01') }],
  [{ ground: 'card-expired', since: day('2026-05-01') }, { ground: 'terms-breach', since: day('2026-02-01') },
    { ground: 'competent-body', since: day('2026-03-01') }],
]
const ends = [undefined, '2026-11-21', '2026-11-22', '2026-11-23']

const everything = lives.flatMap((life) => accountStates.flatMap((state) => lockings.flatMap((locks) => ends.map((expiresOn) => ({ life, state, locks, expiresOn })))))

/** What a clerk would say, read from a slip that lists every reason by how final it is. */
function slip({ life, state, locks, expiresOn }: (typeof everything)[number]): string {
  const reasons = { deceased: [life, state].includes('deceased'), locked: locks.length !== 0, expired: expiresOn === '2026-11-21',
    'not-activated': state === 'issued' }
  return Object.entries(reasons).filter(([, holds]) => holds).map(([name]) => `account.${name}`)[0] ?? 'usable'
}

describe('whether an account may be used today', () => {
  test('every combination of life, state, locks and expiry, with the most final reason told', () => {
    const told = everything.map(({ life, ...changes }) => {
      const stands = standing(anAccount(changes), life, today)
      return stands.is === 'usable' ? 'usable' : stands.problem
    })
    expect(told).toEqual(everything.map(slip))
    expect(told.filter((each) => each === 'usable')).toHaveLength(2 * 3)
  })

  test('the last day of a card is a day of use, the next is not', () => {
    const account = anAccount({ expiresOn: today })
    expect(standing(account, 'alive', today)).toEqual({ is: 'usable' })
    expect(standing(account, 'alive', '2026-11-23')).toMatchObject({ problem: 'account.expired' })
  })

  test('a lock says since when: the earliest of its grounds', () => {
    expect(standing(anAccount({ locks: lockings[2] ?? [] }), 'alive', today))
      .toEqual({ is: 'refused', problem: 'account.locked', since: day('2026-02-01') })
  })

  test('each ground alone closes the account', () => {
    const told = lockGrounds.map((ground) => standing(anAccount({ locks: [{ ground, since: day('2026-02-01') }] }), 'alive',
      today).is)
    expect(told).toEqual(lockGrounds.map(() => 'refused'))
  })

  test('a missing person is not a closed account', () => {
    expect(standing(anAccount(), 'missing', today)).toEqual({ is: 'usable' })
  })
})

test.each([
  ['before it', '2026-03-01T02:59:59Z', true],
  ['in the same second', '2026-03-01T03:00:00Z', false],
  ['after it', '2026-03-01T03:00:01Z', false],
])('W12: what began %s is over after signing out everywhere: %s %s', (_when, began, over) => {
  const signedOutAt = new Date('2026-03-01T03:00:00.900Z')
  expect(signedOutSince({ signedOutAt }, Date.parse(began) / 1000, signedOutAt)).toBe(over)
  expect(signedOutSince({}, Date.parse(began) / 1000, signedOutAt)).toBe(false)
})

test.each([
  ['before the day, on the day', '2026-02-28T16:59:59Z', '2026-02-28T17:00:00Z', true],
  ['before the day, before it has come', '2026-02-28T16:00:00Z', '2026-02-28T16:59:59Z', false],
  ['on the day', '2026-02-28T17:00:00Z', '2026-03-05T00:00:00Z', false],
])('a day that a court has named ends in Viet Nam what began %s', (_when, began, now, over) => {
  expect(signedOutSince({ courtDays: ['2026-03-01', '2099-01-01'] }, Date.parse(began) / 1000, new Date(now))).toBe(over)
})
