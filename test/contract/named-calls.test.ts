import { beforeEach, describe, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { NamedCallStore } from '#domain/api/repeat.ts'
import { namedCalls } from '#storage/postgres/named-calls.ts'
import { databases } from '#test/support/engines.ts'

const at = new Date('2026-11-26T01:02:03.456Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
const call = { client: clientId.parse('robot'), key: 'one', fingerprint: 'print', at }

describe.each(Object.entries(databases))('calls with a name on %s', (_name, open) => {
  let store: NamedCallStore
  beforeEach(async () => {
    store = namedCalls(await open())
  })

  test('of racing calls of one name exactly one is done', async () => {
    const heard = await Promise.all(Array.from({ length: 20 }, () => store.begin(call)))
    expect(heard.map(({ is }) => is).toSorted()).toEqual(['new', ...Array<string>(19).fill('under-way')].toSorted())
  })

  test('what was answered is answered again, for a day', async () => {
    await store.begin(call)
    await store.finish(call, { status: 200, body: '{"one":1}' })
    expect(await store.begin({ ...call, at: later(86_000) })).toEqual({ is: 'done', answer: { status: 200, body: '{"one":1}' } })
    expect(await store.begin({ ...call, at: later(86_500) })).toMatchObject({ is: 'new' })
  })

  test('a name stands for one call, and for each client on its own', async () => {
    await store.begin(call)
    expect(await store.begin({ ...call, fingerprint: 'another' })).toEqual({ is: 'taken' })
    expect(await store.begin({ ...call, client: clientId.parse('other') })).toMatchObject({ is: 'new' })
  })

  test('a call whose process died is taken up again by one, under the name of what it was to make', async () => {
    const first = await store.begin(call)
    const again = await Promise.all(Array.from({ length: 10 }, () => store.begin({ ...call, at: later(61) })))
    expect(again.filter(({ is }) => is === 'new')).toEqual([first])
    // The first comes back to life, and has no say any more.
    await store.forget(call)
    await store.finish(call, { status: 500, body: '{}' })
    expect(await store.begin({ ...call, at: later(62) })).toEqual({ is: 'under-way' })
  })

  test('one that has done nothing leaves its name free; one that was answered does not', async () => {
    await store.begin(call)
    await store.forget(call)
    expect(await store.begin(call)).toMatchObject({ is: 'new' })
    await store.finish(call, { status: 200, body: '{}' })
    await store.forget(call)
    expect(await store.begin(call)).toMatchObject({ is: 'done' })
  })
})
