import { expect, test } from 'vitest'
import { imports, sources } from '#test/house/source.ts'

const files = sources()

test('A04: events are written in one place, which has an eye on each: nothing else of the program adds any', () => {
  const writes = files.filter(({ text }) => /insert into audit_event/i.test(text)).map(({ path }) => path)
  expect(writes).toEqual(['src/storage/postgres/event-row.ts'])
  const uses = files.filter((file) => imports(file).some(({ from }) => from.endsWith('/event-row.ts'))).map(({ path }) => path)
  expect(uses).toEqual(['src/storage/postgres/alarms.ts', 'src/storage/postgres/audit.ts'])
})
