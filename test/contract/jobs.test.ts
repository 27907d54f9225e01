import { sql } from 'kysely'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import type { Log } from '#kernel/log.ts'
import type { Courier, Delivery } from '#domain/signal/courier.ts'
import type { Signal } from '#domain/signal/signal.ts'
import { makeBoss, queues } from '#storage/jobs/boss.ts'
import type { Chores } from '#storage/jobs/chores.ts'
import { enqueue } from '#storage/jobs/enqueue.ts'
import { prepareJobs } from '#storage/jobs/prepare.ts'
import { startRunner } from '#storage/jobs/runner.ts'
import { undelivered } from '#storage/jobs/undelivered.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases, emptyDatabases } from '#test/support/engines.ts'
import { silentLog } from '#test/support/silent-log.ts'

const account = accountId.parse('0190a1b2-0000-7000-8000-000000000001')
const logout = (sid: string): Signal => ({ kind: 'logout', client: clientId.parse('portal'), account, sid })
const soon = { timeout: 30_000 }

describe.each(Object.entries(emptyDatabases))('the tables of the queue on %s', (_name, open) => {
  test('are made once, also by two at once, and brought up to date when our settings change', async () => {
    const { database, another } = await open()
    await Promise.all([prepareJobs(database), another().then(prepareJobs)])
    await enqueue(database, [{ signal: logout('one') }])
    await database.change(sql`update job.queue set expire_seconds = 900`)
    await prepareJobs(database)
    const [queue] = await makeBoss(database).getQueues([queues.signals])
    expect(queue).toMatchObject({ expireInSeconds: 15, retryLimit: 26, deadLetter: queues.undelivered })
    expect(await makeBoss(database).findJobs(queues.signals)).toHaveLength(1)
  })
})

