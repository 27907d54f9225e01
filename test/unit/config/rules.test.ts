import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readRule, readRules } from '#app/rules.ts'

const folder = mkdtempSync(join(tmpdir(), 'eid-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, `${name}.json`), text)
const ttl = z.strictObject({ code: z.int().max(60), session: z.strictObject({ idle: z.int() }) })

test('a rule file is read through its schema and cannot be changed afterwards', () => {
  write('ttl', '{"code":30,"session":{"idle":600}}')
  const rule = readRule('ttl', ttl, folder)
  expect(rule).toEqual({ code: 30, session: { idle: 600 } })
  expect(Object.isFrozen(rule.session)).toBe(true)
})

test('every complaint names the file and the place', () => {
  write('ttl', '{"code":"30","session":{"idle":1.5},"more":1}')
  expect(() => readRule('ttl', ttl, folder)).toThrow(/ttl\.json at code: .*\n.*ttl\.json at session\.idle: .*\n.*ttl\.json as a whole: /)
})

test('a file that is missing or not JSON is said to be so', () => {
  write('limits', '{"a":')
  expect(() => readRule('limits', z.object({}), folder)).toThrow(/limits\.json is not JSON/)
  expect(() => readRule('scopes', z.object({}), folder)).toThrow(/scopes\.json cannot be read/)
})

test('of several files, the faults of all are named at once', () => {
  write('ttl', '{}')
  write('limits', '[]')
  expect(() => readRules({ ttl, limits: z.object({}) }, folder)).toThrow(/ttl\.json[^]*limits\.json|limits\.json[^]*ttl\.json/)
})
