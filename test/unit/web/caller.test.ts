import { expect, test } from 'vitest'
import { apiScopeNames } from '#domain/api/scope.ts'
import { callerOf } from '#web/api/caller.ts'
import { aClient, anAccount } from '#test/support/made-up.ts'

const now = new Date('2026-11-26T05:00:00Z')
const nothing = async () => undefined

test('A03: a program calls for an officer at level 2 where officers are as in production, and for no other', async () => {
  const [scope] = apiScopeNames
  if (scope === undefined) throw new Error('there are scopes')
  const officer = anAccount()
  const made = aClient()
  const client = { ...made, own: { ...made.own, acts_for: { officer: officer.id, until: '2026-12-31', scopes: [scope] } } }
  const ask = (level: 1 | 2, hardwareKeys: boolean) => callerOf({
    apiTokens: { read: async () => ({ client: client.id, scopes: [scope], proof: { name: 'a-proof', madeAt: now } }), use: nothing },
    clients: { find: async () => client }, accounts: { findNow: async () => ({ account: { ...officer, level }, life: 'alive' as const }) }, officers: { rolesOf: async () => [] },
    limits: { spend: nothing, give: nothing, wait: async () => 0 }, clock: { now: () => now }, hardwareKeys,
  }, { method: 'GET', url: '/', authorization: undefined, proof: undefined }, scope)
  await expect(ask(1, true)).rejects.toMatchObject({ code: 'officer.level' })
  expect([(await ask(2, true)).account, (await ask(1, false)).account]).toEqual([officer.id, officer.id])
})
