import { expect, test } from 'vitest'
import { Problem } from '#kernel/problem.ts'
import { faultOf, isUnanswered } from '#storage/postgres/fault.ts'

const error = (code: string, message = 'said something') => Object.assign(new Error(message), { code })

test.each([
  ['08006', 'service.unavailable'], ['53300', 'service.unavailable'], ['53100', 'service.unavailable'], ['57014', 'service.unavailable'],
  ['57P01', 'service.unavailable'], ['57P03', 'service.unavailable'], ['25006', 'service.unavailable'], ['25P03', 'service.unavailable'], ['XX000', 'service.unavailable'], ['58030', 'service.unavailable'],
  ['40001', 'service.busy'], ['40P01', 'service.busy'], ['55P03', 'service.busy'],
  ['ECONNREFUSED', 'service.unavailable'], ['ECONNRESET', 'service.unavailable'], ['EPIPE', 'service.unavailable'], ['ENOTFOUND', 'service.unavailable'],
])('%s is %s', (code, expected) => {
  expect(faultOf(error(code))).toMatchObject({ code: expected })
})

test.each(['Query read timeout', 'timeout exceeded when trying to connect', 'Connection terminated unexpectedly', 'received invalid response: 48', 'Received unexpected dataRow message from backend.'])('"%s" is service.unavailable', (message) => {
  expect(faultOf(new Error(message))).toMatchObject({ code: 'service.unavailable' })
})

test.each(['23505', '42601', '22P02', '25P02'])('%s is ours to mend and comes through', (code) => {
  const ours = error(code)
  expect(faultOf(ours)).toBe(ours)
})

test('a problem stays what it is, and a bug a bug', () => {
  const problem = new Problem('account.locked')
  const bug = new TypeError('x is not a function')
  expect(faultOf(problem)).toBe(problem)
  expect(faultOf(bug)).toBe(bug)
  expect(faultOf('text')).toBe('text')
})

test('L05: whether a statement was done nobody knows where the database did not say, and everybody where it said no', () => {
  const unknown = [error('08006'), error('57P01'), error('57P02'), error('ECONNRESET'), new Error('Query read timeout')]
  const known = [error('53100'), error('58030'), error('XX000'), error('57014'), error('25006'), error('40001'), error('23505')]
  expect(unknown.map((one) => isUnanswered(faultOf(one)))).toEqual(unknown.map(() => true))
  expect(known.map((one) => isUnanswered(faultOf(one)))).toEqual(known.map(() => false))
})
