import { expect, test } from 'vitest'
import { isHeld, roleOfRow, type OfficerCells } from '#domain/officer/wish.ts'
import { anAccount } from '#test/support/made-up.ts'

const now = new Date('2026-11-26T03:00:00Z')
const { id: account } = anAccount()
const row: OfficerCells = { number: '079303001234', role: 'enrolment-officer', sector: '', ends_on: '2027-03-31', desk: 'Quầy 1', commune: 'phường Bến Thành', badge: '', from: '07:30', until: '17:00', days: '5' }

test('a row of a file is a role with its desk and shift', () => {
  const wanted = { account, role: 'enrolment-officer', ends_on: '2027-03-31', post: { desk: 'Quầy 1', commune: 'phường Bến Thành', from: '07:30', until: '17:00', days: 5 } }
  expect(roleOfRow(row, account, now)).toEqual({ wanted })
})

test.each([
  ['a number without an account', {}, undefined, [{ column: 'number', code: 'no-account' }]],
  ['no such role', { role: 'boss' }, account, [{ column: 'role', code: 'not-valid' }]],
  ['a day that is none', { ends_on: '31/3/2027' }, account, [{ column: 'ends_on', code: 'not-valid' }]],
  ['a day that is over', { ends_on: '2026-11-25' }, account, [{ column: 'ends_on', code: 'ends-in-the-past' }]],
  ['a time that is none', { from: '7h30' }, account, [{ column: 'from', code: 'not-valid' }]],
  ['a shift that ends before it begins', { until: '07:00' }, account, [{ column: 'until', code: 'not-valid' }]],
  ['days that no desk has', { days: '4' }, account, [{ column: 'days', code: 'not-valid' }]],
  ['a desk without a commune', { commune: '' }, account, [{ column: 'commune', code: 'not-valid' }]],
  ['a desk for whom none is', { role: 'auditor' }, account, [{ column: 'desk', code: 'post-not-for-role' }]],
  ['an officer of the desk without one', { desk: '', commune: '', from: '', until: '', days: '' }, account, [{ column: 'desk', code: 'post-missing' }]],
  ['a sector that the role has not', { sector: 'thue.example' }, account, [{ column: 'sector', code: 'sector-not-for-role' }]],
  ['two faults', { role: 'boss', from: 'x' }, account, [{ column: 'role', code: 'not-valid' }, { column: 'from', code: 'not-valid' }]],
] as const)('a row with %s is told by column', (_what, changes, holder, faults) => {
  expect(roleOfRow({ ...row, ...changes }, holder, now)).toEqual({ faults })
})

test('what somebody has already is not proposed again, and another desk is', () => {
  const read = roleOfRow(row, account, now)
  if ('faults' in read) throw new Error('it is in order')
  const grant = { id: 'g', account, role: read.wanted.role, post: read.wanted.post, since: now, endsOn: '2027-03-31' }
  expect(isHeld(read.wanted, [grant], now)).toBe(true)
  expect(isHeld({ ...read.wanted, ends_on: '2027-04-30' }, [grant], now)).toBe(false)
  expect(isHeld(read.wanted, [{ ...grant, endedAt: now }], now)).toBe(false)
  expect(isHeld(read.wanted, [{ ...grant, post: { desk: 'Quầy 2', commune: 'phường Bến Thành', from: '07:30', until: '17:00', days: 5 } }], now)).toBe(false)
})
