import { beforeEach, expect, test } from 'vitest'
import { clientId } from '#kernel/id.ts'
import type { Client } from '#domain/client/client.ts'
import { ownPages } from '#domain/client/own-pages.ts'
import { knownClients, type KnownClients } from '#oidc/client/known.ts'
import { aClient } from '#test/support/made-up.ts'

let looked: string[] = []
let now = new Date()
let answers: (id: string) => Promise<Client | undefined>
let known: KnownClients

beforeEach(() => {
  looked = []
  answers = async (id) => (id.startsWith('rp-') || id === 'thue' ? { ...aClient(), id: clientId.parse(id) } : undefined)
  const look = (id: string) => {
    looked.push(id)
    return answers(id)
  }
  known = knownClients({ clients: { find: look, findServer: look }, clock: { now: () => now }, builtIn: [ownPages('https://id.example/')], certificates: false })
})

const times = (id: string) => looked.filter((one) => one === id).length

test('A05: a client is looked up once in five seconds, and then anew', async () => {
  await Promise.all([known.find('thue'), known.find('thue')])
  await known.find('thue')
  expect(times('thue')).toBe(1)
  now = new Date(now.getTime() + 5000)
  await known.find('thue')
  expect(times('thue')).toBe(2)
})

test('names that strangers make up take no client out of memory', async () => {
  await known.find('thue')
  for (let at = 0; at < 3000; at += 1) await Promise.all([known.find(`made-up-${at}`), known.findServer(`https://made-up-${at}.example`)])
  await known.find('thue')
  expect(times('thue')).toBe(1)
})

test('of more clients than fit the one that was looked up first gives way, and no other', async () => {
  for (let at = 0; at <= 2000; at += 1) await known.find(`rp-${at}`)
  await known.find('rp-1')
  await known.find('rp-0')
  expect([times('rp-0'), times('rp-1')]).toEqual([2, 1])
})

test('a look that failed late does not drop what was found since', async () => {
  const slow = Promise.withResolvers<Client | undefined>()
  const find = answers
  answers = () => slow.promise
  const first = known.find('thue')
  now = new Date(now.getTime() + 5000)
  answers = find
  await known.find('thue')
  slow.reject(new Error('down'))
  await expect(first).rejects.toThrow('down')
  await known.find('thue')
  expect(times('thue')).toBe(2)
})
