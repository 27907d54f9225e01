import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { databases } from '#test/support/engines.ts'

describe.each(Object.entries(databases))('a database on %s', (_name, open) => {
  test('gives the same kinds of values', async () => {
    const db = await open()
    const at = new Date('2026-01-02T03:04:05.678Z')
    const bytes = Uint8Array.of(0, 1, 255)
    const row = await db.first(sql`
      select ${bytes}::bytea as bytes, ${at}::timestamptz as at, ${7}::int8 as big, ${'2000-02-29'}::date as day, 1.50::numeric as exact,
             ${JSON.stringify({ a: ['ế'] })}::jsonb as json, ${['a', 'b,"c']}::text[] as list, ${null}::text as nothing, ${true}::bool as yes`)
    expect(row).toStrictEqual({
      bytes, at, big: 7, day: '2000-02-29', exact: '1.50', json: { a: ['ế'] }, list: ['a', 'b,"c'], nothing: null, yes: true,
    })
  })

  test('first is undefined when there is no row', async () => {
    const db = await open()
    expect(await db.first(sql`select 1 as one where false`)).toBeUndefined()
  })

  test('change counts the rows that changed, also when rows come back', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key, n int not null)`)
    expect(await db.change(sql`insert into thing values (1, 0), (2, 0)`)).toBe(2)
    expect(await db.change(sql`insert into thing values (1, 5) on conflict do nothing`)).toBe(0)
    expect(await db.change(sql`update thing set n = 1 returning id`)).toBe(2)
    expect(await db.change(sql`with gone as (select 1 as id) delete from thing using gone where thing.id = gone.id`)).toBe(1)
  })

  test('of 50 racing conditional updates exactly one changes the row', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key, n int not null)`)
    await db.change(sql`insert into thing values (1, 0)`)
    const changed = await Promise.all(Array.from({ length: 50 }, () => db.change(sql`update thing set n = 1 where id = 1 and n = 0`)))
    expect(changed.filter((count) => count === 1)).toHaveLength(1)
  })

  test('a transaction that throws leaves nothing, and its error comes through', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key)`)
    const boom = new Error('boom')
    const work = db.transaction(async (inside) => {
      await inside.change(sql`insert into thing values (1)`)
      throw boom
    })
    await expect(work).rejects.toBe(boom)
    expect(await db.rows(sql`select id from thing`)).toEqual([])
  })

  test('a transaction commits, and its answer comes back', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key)`)
    expect(await db.transaction(async (inside) => inside.change(sql`insert into thing values (1)`))).toBe(1)
    expect(await db.rows(sql`select id from thing`)).toEqual([{ id: 1 }])
  })

  test('nobody outside speaks within an open transaction', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key)`)
    const opened = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    const work = db.transaction(async (inside) => {
      await inside.change(sql`insert into thing values (1)`)
      opened.resolve()
      await mayEnd.promise
      throw new Error('undo')
    })
    await opened.promise
    const outside = db.change(sql`insert into thing values (2)`)
    setTimeout(() => mayEnd.resolve(), 50)
    await expect(work).rejects.toThrow('undo')
    await outside
    expect(await db.rows(sql`select id from thing`)).toEqual([{ id: 2 }])
  })

  test('a commit that PostgreSQL turned into a rollback is an error', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int primary key)`)
    const work = db.transaction(async (inside) => {
      await inside.change(sql`insert into thing values (1)`)
      await inside.change(sql`insert into thing values (1)`).catch(() => undefined)
    })
    await expect(work).rejects.toThrow()
    expect(await db.rows(sql`select id from thing`)).toEqual([])
  })

  test('a broken constraint comes through with its SQLSTATE and name, and the connection lives on', async () => {
    const db = await open()
    await db.change(sql`create table thing (id int constraint thing_once primary key)`)
    await db.change(sql`insert into thing values (1)`)
    await expect(db.change(sql`insert into thing values (1)`)).rejects.toMatchObject({ code: '23505', constraint: 'thing_once' })
    expect(await db.first(sql`select 1 as one`)).toEqual({ one: 1 })
  })
})
