import { dayInVietnam, epochSeconds, type Clock } from '#kernel/clock.ts'
import { accountId, personId, type AccountId, type ClientId, type InteractionId, type PasskeyId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { standing, type Standing } from '#domain/account/account.ts'
import type { AccountStore, AccountWithLife } from '#domain/account/store.ts'
import { isOwnLock } from '#domain/account/unlocking.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { OfficerStore } from '#domain/officer/store.ts'
import type { ChallengeStore, Passkey, PasskeyStore, RelyingParty } from '#domain/passkey/passkey.ts'
import { beginRegistration, finishRegistration, type RegisterOptions } from '#domain/passkey/registration.ts'
import type { Attestation } from '#domain/passkey/response.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { RecoveryCode, RecoveryCodeStore } from './code.ts'
import type { RecoveryRules } from './rules.ts'

/**
 * Somebody who has lost every passkey, on their way back with a printed code. It lives on the server, in one interaction, and moves one
 * step at a time, like a registration.
 */
export type Recovery = { at: 'passkey'; account: AccountId; label: string; /** Milliseconds since 1970. */ codeUsedAt: number } | { at: 'finished'; account: AccountId; evidence: Evidence; /** Closed as lost: until then nobody signs in, in milliseconds since 1970. */ opensAt?: number | undefined; /** Their other passkeys were set aside. */ alone: boolean }

export type RecoveryStore = {
  find: (interaction: InteractionId) => Promise<Recovery | undefined>
  put: (interaction: InteractionId, recovery: Recovery) => Promise<void>
}

/** Brings an account back. */
export type RecoveryAct = {
  /**
   * Stores the passkey, counts the account as level 1 until then, ends its holder's own lock, records it and tells the holder, all or nothing.
   * Sessions go on: who still has one can object. An account that was closed as lost stays closed for as long, and then opens with the passkey: `waits`; and
   * `waits-alone` where passkeys of before sign in no more (`setsAside`), which come back only with `cancel`. `taken` where the passkey is registered already;
   * `over` where since the code was used the account was closed by whomever, new codes were printed, or that code has brought one passkey already.
   */
  bringBack: (passkey: Passkey, how: { codeUsedAt: Date; heldUntil: Date; event: AuditEvent }) => Promise<'back' | 'waits' | 'waits-alone' | 'taken' | 'over'>
  /**
   * Undoes what came while the account is held: passkeys that a recovery brought are removed, those that it set aside are back, printed codes are void,
   * the hold ends, everything that was open is signed out; it is recorded and the holder told, all or nothing. What was closed as lost stays closed, and
   * whoever wants it opened waits anew. `shown` is the passkey that somebody says so with: what came with a code says nothing. `none` where nothing is held.
   */
  cancel: (account: AccountId, how: { at: Date; holdHours: number; through: 'sign-in' | 'passkey' | 'reference'; shown?: PasskeyId }) => Promise<'cancelled' | 'none'>
}

type Where = { interaction: InteractionId; client: ClientId; address: string }
type Store = { recoveries: RecoveryStore }

type CodeTools = Store & {
  registry: Pick<RegistryStore, 'findByNumber'>
  accounts: Pick<AccountStore, 'findByPerson' | 'findNow'>
  recoveryCodes: Pick<RecoveryCodeStore, 'spend'>
  limits: Limits
  officers: Pick<OfficerStore, 'rolesOf'>
  audit: AuditLog
  clock: Clock
}

/** Nobody has this account, so no code is theirs. */
const nobody = { account: accountId.parse('00000000-0000-7000-8000-000000000000'), person: personId.parse('00000000-0000-7000-8000-000000000000') }

/**
 * Takes number and code. Unknown number, no account and wrong code are the same outside, in words and in work (W10), and only those are counted: nobody
 * uses up what a good code needs. Whoever holds an office does not come back this way: paper is no key to the console (A03). `account.*` where the
 * code was good and the account is closed on a ground that is not its holder's.
 */
export async function giveRecoveryCode(tools: CodeTools, { interaction, client, address }: Where, { number, code }: { number: PersonalNumber; code: RecoveryCode }): Promise<'passkey' | 'refused'> {
  const at = tools.clock.now()
  const person = await tools.registry.findByNumber(number)
  const account = await tools.accounts.findByPerson(person?.id ?? nobody.person)
  const inOffice = (await tools.officers.rolesOf(account?.id ?? nobody.account)).length > 0
  const whose = inOffice ? nobody.account : (account?.id ?? nobody.account)
  const spent = await tools.recoveryCodes.spend(whose, code, { at, event: { type: 'recovery.code-used', client, account: whose } })
  if (person === undefined || account === undefined || !spent) {
    await tools.audit.append({ type: 'recovery.refused', client, ...(account && { account: account.id }) })
    await tools.limits.spend('recovery-per-network', networkOf(address))
    return 'refused'
  }
  await refuseClosed(tools, account.id, at)
  await tools.recoveries.put(interaction, { at: 'passkey', account: account.id, label: person.name, codeUsedAt: at.getTime() })
  return 'passkey'
}

async function refuseClosed({ accounts }: Pick<CodeTools, 'accounts'>, id: AccountId, at: Date): Promise<void> {
  const found = await accounts.findNow(id)
  if (found === undefined) throw new Problem('internal')
  const stands = standingBut(found, at)
  if (stands.is === 'refused') throw new Problem(stands.problem, stands.since === undefined ? {} : { detail: { since: stands.since.toISOString() } })
}

/** How the account stands apart from what its holder alone has locked: a code ends that. */
export function standingBut({ account, life }: AccountWithLife, at: Date): Standing {
  const opened = isOwnLock(account.locks) ? { ...account, locks: [] } : account
  return standing(opened, life, dayInVietnam(at))
}

type PasskeyTools = Store & { challenges: ChallengeStore; rp: RelyingParty; passkeys: Pick<PasskeyStore, 'ofAccount'> }

/** What the browser is to make: a passkey beside those of before, which stay until their holder removes them unless the device was reported as lost. */
export async function beginRecoveredPasskey(tools: PasskeyTools, interaction: InteractionId): Promise<RegisterOptions> {
  const { account, label } = await due(tools, interaction, 'passkey')
  return beginRegistration(tools, interaction, { account, label, known: await tools.passkeys.ofAccount(account) })
}

type FinishTools = PasskeyTools & {
  recovery: Pick<RecoveryAct, 'bringBack'>
  rules: RecoveryRules
  clock: Clock
}

/** The new passkey is there, the account held at level 1, and its holder hears of it wherever we can reach them, and how to object. Throws the problems of `finishRegistration`. */
export async function finishRecoveredPasskey(tools: FinishTools, { interaction, client }: Where, answer: Attestation): Promise<void> {
  const { account, codeUsedAt } = await due(tools, interaction, 'passkey')
  const passkey = await finishRegistration(tools, interaction, { account, answer })
  const at = tools.clock.now()
  const heldUntil = new Date(at.getTime() + tools.rules.holdHours * 3_600_000)
  const event: AuditEvent = { type: 'recovery.finished', client, account, passkey: passkey.id }
  const outcome = await tools.recovery.bringBack(passkey, { codeUsedAt: new Date(codeUsedAt), heldUntil, event })
  if (outcome === 'taken' || outcome === 'over') throw new Problem(outcome === 'taken' ? 'passkey.not-verified' : 'registration.out-of-order')
  const evidence: Evidence = {
    means: 'passkey', passkey: passkey.id, userVerified: true, backupEligible: passkey.backupEligible, hardwareBound: passkey.hardwareBound, at: epochSeconds(at),
  }
  await tools.recoveries.put(interaction, { at: 'finished', account, evidence, alone: outcome === 'waits-alone', ...(outcome !== 'back' && { opensAt: heldUntil.getTime() }) })
}

type At<Step extends Recovery['at']> = Extract<Recovery, { at: Step }>

/** The recovery, if it stands at this step; another throws `registration.out-of-order`. */
export async function due<Step extends Recovery['at']>({ recoveries }: Store, interaction: InteractionId, step: Step): Promise<At<Step>> {
  const recovery = await recoveries.find(interaction)
  if (recovery === undefined || !standsAt(recovery, step)) throw new Problem('registration.out-of-order')
  return recovery
}

function standsAt<Step extends Recovery['at']>(recovery: Recovery, step: Step): recovery is At<Step> {
  return recovery.at === step
}
