import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { addOrganisationCommands } from '#cli/organisation.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { makeSealer } from '#keys/sealer.ts'
import type { Database } from '#storage/postgres/db.ts'
import { organisations } from '#storage/postgres/organisations.ts'
import { runCommand } from '#test/support/command.ts'
import { databases } from '#test/support/engines.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const sealer = makeSealer({ seal: [{ version: 1, secret: randomBytes(32) }], index: randomBytes(32) })

let db: Database
let events: AuditEvent[]

beforeEach(async () => {
  db = await (databases['embedded'] ?? expect.unreachable())()
  events = []
})
afterEach(() => {
  process.exitCode = undefined
})

const eid = (...args: readonly string[]) => runCommand((program, print) => addOrganisationCommands(program, {
  withHouse: (work) => work({ organisations: organisations(db, sealer, systemClock), audit: { append: async (...more) => void events.push(...more) }, clock: systemClock }), print,
}), 'organisation', ...args)

test('a made-up file comes in whole, and what was made is told as JSON where that is asked for', async () => {
  const file = join(temporaryFolder(), 'organisations.csv')
  const wish = ['generate', '--organisations', '12', '--people', '100', '--seed', 'cli', '--out', file]
  expect(JSON.parse((await eid(...wish, '--json')).text)).toEqual({ organisations: 12, people: 100, seed: 'cli', out: file })
  expect((await eid(...wish)).text).toBe(`12 organisations are in ${file}; bring them in with: eid organisation import ${file}`)
  expect(await eid('import', file)).toEqual({ text: '12 rows read: 12 new, 0 replaced, 0 unchanged, 0 refused.', code: 0 })
  expect(events).toEqual([{ type: 'organisation.imported', inserted: 12, replaced: 0, refused: 0 }])
})

test('a file that is no list of organisations is refused with a sentence that says where and what to do', async () => {
  const file = join(temporaryFolder(), 'people.csv')
  writeFileSync(file, 'kind,name\ncitizen,A\n')
  expect(await eid('import', file)).toEqual({ text: 'Nothing was imported. column 1: its first line has a heading that is no column; compare it with docs/organisations.md.', code: 2 })
  writeFileSync(file, 'code,name\n0101234567,A\n')
  expect((await eid('import', file)).text).toContain('column foreign_name: a column is missing')
  expect(events).toEqual([])
})
