import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { levelAt, standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { apiScopeNames, apiScopes, type ApiScope } from '#domain/api/scope.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { hasEnded } from '#domain/client/profile.ts'
import type { Offices } from '#domain/officer/store.ts'
import type { ApiCall, ApiTokens } from '#oidc/api-tokens.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import type { Caller } from './endpoint.ts'

type Tools = {
  apiTokens: ApiTokens
  clients: Pick<KnownClients, 'find'>
  accounts: Pick<AccountStore, 'findNow'>
  offices: Offices
  limits: Limits
  audit: Pick<AuditLog, 'append'>
  clock: Clock
  /** Whether officers need an account of level 2. */
  attestedStaff: boolean
}

/**
 * The officer for whom a program calls, with the roles of this moment (A05). A program is no officer: it acts for the one whom two people
 * named in its registration, so that what it proposes is theirs and approved by somebody else. Throws `api.unauthorized`,
 * `api.scope-missing`, `officer.not-allowed`, `officer.level`, `limit.exceeded`.
 */
export async function callerOf(tools: Tools, call: ApiCall, scope: ApiScope): Promise<Caller> {
  const token = await tools.apiTokens.read(call)
  // In this order: nobody fills the store with proofs beyond what they may send.
  await tools.limits.spend('api-calls-per-client', token.client)
  await tools.apiTokens.use(token.proof)
  const today = dayInVietnam(tools.clock.now())
  const client = await tools.clients.find(token.client)
  if (client === undefined || client.state !== undefined || hasEnded(client.own.ends_on, today)) throw new Problem('api.unauthorized')
  if (!token.scopes.includes(scope)) throw new Problem('api.scope-missing', { detail: { scope } })
  const agency = client.own.acts_for
  if (agency !== undefined && !agency.scopes.includes(scope)) throw new Problem('api.scope-missing', { detail: { scope } })
  const account = agency !== undefined && today <= agency.until ? agency.officer : undefined
  const found = account && (await tools.accounts.findNow(account))
  if (account === undefined || found === undefined || standing(found.account, found.life, today).is !== 'usable') throw new Problem('officer.not-allowed')
  if (tools.attestedStaff && levelAt(found.account, tools.clock.now()) !== 2) {
    await tools.audit.append({ type: 'officer.refused', by: account, permission: apiScopes[scope].permission, reason: 'level-1' })
    throw new Problem('officer.level')
  }
  const scopes = apiScopeNames.filter((one) => token.scopes.includes(one) && agency?.scopes.includes(one))
  return { account, roles: await tools.offices.of(account), through: client.id, scopes }
}
