import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { ClientId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { levelOf } from '#domain/assurance/evidence.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import { finishSignIn } from '#domain/passkey/authentication.ts'
import type { Assertion } from '#domain/passkey/response.ts'
import { standing, type Account } from './account.ts'
import type { AccountStore } from './store.ts'

type Tools = Parameters<typeof finishSignIn>[0] & {
  accounts: Pick<AccountStore, 'find'>
  audit: AuditLog
  limits: Limits
  clock: Clock
}

type Attempt = { interaction: InteractionId; client: ClientId; address: string; answer: Assertion }

/**
 * One attempt to sign in, from the assertion to the recorded outcome. Success and failure are durable before anybody is told
 * (L01). Throws the problems of `finishSignIn`, `account.*` for an account that may not be used, and
 * `limit.exceeded` instead of these where too many from this network have failed.
 */
export async function signIn(tools: Tools, attempt: Attempt): Promise<{ account: Account; evidence: Evidence }> {
  const { interaction, client, answer } = attempt
  const known: Pick<Extract<AuditEvent, { type: 'login.refused' }>, 'account' | 'passkey'> = {}
  try {
    const { passkey, evidence } = await finishSignIn(tools, interaction, answer)
    Object.assign(known, { passkey: passkey.id, account: passkey.account })
    const account = await usable(tools, passkey.account)
    await tools.audit.append({ type: 'login.finished', client, account: account.id, passkey: passkey.id, level: levelOf(evidence), evidence })
    return { account, evidence }
  } catch (error) {
    if (error instanceof Problem) await refuse(tools, { ...attempt, reason: error.code, known })
    throw error
  }
}

async function usable({ accounts, clock }: Tools, id: Account['id']): Promise<Account> {
  const found = await accounts.find(id)
  if (found === undefined) throw new Problem('passkey.not-recognised')
  const stands = standing(found.account, found.life, dayInVietnam(clock.now()))
  if (stands.is === 'refused') {
    throw new Problem(stands.problem, stands.since === undefined ? {} : { detail: { since: stands.since.toISOString() } })
  }
  return found.account
}

type Refusal = Attempt & { reason: Problem['code']; known: object }

async function refuse(tools: Tools, { client, address, reason, known }: Refusal): Promise<void> {
  // Without its stores nothing can be recorded, and nothing was decided either.
  if (reason === 'service.unavailable') return
  await tools.audit.append({ type: 'login.refused', client, reason, ...known })
  // Only failures are counted and only failures are stopped: a good passkey signs in from wherever others have failed.
  await tools.limits.spend('sign-in-failures-per-address', networkOf(address))
}
