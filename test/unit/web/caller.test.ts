import { expect, test } from 'vitest'
import { apiScopeNames, apiScopes } from '#domain/api/scope.ts'
import type { AuditEvent } from '#domain/audit/event.ts'
import { callerOf } from '#web/api/caller.ts'
import { aClient, anAccount } from '#test/support/made-up.ts'

const now = new Date('2026-11-26T05:00:00Z')
const nothing = async () => undefined

test('A03: a program calls for an officer at level 2 where officers are as in production, and for no other', async () => {
  const [scope] = apiScopeNames
  if (scope === undefined) throw new Error('there are scopes')
  const officer = anAccount()
  const events: AuditEvent[] = []
  const made = aClient()
  const client = { ...made, own: { ...made.own, acts_for: { officer: officer.id, until: '2026-12-31', scopes: [scope] } } }
  const ask = (level: 1 | 2, attestedStaff: boolean) => callerOf({
    apiTokens: { read: async () => ({ client: client.id, scopes: [scope], proof: { name: 'a-proof', madeAt: now } }), use: nothing },
    clients: { find: async () => client }, accounts: { findNow: async () => ({ account: { ...officer, level }, life: 'alive' as const }) }, offices: { of: async () => [] },
    limits: { spend: nothing, give: nothing, wait: async () => 0 }, audit: { append: async (...all: readonly AuditEvent[]) => void events.push(...all) }, clock: { now: () => now }, attestedStaff,
  }, { method: 'GET', url: '/', authorization: undefined, proof: undefined }, scope)
  await expect(ask(1, true)).rejects.toMatchObject({ code: 'officer.level' })
  expect(events).toEqual([{ type: 'officer.refused', by: officer.id, permission: apiScopes[scope].permission, reason: 'level-1' }])
  expect([(await ask(2, true)).account, (await ask(1, false)).account]).toEqual([officer.id, officer.id])
})
