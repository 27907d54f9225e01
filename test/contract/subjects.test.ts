import { beforeEach, describe, expect, test } from 'vitest'
import { sector } from '#kernel/id.ts'
import type { SubjectStore } from '#domain/account/store.ts'
import { subjects } from '#storage/postgres/subjects.ts'
import { databases } from '#test/support/engines.ts'
import { anAccount } from '#test/support/made-up.ts'

const [tax, bank] = [sector.parse('thue.example'), sector.parse('bank.example')]

describe.each(Object.entries(databases))('subjects on %s', (_name, open) => {
  const { id } = anAccount()
  let store: SubjectStore
  beforeEach(async () => {
    store = subjects(await open())
  })

  test('what was given first stays, whatever is proposed later', async () => {
    expect(await store.settle(id, tax, 'first')).toBe('first')
    expect(await store.settle(id, tax, 'second')).toBe('first')
    expect(await store.settle(id, bank, 'elsewhere')).toBe('elsewhere')
    expect(await store.settle(anAccount().id, tax, 'somebody')).toBe('somebody')
  })

  test('50 at once with 50 proposals hear one and the same', async () => {
    const heard = await Promise.all(Array.from({ length: 50 }, (_, index) => store.settle(id, tax, `proposal-${index}`)))
    expect(new Set(heard).size).toBe(1)
    expect(await store.settle(id, tax, 'late')).toBe(heard[0])
  })

  test('so do many pairs who propose one and the same, as the processes of one system do', async () => {
    const people = Array.from({ length: 200 }, (_, at) => ({ account: anAccount().id, sub: `same-${at}` }))
    const heard = await Promise.all(people.flatMap(({ account, sub }) => [store.settle(account, tax, sub), store.settle(account, tax, sub), store.settle(account, tax, sub)]))
    expect(heard).toEqual(people.flatMap(({ sub }) => [sub, sub, sub]))
  })

  test('one subject is never given to two people', async () => {
    await store.settle(id, tax, 'taken')
    await expect(store.settle(anAccount().id, tax, 'taken')).rejects.toThrow()
  })
})
