import { dayInVietnam, epochSeconds, type Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { standing, type Account } from '#domain/account/account.ts'
import type { AccountStore } from '#domain/account/store.ts'
import { levelOf, type Evidence } from '#domain/assurance/evidence.ts'
import { acrOfAnswer, judge, type Best } from '#domain/assurance/verdict.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import { giveConsent } from '#domain/consent/answer.ts'
import { answerOf, type Item } from '#domain/consent/decision.ts'
import { finishSignIn } from '#domain/passkey/authentication.ts'
import type { Assertion } from '#domain/passkey/response.ts'
import type { Approval, ApprovalStore } from './approval.ts'

/** What the passkey showed, and the `acr` that this request is answered with. */
type Given = { evidence: Evidence; acr: string }

/** What the service is to hear; told by the protocol. */
export type Reply = {
  approved: (approval: Approval, given: Given & { granted: readonly Item[] }) => Promise<void>
  refused: (approval: Approval, because: 'declined' | 'unreachable') => Promise<void>
}

type AnswerTools = { approvals: Pick<ApprovalStore, 'begin' | 'end'>; reply: Reply; audit: AuditLog }

/** Why there is no approval: the person said no, it was not them, the code was not the one, or the account cannot reach what is asked. */
export type Refusal = 'declined' | 'not-me' | 'mismatched' | 'unreachable'

/** Ends it with a no, which the service hears. Throws `approval.over` when it was answered before. */
export async function refuse(tools: AnswerTools, approval: Approval, reason: Refusal): Promise<void> {
  if (!(await tools.approvals.begin(approval))) throw new Problem('approval.over')
  await tools.audit.append({ type: 'approval.refused', client: approval.client, account: approval.account, approval: approval.id, reason })
  await tools.reply.refused(approval, reason === 'unreachable' ? 'unreachable' : 'declined')
  await tools.approvals.end(approval.id, reason === 'mismatched' ? 'mismatched' : 'declined')
}

type MatchTools = AnswerTools & { approvals: Pick<ApprovalStore, 'match'> }

/** The person picks the code they were shown. There is one try: whoever guesses has no second. */
export async function match(tools: MatchTools, approval: Approval, { session, code }: { session: string; code: string }): Promise<'matched' | 'mismatched'> {
  if (code !== approval.code) {
    await refuse(tools, approval, 'mismatched')
    return 'mismatched'
  }
  await tools.approvals.match(approval.id, session)
  return 'matched'
}

type ApproveTools = AnswerTools & Omit<Parameters<typeof finishSignIn>[0], 'clock'> & Parameters<typeof giveConsent>[0] & {
  approvals: Pick<ApprovalStore, 'matchedIn'>
  accounts: Pick<AccountStore, 'find'>
  limits: Limits
  best: Best
  clock: Clock
}

type Answer = { session: string; address: string; answer: Assertion; ticked: ReadonlySet<string> }

/**
 * The yes: in the session that picked the right code, with a passkey of this very account, over a challenge that was made for this
 * request and nothing else. Evidence, consent and audit are durable before the service can hear of it (L01). Throws the problems
 * of `finishSignIn`, `account.*`, `assurance.unreachable`, and `approval.over` to all but the first answer.
 */
export async function approve(tools: ApproveTools, approval: Approval, { session, address, answer, ticked }: Answer): Promise<void> {
  if ((await tools.approvals.matchedIn(approval.id)) !== session) throw new Problem('approval.over')
  const { evidence, acr } = await proven(tools, approval, { address, answer })
  if (!(await tools.approvals.begin(approval))) throw new Problem('approval.over')
  const { account, client, items, details } = approval
  if (items.length + details.length > 0) await giveConsent(tools, { account, client, items, details }, ticked)
  const { passkey } = evidence
  await tools.audit.append({ type: 'approval.given', client, account, approval: approval.id, passkey, level: levelOf(evidence), evidence })
  await tools.reply.approved(approval, { evidence, acr, granted: grantedOf(items, ticked, tools.clock.now()) })
  await tools.approvals.end(approval.id, 'approved')
}

function grantedOf(items: readonly Item[], ticked: ReadonlySet<string>, at: Date): readonly Item[] {
  const { granted } = answerOf(items, ticked, at)
  return items.filter(({ attribute }) => Object.hasOwn(granted, attribute.id))
}

async function proven(tools: ApproveTools, approval: Approval, { address, answer }: Pick<Answer, 'address' | 'answer'>): Promise<Given> {
  try {
    const { passkey, evidence } = await finishSignIn(tools, { approval: approval.id }, answer)
    if (passkey.account !== approval.account) throw new Problem('passkey.not-asked-for')
    return { evidence, acr: await reached(tools, approval, evidence) }
  } catch (error) {
    if (error instanceof Problem) await recordFailure(tools, { client: approval.client, address, error })
    throw error
  }
}

async function reached({ accounts, best, clock }: ApproveTools, { account, want }: Approval, evidence: Evidence): Promise<string> {
  const found = await accounts.find(account)
  const stands = found && standing(found.account, found.life, dayInVietnam(clock.now()))
  if (found === undefined || stands === undefined) throw new Problem('approval.over')
  if (stands.is === 'refused') throw new Problem(stands.problem)
  const verdict = judge(want, { accountLevel: found.account.level, evidence, justNow: true }, best, epochSeconds(clock.now()))
  if (verdict.is !== 'satisfied') throw new Problem('assurance.unreachable')
  return acrOfAnswer(verdict)
}

/** Whether this account could give what is asked, before anybody is asked to unlock anything. */
export function couldReach({ want }: Approval, { level }: Pick<Account, 'level'>, best: Best): boolean {
  return judge(want, { accountLevel: level, justNow: false }, best, 0).is !== 'unreachable'
}

type Failure = { client: ClientId; address: string; error: Problem }

async function recordFailure({ audit, limits }: ApproveTools, { client, address, error }: Failure): Promise<void> {
  // Without its stores nothing can be recorded, and nothing was decided either.
  if (error.code === 'service.unavailable') return
  await audit.append({ type: 'login.refused', client, reason: error.code })
  await limits.spend('sign-in-failures-per-address', networkOf(address))
}
