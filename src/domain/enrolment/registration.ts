import { randomUUID } from 'node:crypto'
import { epochSeconds, type Clock, type Day } from '#kernel/clock.ts'
import { accountId, type AccountId, type ClientId, type InteractionId, type PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { digits } from '#kernel/random.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { mailboxOf, networkOf } from '#domain/abuse/network.ts'
import { paperOf } from '#domain/account/entitlement.ts'
import type { Paper } from '#domain/account/ground.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { beginRegistration, finishRegistration, type RegisterOptions } from '#domain/passkey/registration.ts'
import type { ChallengeStore, RelyingParty } from '#domain/passkey/passkey.ts'
import type { Attestation } from '#domain/passkey/response.ts'
import type { Claimed } from '#domain/registry/match.ts'
import type { Language, Notices } from '#domain/signal/notice.ts'
import { redeem, type ContactCodeStore } from './contact-code.ts'
import { compare } from './comparison.ts'
import type { EnrolmentRules } from './eligibility.ts'
import { namedOf, type Named } from './named.ts'

/**
 * A registration to account level 1 on its way. It lives on the server and moves one step at a time; a step that
 * is not due throws `registration.out-of-order` (CVE-2026-18963, CVE-2026-49448). Nothing is compared with the registry
 * before the contact address is proven, and then every reason to refuse looks the same.
 */
export type Registration =
  | (Named & { at: 'identity' })
  | (Named & { at: 'contact'; claimed: Claimed })
  | (Named & { at: 'code'; claimed: Claimed; email: string; generation: number; sentAt: number })
  | (Foreign & { at: 'passkey'; person: PersonId; account: AccountId; email: string; label: string; paper?: Paper | undefined; expiresOn?: Day | undefined })
  | (Foreign & { at: 'finished'; account: AccountId; evidence: Evidence })
  | { at: 'refused' }

/** Whether it is a foreigner's, who hears of passport and immigration authority where others hear of card and commune. */
type Foreign = { foreign?: boolean | undefined }

export type RegistrationStore = {
  find: (interaction: InteractionId) => Promise<Registration | undefined>
  put: (interaction: InteractionId, registration: Registration) => Promise<void>
}

type Store = { registrations: RegistrationStore }
type Where = { interaction: InteractionId; client: ClientId; address: string }

/** Begins, or begins anew, with the number of a citizen or the passport of a foreigner. */
export async function giveNamed(
  tools: Store & { limits: Limits; audit: AuditLog },
  { interaction, client, address }: Where,
  named: Named,
): Promise<void> {
  const before = await tools.registrations.find(interaction)
  if (before?.at === 'finished') throw new Problem('registration.out-of-order')
  await tools.limits.spend('registration-per-address', networkOf(address))
  if (before === undefined) await tools.audit.append({ type: 'registration.started', client })
  await tools.registrations.put(interaction, { at: 'identity', ...namedOf(named) })
}

export async function giveIdentity(tools: Store, interaction: InteractionId, claimed: Claimed): Promise<void> {
  const registration = await due(tools, interaction, ['identity', 'contact', 'code'])
  await tools.registrations.put(interaction, { at: 'contact', ...namedOf(registration), claimed })
}

type CodeTools = Store & { codes: Pick<ContactCodeStore, 'put' | 'next'>; limits: Limits; notices: Pick<Notices, 'contactCode'>; clock: Clock; rules: EnrolmentRules }

/** Sends the code to the address. The same for everybody: whether the number exists is not looked at yet. */
export async function giveContact(tools: CodeTools, at: Posting, message: { email: string; language: Language }): Promise<void> {
  const registration = await due(tools, at.interaction, ['contact', 'code'])
  await sendCode(tools, at, { ...registration, ...message })
}

/** Sends a new code to the same address, not sooner than the rules allow. */
export async function resendCode(tools: CodeTools, at: Posting, language: Language): Promise<void> {
  const registration = await due(tools, at.interaction, ['code'])
  const wait = waitForCode(tools, registration)
  if (wait > 0) throw new Problem('limit.exceeded', { detail: { retryAfter: wait } })
  await sendCode(tools, at, { ...registration, language })
}

/** Seconds until another code may be asked for; 0 is now. */
export function waitForCode({ rules, clock }: Pick<CodeTools, 'rules' | 'clock'>, { sentAt }: Pick<At<'code'>, 'sentAt'>): number {
  return Math.max(0, sentAt + rules.contactCode.resendAfterSeconds - epochSeconds(clock.now()))
}

type Posting = Pick<Where, 'interaction' | 'address'>
type Sending = Named & { claimed: Claimed; email: string; language: Language }

/** Each code has a number of its own and is kept together with the address it proves, whatever else is going on. */
async function sendCode(tools: CodeTools, { interaction, address }: Posting, { claimed, email, language, ...named }: Sending) {
  const { contactCode } = tools.rules
  await tools.limits.spend('mail-per-network', networkOf(address))
  const generation = await tools.codes.next(interaction)
  if (generation > contactCode.sends) throw new Problem('limit.exceeded', { detail: { retryAfter: contactCode.lifeMinutes * 60 } })
  await tools.limits.spend('mail-per-contact', mailboxOf(email))
  const code = digits(contactCode.digits)
  await tools.codes.put(interaction, generation, { code, email })
  await tools.registrations.put(interaction, { at: 'code', ...namedOf(named), claimed, email, generation, sentAt: epochSeconds(tools.clock.now()) })
  await tools.notices.contactCode(email, { code, minutes: contactCode.lifeMinutes, language })
}

type CheckTools = Store & Parameters<typeof compare>[0] & { codes: ContactCodeStore; audit: AuditLog }

/** Proves the contact and then compares with the registry. The outcome is `passkey` or, for every reason alike, `refused`. */
export async function giveCode(tools: CheckTools, { interaction, client, address }: Where, typed: string): Promise<'passkey' | 'refused'> {
  const registration = await due(tools, interaction, ['code'])
  const { tries } = tools.rules.contactCode
  const redeemed = await redeem(tools.codes, interaction, { generation: registration.generation, typed, tries })
  if (redeemed.is === 'wrong') throw new Problem('registration.code-wrong', { detail: { left: redeemed.left } })
  if (redeemed.is === 'spent') throw new Problem('registration.code-spent')

  const verdict = await compare(tools, { ...registration, address })
  if (verdict.is === 'refused') {
    await tools.audit.append({ type: 'registration.refused', client, ...(verdict.person && { person: verdict.person }) })
    await tools.registrations.put(interaction, { at: 'refused' })
    return 'refused'
  }
  const { person } = verdict
  const account = accountId.parse(randomUUID())
  await tools.registrations.put(interaction, { at: 'passkey', person: person.id, account, email: redeemed.email, label: person.name, ...paperOf(person), ...foreignOf(registration) })
  return 'passkey'
}

/** Whether it was begun with a passport. */
export const isForeign = ({ passport }: Named): boolean => passport !== undefined

const foreignOf = (named: Named): Foreign => (isForeign(named) ? { foreign: true } : {})

type PasskeyTools = Store & { challenges: ChallengeStore; rp: RelyingParty }

export async function beginPasskey(tools: PasskeyTools, interaction: InteractionId): Promise<RegisterOptions> {
  const { account, label } = await due(tools, interaction, ['passkey'])
  return beginRegistration(tools, interaction, { account, label })
}

type OpenTools = PasskeyTools & { accounts: Pick<AccountStore, 'open'>; clock: Clock }

/** Stores the account, its passkey and its contact together with the audit event, or nothing (W13). */
export async function finishPasskey(tools: OpenTools, { interaction, client }: Where, answer: Attestation): Promise<AccountId> {
  const registration = await due(tools, interaction, ['passkey'])
  const { account: id, person, paper, expiresOn, foreign } = registration
  const passkey = await finishRegistration(tools, interaction, { account: id, answer })
  const now = tools.clock.now()
  const opened = await tools.accounts.open({
    account: { id, person, level: 1, state: 'active', locks: [], createdAt: now, paper, expiresOn },
    passkey,
    contact: { kind: 'email', value: registration.email, verifiedAt: now },
    event: { type: 'registration.finished', client, account: id, person, passkey: passkey.id },
  })
  if (!opened) throw new Problem('registration.refused')
  const evidence: Evidence = {
    means: 'passkey', passkey: passkey.id, userVerified: true, backupEligible: passkey.backupEligible, hardwareBound: passkey.hardwareBound, at: epochSeconds(now),
  }
  await tools.registrations.put(interaction, { at: 'finished', account: id, evidence, ...(foreign && { foreign }) })
  return id
}

type At<Step extends Registration['at']> = Extract<Registration, { at: Step }>

/** The registration, if it stands at one of these steps. */
export async function due<Step extends Registration['at']>(tools: Store, interaction: InteractionId, steps: readonly Step[]): Promise<At<Step>> {
  const registration = await tools.registrations.find(interaction)
  if (registration === undefined || !standsAt(registration, steps)) throw new Problem('registration.out-of-order')
  return registration
}

function standsAt<Step extends Registration['at']>(registration: Registration, steps: readonly Step[]): registration is At<Step> {
  return steps.some((step) => step === registration.at)
}

