import { expect, test } from 'vitest'
import { identifierFaults } from '#domain/client/register.ts'
import { aClient } from '#test/support/made-up.ts'

const server = { identifier: 'https://api.example', scopes: [{ name: 'read', label: { vi: 'Đọc', en: 'Read' } }] }
const api = (id: string) => aClient({ client_id: id, resource_server: server })

test('an API belongs to one client: of two in a file the second is named, of one that is registered the owner', async () => {
  const nobody = { clients: { findServer: async () => undefined } }
  expect(await identifierFaults(nobody, [aClient(), api('one'), api('two')])).toEqual([undefined, undefined, 'resource_server: https://api.example is already the client one'])
  const registered = { clients: { findServer: async () => api('first') } }
  expect(await identifierFaults(registered, [api('one'), api('first')])).toEqual(['resource_server: https://api.example is already the client first', expect.any(String)])
  expect(await identifierFaults(registered, [api('first')])).toEqual([undefined])
})
