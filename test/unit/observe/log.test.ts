import { expect, test } from 'vitest'
import { makeLog } from '#observe/log.ts'
import { Problem } from '#kernel/problem.ts'

function recorded(): { lines: string[]; to: { write: (line: string) => void } } {
  const lines: string[] = []
  return { lines, to: { write: (line) => void lines.push(line) } }
}

test('a line is one flat JSON object with a level in words', () => {
  const { lines, to } = recorded()
  makeLog({ level: 'info', to }).with({ reference: '7F3K-29QD' }).info({ client: 'portal' }, 'signed in')
  expect(JSON.parse(lines.join(''))).toEqual({
    level: 'info', time: expect.any(String), reference: '7F3K-29QD', client: 'portal', msg: 'signed in',
  })
})

test('an error is described without its message, for messages quote values', () => {
  const { lines, to } = recorded()
  const cause = Object.assign(new Error('duplicate key: (number)=(079203001234)\n    Detail: Nguyễn Thị Canary'), { code: '23505' })
  makeLog({ level: 'info', to }).error({}, 'database', new Problem('service.unavailable', { cause }))
  expect(JSON.parse(lines.join(''))).toMatchObject({
    err: { type: 'Problem', problem: 'service.unavailable', stack: expect.stringContaining('log.test.ts'), cause: { problem: '23505' } },
  })
  expect(lines.join('')).not.toMatch(/079203001234|Canary|duplicate/)
})

test('what is thrown and is no error tells only what it is', () => {
  const { lines, to } = recorded()
  makeLog({ level: 'info', to }).error({}, 'odd', 'Canary')
  expect(JSON.parse(lines.join(''))).toMatchObject({ err: { type: 'string' } })
  expect(lines.join('')).not.toContain('Canary')
})

test('the net hides attributes and secrets at the first and second level', () => {
  const { lines, to } = recorded()
  const careless: Record<string, string> = { email: 'canary@example.com', code: '123456', cookie: 'canary', personalNumber: '079203001234' }
  const nested: Record<string, string> = JSON.parse('{"person":{"email":"canary@example.com"}}')
  makeLog({ level: 'info', to }).info({ ...careless, ...nested }, 'careless')
  expect(lines.join('')).not.toMatch(/canary|123456|079203001234/)
})

test('lines below the level are not written', () => {
  const { lines, to } = recorded()
  makeLog({ level: 'warn', to }).info({}, 'no')
  expect(lines).toEqual([])
})
