import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { systemClock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import { endpoint, type Caller } from '#web/api/endpoint.ts'

const caller: Caller = { account: accountId.parse(randomUUID()), roles: [], through: clientId.parse('a-program'), scopes: [] }
const tools = { audit: { append: async () => undefined }, clock: systemClock }

test('L04: what a program gives for a reason names nobody either', async () => {
  const act = endpoint({
    endpoint: 'POST /somewhere', summary: '', scope: 'clients.read', on: 'list', path: z.object({}), query: z.object({}), body: z.object({ reason: z.string() }), answer: { name: 'Done', schema: z.object({}) },
    act: async () => ({}),
  })
  const call = (reason: string) => act.run(tools, caller, { path: {}, query: {}, body: { reason }, id: '' })
  await expect(call('theo công văn 12')).resolves.toEqual({})
  await expect(call('gọi 0912.345.678')).rejects.toMatchObject({ code: 'reason.personal' })
})
