import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { lockFolder } from '#storage/embedded/lock.ts'
import { openDatabase } from '#storage/postgres/open.ts'
import { temporaryFolder } from '#test/support/tmp.ts'

const lockModule = join(import.meta.dirname, '../../src/storage/embedded/lock.ts')

/** Another process that takes the folder, says so and stays. */
async function holder(folder: string) {
  const program = `const { lockFolder } = await import(${JSON.stringify(lockModule)}); lockFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('a folder that another process has is refused with its name and number, and free once that was killed', async () => {
  const folder = temporaryFolder()
  const child = await holder(folder)
  expect(() => lockFolder(folder)).toThrow(`The data folder ${folder} is in use by process ${child.pid}`)
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
  lockFolder(folder)()
})

test('the same process is refused a second time, until the first has given it back', () => {
  const folder = temporaryFolder()
  const release = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.pid}`)
  release()
  lockFolder(folder)()
})

test('what was committed is there after a restart, a second opening is refused meanwhile', async () => {
  const dataDir = temporaryFolder()
  const first = await openDatabase({ dataDir })
  await first.change(sql`create table thing (id int primary key)`)
  await first.change(sql`insert into thing values (1)`)
  await expect(openDatabase({ dataDir })).rejects.toMatchObject({ name: 'Refusal' })
  await first.close()

  const second = await openDatabase({ dataDir })
  expect(await second.rows(sql`select id from thing`)).toEqual([{ id: 1 }])
  await second.close()
  await expect(second.rows(sql`select 1`)).rejects.toThrow()
})

test('a long statement does not stop this thread', async () => {
  const dataDir = temporaryFolder()
  const db = await openDatabase({ dataDir })
  onTestFinished(() => db.close())
  let ended = false
  const long = db.rows(sql`select count(*) from generate_series(1, 3000000)`).then(() => (ended = true))
  await new Promise((later) => setTimeout(later, 5))
  expect(ended).toBe(false)
  await long
})
