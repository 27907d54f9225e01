import { dayInVietnam } from '#kernel/clock.ts'
import { accountId, personId, type AccountId, type ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { standing, type Account } from '#domain/account/account.ts'
import { answerersFor, takesWards, type WardTools } from '#domain/acting/ward.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import { parsePersonalNumber } from '#domain/registry/personal-number.ts'
import type { RegistryStore } from '#domain/registry/store.ts'

type Tools = WardTools & { registry: Pick<RegistryStore, 'findByNumber'>; clients: { find: (id: ClientId) => Promise<Client | undefined> }; audit: AuditLog; limits: Limits }

/** An id that nobody has. */
const nobody = '00000000-0000-7000-8000-000000000000'

/**
 * Who may be asked under this number. No account, a locked, expired or dead one and a number that nobody has are one answer after
 * the same work (W10; Keycloak CVE-2026-9798: a locked account was still usable this way). Throws `limit.exceeded`.
 */
export async function personAsked(
  tools: Tools, client: ClientId, typed: string,
): Promise<AccountId | undefined> {
  // However it is written: a space more is not another person.
  const number = parsePersonalNumber(typed)
  await beginTry(tools, client, number)
  const person = number && (await tools.registry.findByNumber(number))
  const account = await tools.accounts.findByPerson(person?.id ?? personId.parse(nobody))
  const asked = await accountAsked(tools, client, account?.id)
  if (asked !== undefined) await tools.limits.give('asking-misses-per-client', client, 'back')
  return asked
}

/**
 * A service that asks for many whom nobody knows is trying numbers, and is stopped. Many people have no account, so an honest service
 * misses as well: each person who says yes earns it more misses (`config/limits.json`), and whoever tries numbers hears no yes. Each
 * ask counts as a miss until somebody is found, so that many at once are no way around.
 */
async function beginTry(tools: Tools, client: ClientId, number: string | undefined): Promise<void> {
  const retryAfter = await tools.limits.wait('asking-misses-per-client', client)
  if (retryAfter > 0) throw new Problem('limit.exceeded', { detail: { retryAfter } })
  // First: asking for one person again and again is no way to use up the misses of a whole bank.
  await spend(tools, client, number)
  await tools.limits.spend('asking-misses-per-client', client)
}

/** The same for somebody whom the service knows by the subject it was once given: that is no guess, and is counted as none. */
export async function subjectAsked(
  tools: Tools, { client, subject, account }: { client: ClientId; subject: string; account: AccountId | undefined },
): Promise<AccountId | undefined> {
  await spend(tools, client, subject)
  return accountAsked(tools, client, account)
}

/** What is no number is nobody's, and several of them are not the same person. */
async function spend({ limits }: Tools, client: ClientId, whom: string | undefined): Promise<void> {
  await limits.spend('asking-per-client', client)
  if (whom !== undefined) await limits.spend('asking-per-client-and-person', `${client} ${whom}`)
}

async function accountAsked(tools: Tools, client: ClientId, account: AccountId | undefined): Promise<AccountId | undefined> {
  const { accounts, audit, clock } = tools
  const found = await accounts.find(account ?? accountId.parse(nobody))
  const stands = found && standing(found.account, found.life, dayInVietnam(clock.now()))
  if (stands?.is === 'usable' && (await canAnswer(tools, client, found?.account))) return account
  const reason = stands?.is === 'refused' ? stands.problem : 'nobody'
  await audit.append({ type: 'approval.not-asked', client, reason, ...(account && { account }) })
  return undefined
}

/** Somebody may answer: the holder, or, where they may not act alone and this service takes that, who represents them. */
async function canAnswer(tools: Tools, client: ClientId, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return false
  const answerers = await answerersFor(tools, account)
  if (answerers.is === 'holder') return true
  const asking = await tools.clients.find(client)
  return asking !== undefined && takesWards(asking) && answerers.accounts.length > 0
}
