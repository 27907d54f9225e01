import { sql } from 'kysely'
import { beforeEach, describe, expect, test } from 'vitest'
import { toldProblems } from '#storage/postgres/told-problems.ts'
import type { Database } from '#storage/postgres/db.ts'
import { databases } from '#test/support/engines.ts'

const at = new Date('2026-11-26T05:00:00Z')

describe.each(Object.entries(databases))('what stood on error pages, on %s', (_name, open) => {
  let db: Database
  beforeEach(async () => {
    db = await open()
  })

  test('S09: is found by its reference, and a reference that comes twice keeps what it was', async () => {
    const store = toldProblems(db)
    await store.add([])
    await store.add([{ reference: '7F3K-29QD', at, problem: 'internal', place: '/interaction/:uid' }, { reference: '7F3K-29QE', at, problem: 'request.malformed', place: '/authorize', client: 'portal', error: 'invalid_request' }])
    await store.add([{ reference: '7F3K-29QD', at, problem: 'request.forged', place: '' }])
    expect(await store.find('7F3K-29QD')).toEqual({ reference: '7F3K-29QD', at, problem: 'internal', place: '/interaction/:uid' })
    expect(await store.find('7F3K-29QE')).toEqual({ reference: '7F3K-29QE', at, problem: 'request.malformed', place: '/authorize', client: 'portal', error: 'invalid_request' })
    expect(await store.find('7F3K-29QF')).toBeUndefined()
  })

  test('is forgotten after its time, however much there is', async () => {
    const store = toldProblems(db)
    await db.change(sql`insert into told_problem (reference, at, problem, place) select 'R' || n, ${at}, 'internal', '' from generate_series(1, 2500) as n`)
    await store.add([{ reference: '7F3K-29QD', at: new Date(at.getTime() + 1), problem: 'internal', place: '' }])
    await store.sweep(new Date(at.getTime() + 1))
    expect(await db.rows(sql`select reference from told_problem`)).toEqual([{ reference: '7F3K-29QD' }])
  })
})
