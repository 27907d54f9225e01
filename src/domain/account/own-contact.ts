import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { interactionId, type AccountId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { digits } from '#kernel/random.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { mailboxOf, networkOf } from '#domain/abuse/network.ts'
import { redeem, type ContactCodeStore } from '#domain/enrolment/contact-code.ts'
import type { EnrolmentRules } from '#domain/enrolment/eligibility.ts'
import type { Language, Notices } from '#domain/signal/notice.ts'
import { phone, type ContactStore, type Reach } from './contact.ts'

export type Address = Pick<Reach, 'kind' | 'value'>

/** A mail address or a mobile number of Viet Nam, as somebody typed it. */
export function readAddress(kind: Reach['kind'], typed: string): Address | undefined {
  const value = kind === 'phone' ? phone.safeParse(typed).data : z.email().max(254).safeParse(typed.trim()).data
  return value === undefined ? undefined : { kind, value }
}

/** Which of the two it is shows in the value itself: a mail address never begins with a plus and digits alone. */
export const kindOf = (value: string): Reach['kind'] => (phone.safeParse(value).success ? 'phone' : 'email')

/** The session in which it is changed: codes are kept and counted by it. */
type Where = { account: AccountId; session: string; address: string }

type BeginTools = {
  codes: Pick<ContactCodeStore, 'next' | 'put'>
  limits: Limits
  notices: Pick<Notices, 'contactCode'>
  rules: Pick<EnrolmentRules, 'contactCode'>
}

/**
 * Sends a code to the new address and answers its number in this session. Nothing is changed yet, and nothing tells whether the address is
 * anybody's (W10). Throws `limit.exceeded`.
 */
export async function beginContactChange(tools: BeginTools, { account, session, address }: Where, to: Address & { language: Language }): Promise<number> {
  const { contactCode } = tools.rules
  await tools.limits.spend('contact-changes-per-account', account)
  await tools.limits.spend('mail-per-network', networkOf(address))
  const generation = await tools.codes.next(keyOf(session))
  if (generation > contactCode.sends) throw new Problem('limit.exceeded', { detail: { retryAfter: contactCode.lifeMinutes * 60 } })
  await tools.limits.spend('mail-per-contact', to.kind === 'email' ? mailboxOf(to.value) : to.value)
  const code = digits(contactCode.digits)
  await tools.codes.put(keyOf(session), generation, { code, email: to.value })
  await tools.notices.contactCode(to.value, { code, minutes: contactCode.lifeMinutes, language: to.language })
  return generation
}

type FinishTools = { codes: ContactCodeStore; contactStore: Pick<ContactStore, 'replace'>; rules: Pick<EnrolmentRules, 'contactCode'>; clock: Clock }

export type ContactChange = { is: 'changed' } | { is: 'wrong'; left: number } | { is: 'spent' }

/** With the code the address takes the place of the old one of its kind, which hears of it and for some days can undo it (`lockLost`; W09). */
export async function finishContactChange(tools: FinishTools, { account, session }: Omit<Where, 'address'>, { generation, typed }: { generation: number; typed: string }): Promise<ContactChange> {
  const redeemed = await redeem(tools.codes, keyOf(session), { generation, typed, tries: tools.rules.contactCode.tries })
  if (redeemed.is !== 'right') return redeemed
  const kind = kindOf(redeemed.email)
  const replaced = await tools.contactStore.replace(account, { kind, value: redeemed.email, verifiedAt: tools.clock.now() }, { type: 'contact.changed', account, kind, by: 'holder' })
  if (!replaced) throw new Problem('account.deceased')
  return { is: 'changed' }
}

/** Where the code of this number went. */
export async function addressOf({ codes }: { codes: Pick<ContactCodeStore, 'read'> }, session: string, generation: number): Promise<Address | undefined> {
  const sent = await codes.read(keyOf(session), generation)
  return sent && { kind: kindOf(sent.email), value: sent.email }
}

const keyOf = (session: string) => interactionId.parse(session)
