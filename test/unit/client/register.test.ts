import { expect, test } from 'vitest'
import type { Client } from '#domain/client/client.ts'
import { identifierFaults } from '#domain/client/register.ts'
import { aClient } from '#test/support/made-up.ts'

const serverAt = (identifier: string) => ({ identifier, scopes: [{ name: 'read', label: { vi: 'Đọc', en: 'Read' } }] })
const api = (id: string, identifier = 'https://api.example', sector = 'one.example') => aClient({ client_id: id, sector, resource_server: serverAt(identifier) })
const beside = (...registered: readonly Client[]) => ({
  ours: ['https://id.example', 'https://thu.id.example'],
  clients: { findServer: async (identifier: string) => registered.find(({ own }) => own.resource_server?.identifier === identifier), list: async () => registered },
})

test('an API belongs to one client: of two in a file the second is named, of one that is registered the owner', async () => {
  expect(await identifierFaults(beside(), [aClient(), api('one'), api('two')])).toEqual([undefined, undefined, 'resource_server: https://api.example is already the client one'])
  expect(await identifierFaults(beside(api('first')), [api('one'), api('first')])).toEqual(['resource_server: https://api.example is already the client first', expect.any(String)])
  expect(await identifierFaults(beside(api('first')), [api('first')])).toEqual([undefined])
})

test.each([
  ['https://api.example/', 'one.example', 'already the client first'],
  ['https://API.example', 'one.example', 'already the client first'],
  ['https://api.example/v2', 'two.example', 'of another organisation'],
  ['https://id.example/api/v1', 'one.example', 'an address of this server'],
  ['https://id.example:8443/x', 'one.example', 'an address of this server'],
  ['https://thu.id.example/', 'one.example', 'an address of this server'],
])('A03: nobody passes off %s as theirs (sector %s)', async (identifier, sector, says) => {
  expect(await identifierFaults(beside(api('first')), [api('other', identifier, sector)])).toEqual([expect.stringContaining(says)])
})

test.each([
  ['https://api.example/v2', 'one.example'], ['https://api.example.org', 'two.example'], ['https://gateway.example/b', 'two.example'],
])('what lies beside it is free: %s (sector %s)', async (identifier, sector) => {
  expect(await identifierFaults(beside(api('first'), api('third', 'https://gateway.example/a')), [api('other', identifier, sector)])).toEqual([undefined])
})
