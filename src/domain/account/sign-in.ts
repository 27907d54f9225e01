import { dayInVietnam, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId, InteractionId, PasskeyId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import { levelOf } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { finishSignIn, removed } from '#domain/passkey/authentication.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { Assertion } from '#domain/passkey/response.ts'
import { needOf } from '#domain/acting/representation.ts'
import { mayObject } from '#domain/recovery/hold.ts'
import type { RecoveryRules } from '#domain/recovery/rules.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import { standing, type Account } from './account.ts'
import { opensAt } from './move.ts'
import type { AccountStore } from './store.ts'
import { isOwnLock, type UnlockingStore } from './unlocking.ts'

type Tools = { accounts: Pick<AccountStore, 'find'>; registry: Pick<RegistryStore, 'find'>; audit: AuditLog; limits: Limits; clock: Clock }

type SignInTools = Tools & { unlockings: Pick<UnlockingStore, 'put'>; recoveryRules: Pick<RecoveryRules, 'holdHours'> }

/** From where, and on the way to which service. */
type Way = { client: ClientId; address: string }

/** Whose passkey a page asks for, and whether one in attested hardware. */
export type Only = { account: AccountId; hardwareBound: boolean }

/**
 * One attempt to sign in, from the assertion to the recorded outcome. Success and failure are durable before anybody is told
 * (L01). Throws the problems of `finishSignIn`, `passkey.not-asked-for` for one that is not among `only` (WebAuthn L3 §7.2
 * step 6; W02), `account.*` for an account that may not be used, with `by: 'holder'` where its holder locked it and may open it (`unlockOwn`; `opens` where that takes a wait), with `objects`
 * where they may undo a recovery instead (`objectToRecovery`), and
 * `limit.exceeded` instead of these where too many from this network have failed.
 */
export async function signIn(
  tools: SignInTools & Parameters<typeof finishSignIn>[0],
  { interaction, answer, only, ...way }: Way & { interaction: InteractionId; answer: Assertion; only?: Only | undefined },
): Promise<{ account: Account; evidence: Evidence }> {
  const { passkey, evidence } = await orRefused(tools, way, () => finishSignIn(tools, interaction, answer, 'set-aside'))
  if (only && !isAmong(only, passkey)) {
    return orRefused(tools, { ...way, known: { account: passkey.account, passkey: passkey.id } }, async () => {
      throw new Problem('passkey.not-asked-for')
    })
  }
  if (passkey.removedAt) return turnAway(tools, { ...way, interaction, passkey, evidence, since: passkey.removedAt })
  try {
    return { account: await admit(tools, { ...way, account: passkey.account, evidence }), evidence }
  } catch (error) {
    // Kept before it is offered: the passkey was shown for this one moment.
    if (!(error instanceof Problem && error.detail['by'] === 'holder')) throw error
    await tools.unlockings.put(interaction, { account: passkey.account, evidence })
    throw (await isHeldAgainst(tools, passkey)) ? new Problem(error.code, { detail: { ...error.detail, objects: 'yes' } }) : error
  }
}

type Turned = Way & { interaction: InteractionId; passkey: Passkey; evidence: Evidence; since: Date }

/** A passkey that was set aside opens nothing; while that can be undone, whoever holds it is offered to, in this interaction. */
async function turnAway(tools: SignInTools, { interaction, passkey, evidence, since, ...way }: Turned): Promise<never> {
  const { account } = passkey
  return orRefused(tools, { ...way, known: { account, passkey: passkey.id } }, async () => {
    if (!(await isHeldAgainst(tools, passkey))) throw removed(since)
    await tools.unlockings.put(interaction, { account, evidence })
    throw new Problem('passkey.removed', { detail: { since: since.toISOString(), objects: 'yes' } })
  })
}

/** Whether somebody came back to the account of this passkey with a printed code, and its holder may still say that it was not them. */
async function isHeldAgainst({ accounts, recoveryRules, clock }: SignInTools, passkey: Passkey): Promise<boolean> {
  const found = await accounts.find(passkey.account)
  return found !== undefined && mayObject(found.account, passkey, recoveryRules, clock.now())
}

function isAmong(only: Only, { account, hardwareBound }: Passkey): boolean {
  return account === only.account && (hardwareBound || !only.hardwareBound)
}

/**
 * Lets in who has just proven to hold a passkey of this account: by signing in with it, or by making it, which takes the same
 * user verification. Recorded like any sign-in, and refused with `account.*` like any other too.
 */
export async function admit(
  tools: Tools,
  { client, address, account: id, evidence }: Way & { account: AccountId; evidence: Evidence },
): Promise<Account> {
  const { passkey } = evidence
  return orRefused(tools, { client, address, known: { account: id, passkey } }, async () => {
    const account = await usable(tools, id, passkey)
    await tools.audit.append({ type: 'login.finished', client, account: id, passkey, level: levelOf(evidence, evidence.at), evidence })
    return account
  })
}

async function usable({ accounts, registry, clock }: Tools, id: AccountId, passkey: PasskeyId): Promise<Account> {
  const found = await accounts.find(id)
  if (found === undefined) throw new Problem('passkey.not-recognised')
  const stands = standing(found.account, found.life, dayInVietnam(clock.now()))
  if (stands.is === 'refused') {
    const lock = found.account.locks.find(({ ground }) => ground === 'holder-request')
    const own = stands.problem === 'account.locked' && isOwnLock(found.account.locks)
    throw new Problem(stands.problem, { detail: { ...(stands.since && { since: stands.since.toISOString() }), ...(own && { by: 'holder', ...(lock?.lost === true && { opens: opensAt(lock, passkey)?.toISOString() ?? 'unasked' }) }) } })
  }
  const person = await registry.find(found.account.person)
  if (person !== undefined && needOf(person, dayInVietnam(clock.now())) !== undefined) throw new Problem('account.represented')
  return found.account
}

/** What is known of whoever is refused; nothing, until a passkey has been verified. */
type Refused = Way & { known?: { account: AccountId; passkey: PasskeyId } }

async function orRefused<Outcome>(tools: Tools, refused: Refused, act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Problem) await refuse(tools, refused, error.code)
    throw error
  }
}

async function refuse(tools: Tools, { client, address, known }: Refused, reason: Problem['code']): Promise<void> {
  // Without its stores nothing can be recorded, and nothing was decided either.
  if (reason === 'service.unavailable') return
  await tools.audit.append({ type: 'login.refused', client, reason, ...known })
  // Only failures are counted and only failures are stopped: a good passkey signs in from wherever others have failed.
  await tools.limits.spend('sign-in-failures-per-address', networkOf(address))
}
