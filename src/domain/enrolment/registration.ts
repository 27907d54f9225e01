import { randomUUID } from 'node:crypto'
import { dayInVietnam, epochSeconds, type Clock, type Day } from '#kernel/clock.ts'
import { accountId, type AccountId, type ClientId, type InteractionId, type PersonId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { digits } from '#kernel/random.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { AccountStore } from '#domain/account/store.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { beginRegistration, finishRegistration, type RegisterOptions } from '#domain/passkey/registration.ts'
import type { ChallengeStore, RelyingParty } from '#domain/passkey/passkey.ts'
import type { Attestation } from '#domain/passkey/response.ts'
import type { Claimed } from '#domain/registry/match.ts'
import type { PersonalNumber } from '#domain/registry/person.ts'
import type { RegistryStore } from '#domain/registry/store.ts'
import type { Language, Notices } from '#domain/signal/notice.ts'
import { redeem, type ContactCodeStore } from './contact-code.ts'
import { eligibility, type EnrolmentRules } from './eligibility.ts'

/**
 * A registration to account level 1 on its way. It lives on the server and moves one step at a time; a step that
 * is not due throws `registration.out-of-order` (CVE-2026-18963, CVE-2026-49448). Nothing is compared with the registry
 * before the contact address is proven, and then every reason to refuse looks the same.
 */
export type Registration =
  | { at: 'identity'; number: PersonalNumber; generation?: number }
  | { at: 'contact'; number: PersonalNumber; claimed: Claimed; generation?: number }
  | { at: 'code'; number: PersonalNumber; claimed: Claimed; email: string; generation: number; sentAt: number }
  | { at: 'passkey'; person: PersonId; account: AccountId; email: string; label: string; expiresOn?: Day | undefined; generation?: number }
  | { at: 'finished'; account: AccountId; evidence: Evidence }
  | { at: 'refused'; generation?: number }

/**
 * The number of the last code that was sent. Whoever goes back keeps it: a code that takes the number of an earlier one would
 * inherit the tries at that, and going back would buy more mails than the rules allow.
 */
const lastCode = (registration: Registration | undefined): number =>
  registration !== undefined && 'generation' in registration ? (registration.generation ?? 0) : 0

export type RegistrationStore = {
  find: (interaction: InteractionId) => Promise<Registration | undefined>
  put: (interaction: InteractionId, registration: Registration) => Promise<void>
}

type Store = { registrations: RegistrationStore }
type Where = { interaction: InteractionId; client: ClientId; address: string }

export async function giveNumber(
  tools: Store & { limits: Limits; audit: AuditLog },
  { interaction, client, address }: Where,
  number: PersonalNumber,
): Promise<void> {
  const before = await tools.registrations.find(interaction)
  if (before?.at === 'finished') throw new Problem('registration.out-of-order')
  await tools.limits.spend('registration-per-address', address)
  if (before === undefined) await tools.audit.append({ type: 'registration.started', client })
  await tools.registrations.put(interaction, { at: 'identity', number, generation: lastCode(before) })
}

export async function giveIdentity(tools: Store, interaction: InteractionId, claimed: Claimed): Promise<void> {
  const registration = await due(tools, interaction, ['identity', 'contact', 'code'])
  await tools.registrations.put(interaction, { at: 'contact', number: registration.number, claimed, generation: lastCode(registration) })
}

type CodeTools = Store & { codes: Pick<ContactCodeStore, 'put'>; limits: Limits; notices: Notices; clock: Clock; rules: EnrolmentRules }

/** Sends the code to the address. The same for everybody: whether the number exists is not looked at yet. */
export async function giveContact(tools: CodeTools, interaction: InteractionId, message: { email: string; language: Language }): Promise<void> {
  const registration = await due(tools, interaction, ['contact', 'code'])
  const generation = lastCode(registration) + 1
  await sendCode(tools, interaction, { ...registration, email: message.email, generation, language: message.language })
}

/** Sends a new code to the same address, not sooner than the rules allow. */
export async function resendCode(tools: CodeTools, interaction: InteractionId, language: Language): Promise<void> {
  const registration = await due(tools, interaction, ['code'])
  const wait = registration.sentAt + tools.rules.contactCode.resendAfterSeconds - epochSeconds(tools.clock.now())
  if (wait > 0) throw new Problem('limit.exceeded', { detail: { retryAfter: wait } })
  await sendCode(tools, interaction, { ...registration, generation: registration.generation + 1, language })
}

type Sending = { number: PersonalNumber; claimed: Claimed; email: string; generation: number; language: Language }

async function sendCode(tools: CodeTools, interaction: InteractionId, { number, claimed, email, generation, language }: Sending) {
  const { contactCode } = tools.rules
  if (generation > contactCode.sends) throw new Problem('limit.exceeded', { detail: { retryAfter: contactCode.lifeMinutes * 60 } })
  await tools.limits.spend('mail-per-contact', email.toLowerCase())
  const code = digits(contactCode.digits)
  await tools.codes.put(interaction, generation, code)
  await tools.registrations.put(interaction, { at: 'code', number, claimed, email, generation, sentAt: epochSeconds(tools.clock.now()) })
  await tools.notices.contactCode(email, { code, minutes: contactCode.lifeMinutes, language })
}

type CheckTools = Store & {
  codes: ContactCodeStore
  limits: Limits
  registry: Pick<RegistryStore, 'findByNumber'>
  accounts: Pick<AccountStore, 'findByPerson' | 'contacts'>
  audit: AuditLog
  notices: Notices
  /** Runs after the answer has left, so that its length says nothing. */
  later: (task: () => Promise<void>) => void
  clock: Clock
  rules: EnrolmentRules
}

/** Proves the contact and then compares with the registry. The outcome is `passkey` or, for every reason alike, `refused`. */
export async function giveCode(tools: CheckTools, { interaction, client }: Where, typed: string): Promise<'passkey' | 'refused'> {
  const registration = await due(tools, interaction, ['code'])
  const { tries } = tools.rules.contactCode
  const redeemed = await redeem(tools.codes, interaction, { generation: registration.generation, typed, tries })
  if (redeemed.is === 'wrong') throw new Problem('registration.code-wrong', { detail: { left: redeemed.left } })
  if (redeemed.is === 'spent') throw new Problem('registration.code-spent')

  const verdict = await compare(tools, registration)
  if (verdict.is === 'refused') {
    await tools.audit.append({ type: 'registration.refused', client, ...(verdict.person && { person: verdict.person }) })
    await tools.registrations.put(interaction, { at: 'refused', generation: registration.generation })
    return 'refused'
  }
  const { person } = verdict
  const { email, generation } = registration
  const account = accountId.parse(randomUUID())
  const expiresOn = person.card?.expiresOn
  await tools.registrations.put(interaction, { at: 'passkey', person: person.id, account, email, label: person.name, expiresOn, generation })
  return 'passkey'
}

async function compare(tools: CheckTools, { number, claimed }: { number: PersonalNumber; claimed: Claimed }) {
  // Guessing names for a number is what this limit is for, so it is spent by number and whatever the outcome.
  const within = await tools.limits.spend('registration-per-number', number).then(() => true, onlyLimit)
  const person = await tools.registry.findByNumber(number)
  const registered = person && (await tools.accounts.findByPerson(person.id))
  const today = dayInVietnam(tools.clock.now())
  const verdict = eligibility({ person, claimed, registered: registered !== undefined, today, rules: tools.rules })
  if (registered) tools.later(() => tell(tools, registered.id))
  if (within && verdict.is === 'eligible') return verdict
  return { is: 'refused' as const, person: person?.id }
}

function onlyLimit(error: unknown): false {
  if (error instanceof Problem && error.code === 'limit.exceeded') return false
  throw error
}

async function tell(tools: Pick<CheckTools, 'accounts' | 'notices' | 'limits'>, account: AccountId): Promise<void> {
  for (const contact of await tools.accounts.contacts(account)) {
    await tools.limits.spend('mail-per-contact', contact.value.toLowerCase())
    await tools.notices.registrationTried(contact.value)
  }
}

type PasskeyTools = Store & { challenges: ChallengeStore; rp: RelyingParty }

export async function beginPasskey(tools: PasskeyTools, interaction: InteractionId): Promise<RegisterOptions> {
  const { account, label } = await due(tools, interaction, ['passkey'])
  return beginRegistration(tools, interaction, { account, label })
}

type OpenTools = PasskeyTools & { accounts: Pick<AccountStore, 'open'>; clock: Clock }

/** Stores the account, its passkey and its contact together with the audit event, or nothing (W13). */
export async function finishPasskey(tools: OpenTools, { interaction, client }: Where, answer: Attestation): Promise<AccountId> {
  const registration = await due(tools, interaction, ['passkey'])
  const { account: id, person } = registration
  const passkey = await finishRegistration(tools, interaction, { account: id, answer })
  const now = tools.clock.now()
  const opened = await tools.accounts.open({
    account: { id, person, level: 1, state: 'active', locks: [], createdAt: now, expiresOn: registration.expiresOn },
    passkey,
    contact: { kind: 'email', value: registration.email, verifiedAt: now },
    event: { type: 'registration.finished', client, account: id, person, passkey: passkey.id },
  })
  if (!opened) throw new Problem('registration.refused')
  const evidence: Evidence = {
    means: 'passkey', passkey: passkey.id, userVerified: true, backupEligible: passkey.backupEligible, hardwareBound: false, at: epochSeconds(now),
  }
  await tools.registrations.put(interaction, { at: 'finished', account: id, evidence })
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

