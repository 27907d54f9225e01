import { expect, test } from 'vitest'
import { code, sources } from '#test/house/source.ts'
import { choreNames } from '#storage/jobs/chores.ts'

const files = sources().map((file) => ({ ...file, code: code(file) }))
const table = files.find(({ path }) => path === 'src/chores.ts')?.code ?? ''

/** What is done by the clock, as the table says it: by this list a change of it is seen. */
const chores = {
  papers: ['deaths', 'papers of accounts', 'papers that end soon', 'organisations', 'days of courts', 'representations'],
  reminders: ['what ends of services', 'keys nobody fetched', 'requests to connect', 'ages of keys', 'altered approvals', 'desks'],
  statistics: ['counts', 'old faults', 'old answer times', 'old problems', 'old addresses'],
}

test('the chores are these, at these hours, and each name stands once', () => {
  const blocks = [...table.matchAll(/^    (\w+): \{$([^]*?)^    \},$/gm)].map(([, hour = '', block = '']) => [hour, [...block.matchAll(/^      '([^']+)': \(\) =>/gm)].map(([, name]) => name)])
  expect(Object.fromEntries(blocks)).toEqual(chores)
  expect(Object.keys(chores).toSorted()).toEqual([...choreNames].toSorted())
  const names = Object.values(chores).flat()
  expect(new Set(names).size).toBe(names.length)
})

/** What is handed tools, and answers how many or nothing; also what hands on a store's promise. */
const actLike = /^export (?:async )?function (\w+)\((?:tools\b|\{).*\): Promise<(?:number|void|\{ \w+: number.*)>/gm

test('what a room exports as an act of its own is called by somebody: a chore in no table is called by nobody', () => {
  const acts = files.filter(({ path }) => path.startsWith('src/domain/'))
    .flatMap((file) => [...file.code.matchAll(actLike)].map(([, name = '']) => ({ name, path: file.path })))
  expect(acts.length).toBeGreaterThan(10)
  for (const called of ['tellAltered', 'tellOldKeys', 'keepDesksGoing', 'endRepresentations', 'remindAll', 'warnOfKeys', 'tellOverdue']) {
    expect([called, acts.some(({ name }) => name === called), table.includes(`${called}(`)]).toEqual([called, true, true])
  }
  const idle = acts.filter(({ name, path }) => !files.some((file) => file.path !== path && new RegExp(`\\b${name}\\(`).test(file.code)))
  expect(idle).toEqual([])
})

test('what a store does about things that end by themselves is asked of it', () => {
  const ports = files.filter(({ path }) => path.startsWith('src/domain/'))
    .flatMap((file) => [...file.code.matchAll(/^  ((?:follow|sweep|lapse|markOverdue|refresh)\w*): \(.*=> Promise</gm)].map(([, method = '']) => method))
  expect(ports.length).toBeGreaterThan(8)
  const callers = files.filter(({ path }) => !path.startsWith('src/storage/postgres/'))
  expect([...new Set(ports)].filter((method) => !callers.some((file) => new RegExp(`\\.${method}\\(`).test(file.code)))).toEqual([])
})