describe.each(Object.entries(databases))('the queue on %s', (_name, open) => {
  let database: Database
  beforeEach(async () => {
    database = await open()
  })

  const run = async (courier: Courier) => {
    const runner = await startRunner({ database, courier, log: silentLog, clock: systemClock })
    onTestFinished(runner.stop)
    return runner
  }
  const states = async () => (await database.rows(sql<{ state: string }>`select state::text from job.job where name = ${queues.signals}`)).map(({ state }) => state).toSorted()
  const events = () => database.rows(sql<{ type: string; data: object }>`select type, data from audit_event order by id`)

  test('holds what was put in with a transaction that came through, and nothing of one that did not', async () => {
    await database.transaction((tx) => enqueue(tx, [{ signal: logout('kept') }]))
    const lost = database.transaction(async (tx) => {
      await enqueue(tx, [{ signal: logout('lost') }])
      throw new Error('changed my mind')
    })
    await expect(lost).rejects.toThrow('changed my mind')
    expect((await makeBoss(database).findJobs(queues.signals)).map(({ data }) => data)).toEqual([logout('kept')])
  })

  test('delivers each signal once to one of two runners', async () => {
    const heard: string[] = []
    const courier: Courier = async (signal) => {
      if (signal.kind === 'logout') heard.push(signal.sid)
      return { is: 'delivered' }
    }
    await Promise.all([run(courier), run(courier)])
    const all = Array.from({ length: 40 }, (_, at) => `s${at}`)
    await enqueue(database, all.map((sid, at) => ({ signal: logout(sid), at: `host-${at}` })))
    await expect.poll(states, soon).toEqual(all.map(() => 'completed'))
    expect(heard.toSorted()).toEqual(all.toSorted())
  })

  test('P19: has two under way to one host from all runners together, and goes on with the others meanwhile', async () => {
    const never = Promise.withResolvers<Delivery>()
    const heard: string[] = []
    const courier: Courier = async (signal) => {
      const { sid } = signal.kind === 'logout' ? signal : { sid: '' }
      heard.push(sid)
      return sid.startsWith('hangs') ? never.promise : { is: 'delivered' }
    }
    await enqueue(database, Array.from({ length: 20 }, (_, at) => ({ signal: logout(`hangs${at}`), at: 'hangs.example' })))
    await enqueue(database, Array.from({ length: 20 }, (_, at) => ({ signal: logout(`well${at}`), at: `well${at}.example` })))
    await Promise.all([run(courier), run(courier)])
    await expect.poll(() => heard.filter((sid) => sid.startsWith('well')).length, soon).toBe(20)
    expect(heard.filter((sid) => sid.startsWith('hangs'))).toHaveLength(2)
    never.resolve({ is: 'delivered' })
    await expect.poll(() => heard.filter((sid) => sid.startsWith('hangs')).length, soon).toBe(20)
  })

  test('lets a courier that breaks, and a signal that nobody can read, harm nobody else', async () => {
    await makeBoss(database).insert(queues.signals, [{ data: { kind: 'from-a-later-version' }, retryLimit: 0 }])
    await enqueue(database, [{ signal: logout('breaks') }, { signal: logout('well') }])
    const heard: string[] = []
    await run(async (signal) => {
      const { sid } = signal.kind === 'logout' ? signal : { sid: '' }
      heard.push(sid)
      if (sid === 'breaks') throw new Error('a bug')
      return { is: 'delivered' }
    })
    await expect.poll(() => heard.filter((sid) => sid === 'breaks').length, soon).toBeGreaterThan(1)
    expect(heard).toContain('well')
    expect(await states()).toContain('failed')
  })

  test('P19: what all tries failed for is recorded and seen, can be queued again with all its tries, or be dropped', async () => {
    let is: Delivery = { is: 'undelivered', ending: '500' }
    await enqueue(database, [{ signal: logout('one') }, { signal: logout('two') }])
    await database.change(sql`update job.job set retry_limit = 0`)
    await run(async () => is)
    const store = undelivered(database, systemClock)
    await expect.poll(async () => (await store.list()).length, soon).toBe(2)
    const [first, second] = await store.list()
    expect(first).toEqual({ id: expect.any(String), kind: 'logout', client: 'portal', since: expect.any(Date), tries: 1, ending: '500' })
    expect((await events()).map(({ type, data }) => ({ type, ...data }))).toEqual([1, 2].map(() => ({ type: 'signal.undelivered', kind: 'logout', client: 'portal', account, ending: '500' })))

    is = { is: 'delivered' }
    expect(await store.retry(first?.id ?? '')).toMatchObject({ client: 'portal' })
    expect(await store.drop(second?.id ?? '')).toMatchObject({ client: 'portal' })
    await expect.poll(states, soon).toContain('completed')
    expect(await store.list()).toEqual([])
    expect((await events()).slice(2).map(({ type, data }) => ({ type, ...data }))).toEqual([
      { type: 'signal.retried', delivery: first?.id, kind: 'logout', client: 'portal', by: 'operator' },
      { type: 'signal.dropped', delivery: second?.id, kind: 'logout', client: 'portal', by: 'operator' },
    ])
    expect([await store.retry(first?.id ?? ''), await store.drop(account), await store.drop('no id at all')]).toEqual([undefined, undefined, undefined])
  })

  test('P19: what nobody can read any more is shown as unreadable beside the others, and can be queued again or dropped', async () => {
    await makeBoss(database).insert(queues.signals, [{ data: { kind: 'from-a-later-version', client: 7 }, retryLimit: 0 }])
    await enqueue(database, [{ signal: logout('one') }])
    await database.change(sql`update job.job set retry_limit = 0`)
    await run(async () => ({ is: 'undelivered', ending: '500' }))
    const store = undelivered(database, systemClock)
    await expect.poll(async () => (await store.list()).map(({ kind }) => kind).toSorted(), soon).toEqual(['logout', 'unreadable'])
    const unread = async () => (await store.list()).find(({ kind }) => kind === 'unreadable')
    const first = await unread()
    expect(first).toEqual({ id: expect.any(String), kind: 'unreadable', client: undefined, since: expect.any(Date), tries: 1, ending: 'unreadable' })
    expect(await store.retry(first?.id ?? '')).toMatchObject({ kind: 'unreadable' })
    await database.change(sql`update job.job set retry_limit = 0`)
    await expect.poll(unread, soon).toBeDefined()
    const again = await unread()
    expect(await store.drop(again?.id ?? '')).toMatchObject({ kind: 'unreadable' })
    expect((await store.list()).map(({ kind }) => kind)).toEqual(['logout'])
    expect((await events()).slice(-2).map(({ type, data }) => ({ type, ...data }))).toEqual([
      { type: 'signal.retried', delivery: first?.id, kind: 'unreadable', by: 'operator' },
      { type: 'signal.dropped', delivery: again?.id, kind: 'unreadable', by: 'operator' },
    ])
  })

  test('what a process that died had claimed is tried by another', async () => {
    await enqueue(database, [{ signal: logout('one') }])
    expect(await makeBoss(database).fetch(queues.signals)).toHaveLength(1)
    await database.change(sql`update job.job set started_on = started_on - interval '1 minute'`)
    const heard: Signal[] = []
    await run(async (signal) => {
      heard.push(signal)
      return { is: 'delivered' }
    })
    await expect.poll(() => heard.length, { timeout: 50_000 }).toBe(1)
  })

  test('is kept up by pg-boss through our door: what was delivered goes after its time', async () => {
    await enqueue(database, [{ signal: logout('one') }])
    const boss = makeBoss(database, { migrate: false, supervise: false, schedule: false, monitorIntervalSeconds: 1, maintenanceIntervalSeconds: 1 })
    const errors: unknown[] = []
    boss.on('error', (error) => errors.push(error))
    await boss.start()
    onTestFinished(() => boss.stop({ close: false, graceful: false }))
    const [job] = await boss.fetch(queues.signals)
    await boss.complete(queues.signals, job?.id ?? '')
    await database.change(sql`update job.job set completed_on = completed_on - interval '1 day'`)
    await boss.supervise()
    expect(errors).toEqual([])
    expect(await states()).toEqual([])
  })

  test('a runner that is told to stop takes nothing more and waits for what is under way', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>()
    const heard: string[] = []
    const runner = await run(async (signal) => {
      heard.push(signal.kind === 'logout' ? signal.sid : '')
      return promise
    })
    await enqueue(database, [{ signal: logout('one'), at: 'one.example' }])
    await expect.poll(() => heard, soon).toEqual(['one'])
    const stopped = runner.stop()
    await enqueue(database, [{ signal: logout('late'), at: 'two.example' }])
    resolve({ is: 'delivered' })
    await stopped
    expect(await states()).toEqual(['completed', 'created'])
    expect(heard).toEqual(['one'])
  })

  test('does every chore of an hour although one fails, says which, and tries that hour again', async () => {
    const done: string[] = []
    let broken = true
    const chores: Chores = {
      statistics: {}, reminders: {},
      papers: {
        first: async () => void done.push('first'),
        second: async () => {
          if (broken) throw new Error('no')
          done.push('second')
        },
        third: async () => void done.push('third'),
      },
    }
    const told: unknown[] = []
    const log: Log = { ...silentLog, warn: (fields) => void told.push(fields), with: () => log }
    const runner = await startRunner({ database, courier: async () => ({ is: 'delivered' }), log, clock: systemClock, chores })
    onTestFinished(runner.stop)
    await makeBoss(database).send(queues.chores, { chore: 'papers' }, { singletonKey: 'papers' })
    await expect.poll(() => done, soon).toEqual(['first', 'third'])
    const state = async () => (await database.first(sql<{ state: string }>`select state::text from job.job where name = ${queues.chores}`))?.state
    await expect.poll(state, soon).toBe('retry')
    expect(told).toEqual([{ chore: 'second' }])
    broken = false
    await database.change(sql`update job.job set start_after = now() where name = ${queues.chores}`)
    await expect.poll(state, soon).toBe('completed')
    expect(done).toEqual(['first', 'third', 'first', 'second', 'third'])
  }, 60_000)
})
