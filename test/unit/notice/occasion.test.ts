import { expect, test } from 'vitest'
import { lockGrounds } from '#domain/account/ground.ts'
import { accountRules } from '#domain/account/rules.ts'
import { occasionOf } from '#domain/notice/occasion.ts'

test('the holder is told of every move but an end, and of locks as the law says (Law 26/2023 Art 34.3)', () => {
  expect(occasionOf({ to: 'activate', by: 'hotline' })).toEqual({ of: 'account-activated' })
  expect(occasionOf({ to: 'raise', by: 'officer' })).toEqual({ of: 'account-raised' })
  expect(occasionOf({ to: 'end' })).toBeUndefined()
  for (const ground of lockGrounds) {
    expect(occasionOf({ to: 'lock', ground, by: 'operator' })).toEqual({ of: 'account-locked', ground })
    expect(occasionOf({ to: 'unlock', ground, by: 'operator' })).toEqual({ of: 'account-unlocked', ground })
  }
})

test('a report by a printed code is told as one, any other is not', () => {
  const report = { to: 'lock', ground: 'holder-request', by: 'holder', lost: true } as const
  expect(occasionOf({ ...report, byCode: true })).toEqual({ of: 'account-locked', ground: 'holder-request', byCode: true })
  expect(occasionOf({ ...report, byCode: false })).toEqual({ of: 'account-locked', ground: 'holder-request' })
})

test('a ground of which the file says that it is not told is not told', () => {
  const { grounds } = accountRules
  const silent = { ...accountRules, grounds: { ...grounds, 'terms-breach': { ...grounds['terms-breach'], tellsHolder: false } } }
  for (const to of ['lock', 'unlock'] as const) {
    expect(occasionOf({ to, ground: 'terms-breach', by: 'operator' }, silent)).toBeUndefined()
    expect(occasionOf({ to, ground: 'competent-body', by: 'operator' }, silent)).toBeDefined()
  }
})
