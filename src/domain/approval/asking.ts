import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import { accountId, personId, type AccountId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { standing } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'

type Tools = { accounts: Pick<AccountStore, 'find' | 'findByPerson'>; audit: AuditLog; limits: Limits; clock: Clock }

/** An id that nobody has. */
const nobody = '00000000-0000-7000-8000-000000000000'

/**
 * Who may be asked under this number. No account, a locked, expired or dead one and a number that nobody has are one answer after
 * the same work (W10; Keycloak CVE-2026-9798: a locked account was still usable this way). Throws `limit.exceeded`.
 */
export async function personAsked(
  tools: Tools & { registry: Pick<RegistryStore, 'findByNumber'> }, client: ClientId, typed: string,
): Promise<AccountId | undefined> {
  const number = parsePersonalNumber(typed)
  // However it is written: a space more is not another person. What is no number is nobody's, and no two slips are one.
  await checkLimits(tools, client, number ?? typed)
  const person = number && (await tools.registry.findByNumber(number))
  const account = await tools.accounts.findByPerson(person?.id ?? personId.parse(nobody))
  return accountAsked(tools, client, account?.id)
}

/** The same for somebody whom the service knows by the subject it was once given. */
export async function subjectAsked(
  tools: Tools, { client, subject, account }: { client: ClientId; subject: string; account: AccountId | undefined },
): Promise<AccountId | undefined> {
  await checkLimits(tools, client, subject)
  return accountAsked(tools, client, account)
}

/** A service that asks for many whom nobody knows is trying numbers, and is stopped for known ones too. */
async function checkLimits({ limits }: Tools, client: ClientId, whom: string): Promise<void> {
  const retryAfter = await limits.wait('asking-misses-per-client', client)
  if (retryAfter > 0) throw new Problem('limit.exceeded', { detail: { retryAfter } })
  await limits.spend('asking-per-client', client)
  await limits.spend('asking-per-client-and-person', `${client} ${whom}`)
}

async function accountAsked({ accounts, audit, limits, clock }: Tools, client: ClientId, account: AccountId | undefined): Promise<AccountId | undefined> {
  const found = await accounts.find(account ?? accountId.parse(nobody))
  const stands = found && standing(found.account, found.life, dayInVietnam(clock.now()))
  if (stands?.is === 'usable') return account
  const reason = stands === undefined ? 'nobody' : stands.problem
  await audit.append({ type: 'approval.not-asked', client, reason, ...(account && { account }) })
  await limits.spend('asking-misses-per-client', client)
  return undefined
}
