import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addRegistryCommands } from '#cli/registry.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { people } from '#domain/registry/synthetic.ts'
import { makeSealer } from '#keys/sealer.ts'
import type { Database } from '#storage/postgres/db.ts'
import { registry } from '#storage/postgres/registry.ts'
import { runCommand } from '#test/support/command.ts'
import { databases } from '#test/support/engines.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })
const [, , , child] = people({ people: 10, seed: 'cli' })

let db: Database
let folder: string
let events: AuditEvent[]

beforeEach(async () => {
  db = await (databases['embedded'] ?? expect.unreachable())()
  folder = temporaryFolder()
  events = []
})
afterEach(() => {
  process.exitCode = undefined
})

const eid = (...args: readonly string[]) => runCommand((program, print) => addRegistryCommands(program, {
  withHouse: (work) => work({ registry: registry(db, sealer), audit: { append: async (...more) => void events.push(...more) } }), print,
}), 'registry', ...args)

test('a generated file comes in whole, and a second time changes nothing', async () => {
  const file = join(folder, 'people.csv')
  const made = await eid('generate', '--people', '120', '--seed', 'cli', '--out', file)
  expect(made.text).toContain('120 people')
  expect(existsSync(`${file}.part`)).toBe(false)

  const first = await eid('import', file)
  expect(first).toEqual({ text: '120 rows read: 120 new, 0 replaced, 0 unchanged, 0 refused.', code: 0 })
  const again = await eid('import', file, '--json')
  expect(JSON.parse(again.text)).toMatchObject({ is: 'imported', report: { read: 120, unchanged: 120 } })
  expect(events).toEqual([
    { type: 'registry.imported', inserted: 120, replaced: 0, refused: 0 },
    { type: 'registry.imported', inserted: 0, replaced: 0, refused: 0 },
  ])
})

test('the same number and seed make the same bytes', async () => {
  const files = [join(folder, 'a.csv'), join(folder, 'b.csv')]
  for (const file of files) await eid('generate', '--people', '500', '--seed', '7', '--out', file)
  const [one, other] = files.map((file) => readFileSync(file))
  expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true)
})

test('refused rows are told by line in the report and by the exit code; nothing of the rows is', async () => {
  const file = join(folder, 'people.csv')
  const report = join(folder, 'report.csv')
  await eid('generate', '--people', '20', '--seed', 'cli', '--out', file)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n(citizen|foreigner),/, '\nrobot-canary,'))
  const { text, code } = await eid('import', file, '--report', report)
  expect(code).toBe(1)
  expect(text).toContain('20 rows read: 19 new, 0 replaced, 0 unchanged, 1 refused.')
  expect(readFileSync(report, 'utf8')).toBe('line,column,code,outcome\n2,kind,malformed,refused\n')
  expect(text).not.toContain('canary')

  const strict = await eid('import', file, '--strict')
  expect(strict.code).toBe(2)
  expect(strict.text).toContain('Nothing was imported. line 2: a row was refused')
  expect(await registry(db, sealer).count()).toBe(19)
})

test('a broken file, a missing file and a report that cannot be written import nothing and say what to do', async () => {
  const file = join(folder, 'broken.csv')
  writeFileSync(file, Uint8Array.of(0xff, 0xfe, 0x41))
  expect(await eid('import', file)).toEqual({ text: 'Nothing was imported. the file: it is not UTF-8 text; save it as CSV UTF-8.', code: 2 })
  await expect(eid('import', join(folder, 'none.csv'))).rejects.toThrow('cannot be read: check the path')
  expect(process.exitCode).toBe(2)
  await expect(eid('import', folder)).rejects.toThrow('cannot be read')
  await expect(eid('import', file, '--report', join(folder, 'no', 'report.csv'))).rejects.toThrow('check that its folder exists')
  expect(await registry(db, sealer).count()).toBe(0)
  expect(events).toEqual([])
})

test('somebody is shown masked unless revealed, and each look is recorded', async () => {
  const file = join(folder, 'people.csv')
  await eid('generate', '--people', '10', '--seed', 'cli', '--out', file)
  await eid('import', file)
  const { number = '', name = '' } = child ?? {}

  const shown = await eid('show', number)
  expect(shown.text).toContain(`${number.slice(0, 3)}•••••${number.slice(-4)}`)
  expect(shown.text).not.toContain(number)
  expect(shown.text).not.toContain(name)
  expect((await eid('show', number.replace(/(...)/g, '$1 '), '--reveal')).text).toContain(name)
  expect(JSON.parse((await eid('show', number, '--reveal', '--json')).text)).toMatchObject({ number, name })
  expect(events.filter(({ type }) => type === 'registry.shown').map((event) => 'revealed' in event && event.revealed)).toEqual([false, true, true])
})

test('a number that is none, and one nobody has, say so', async () => {
  await expect(eid('show', '123')).rejects.toThrow('has 12 digits')
  await expect(eid('show', '079303001234')).rejects.toThrow('holds nobody')
  expect(events).toEqual([])
})

test.each([['-5'], ['ten'], ['1e9'], ['']])('%s people cannot be made', async (count) => {
  await expect(eid('generate', `--people=${count}`, '--seed', '1', '--out', join(folder, 'x.csv'))).rejects.toThrow('whole number')
})

test('a file that cannot be written says so', async () => {
  await expect(eid('generate', '--people', '1', '--seed', '1', '--out', join(folder, 'no', 'x.csv'))).rejects.toThrow('could not be written')
})
