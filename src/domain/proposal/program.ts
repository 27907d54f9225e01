import type { ApiScope } from '#domain/api/scope.ts'
import type { Act } from './change.ts'

/**
 * With which of its scopes a program sees a proposal: whatever lets it see what the proposal is about. No scope is about keys or the emergency, and
 * those stay among people, whatever the officer may.
 */
export function seesProposal(scopes: readonly ApiScope[], act: Act): boolean {
  if (act === 'role.grant' || act === 'role.many') return scopes.includes('roles.read')
  return isOfClients(act) && scopes.some((scope) => scope.startsWith('clients.'))
}

/** Programs propose and withdraw what is about clients, and nothing else. */
export function isOfClients(act: Act): act is Extract<Act, `client.${string}`> {
  return act.startsWith('client.')
}
