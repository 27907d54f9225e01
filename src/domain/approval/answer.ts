import { dayInVietnam, epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId, OrganisationId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { levelAt, standing, type Account } from '#domain/account/account.ts'
import { answerersFor, type WardTools } from '#domain/acting/ward.ts'
import { levelOf, type Evidence } from '#domain/assurance/evidence.ts'
import { acrOfAnswer, judge, judgeWith, withoutFace, type Best, type Unreachable } from '#domain/assurance/verdict.ts'
import type { AuditLog } from '#domain/audit/event.ts'
import type { Client } from '#domain/client/client.ts'
import { giveConsent } from '#domain/consent/answer.ts'
import { answerOf, type Item } from '#domain/consent/decision.ts'
import { officesAsked, type InName, type OfficeTools } from '#domain/organisation/offices.ts'
import type { InNameOf, OrganisationStore } from '#domain/organisation/store.ts'
import { finishSignIn } from '#domain/passkey/authentication.ts'
import type { Passkey } from '#domain/passkey/passkey.ts'
import type { Assertion } from '#domain/passkey/response.ts'
import { isAnsweredBy, type Approval, type ApprovalStore } from './approval.ts'

/** What the passkey showed, and the `acr` that this request is answered with. */
type Given = { evidence: Evidence; acr: string }

/** What the service is to hear; told by the protocol. */
export type Reply = {
  /** When it throws, nothing that was granted counts, and the service hears that it failed, as far as it can be told. */
  approved: (approval: Approval, given: Given & { granted: readonly Item[]; inName?: InNameOf | undefined }) => Promise<void>
  refused: (approval: Approval, because: 'declined' | 'unreachable' | 'no-organisation') => Promise<void>
}

type AnswerTools = { approvals: Pick<ApprovalStore, 'begin' | 'release' | 'end'>; reply: Reply; audit: AuditLog }

/** Why there is no approval: the person said no, it was not them, the code was not the one, the account cannot reach what is asked, or they act for no organisation that is asked for. */
export type Refusal = 'declined' | 'not-me' | 'mismatched' | 'unreachable' | 'no-organisation'

/** Ends it with a no, which the service hears. Throws `approval.over` when it was answered before. */
export async function refuse(tools: AnswerTools, approval: Approval, reason: Refusal): Promise<void> {
  const { client, account, id } = approval
  const record = () => tools.audit.append({ type: 'approval.refused', client, account, approval: id, reason })
  // A wrong code is not taken back: whoever guesses has no second try.
  await begin(tools, approval, { record, again: reason !== 'mismatched' })
  try {
    await tools.reply.refused(approval, reason === 'unreachable' || reason === 'no-organisation' ? reason : 'declined')
  } finally {
    // A no stands, also where the service hears of it only when its request is over.
    await tools.approvals.end(approval, reason === 'mismatched' ? 'mismatched' : 'declined')
  }
}

type Beginning = { record: () => Promise<void>; again: boolean }

/** The one answer, recorded before the service can hear of it (L01). What could not be recorded was no answer, and the person may give it again. */
async function begin({ approvals }: AnswerTools, approval: Approval, { record, again }: Beginning): Promise<void> {
  if (!(await approvals.begin(approval.id))) throw new Problem('approval.over')
  try {
    await record()
  } catch (error) {
    if (again) await approvals.release(approval.id).catch(() => undefined)
    throw error
  }
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

type ApproveTools = AnswerTools & OfficeTools & { organisations: Pick<OrganisationStore, 'choose'>; clients: { find: (id: ClientId) => Promise<Client | undefined> } } & Omit<Parameters<typeof finishSignIn>[0], 'clock'> & Parameters<typeof giveConsent>[0] & WardTools & {
  approvals: Pick<ApprovalStore, 'matchedIn'>
  limits: Limits
  best: Best
  clock: Clock
}

type Answer = { /** Who answers: the holder, or who may for them. */ by: AccountId; session: string; address: string; answer: Assertion; ticked: ReadonlySet<string>; /** In the name of which organisation, where the person has chosen one. */ inName?: OrganisationId | undefined }

/**
 * The yes: in the session that picked the right code, with a passkey of whoever answers, over a challenge that was made for this
 * request and nothing else. Who that is, the register says once more at this moment, and whether they may act in the name that they chose. Evidence, consent and audit are durable before the service can hear of it (L01). Throws the problems
 * of `finishSignIn`, `account.*`, `assurance.unreachable`, `acting.not-allowed`, and `approval.over` to all but the first answer.
 */
export async function approve(tools: ApproveTools, approval: Approval, { by, session, address, answer, ticked, inName }: Answer): Promise<void> {
  if ((await tools.approvals.matchedIn(approval.id)) !== session) throw new Problem('approval.over')
  const { evidence, acr } = await proven(tools, approval, { by, address, answer, inName })
  const office = await officeOf(tools, approval, { by, inName })
  const { id, account, client, items, details } = approval
  const { passkey } = evidence
  const representative = evidence.by && { representative: evidence.by }
  const record = async () => {
    if (items.length + details.length > 0) await giveConsent(tools, { account, by: evidence.by, client, items, details }, ticked)
    if (office !== undefined) await tools.audit.append({ type: 'organisation.acted', client, account, organisation: office.organisation, role: office.role, ...(office.mandate && { mandate: office.mandate }), passkey })
    await tools.audit.append({ type: 'approval.given', client, account, approval: id, passkey, level: levelOf(evidence, evidence.at), evidence, ...representative })
  }
  await begin(tools, approval, { record, again: true })
  try {
    await tools.reply.approved(approval, { evidence, acr, granted: grantedOf(items, ticked, tools.clock.now()), inName: office })
  } catch (error) {
    // What just failed may fail once more; what ended it is told all the same.
    await Promise.allSettled([tools.audit.append({ type: 'approval.undone', client, account, approval: id }), tools.approvals.end(approval, 'failed')])
    throw error
  }
  await tools.approvals.end(approval, 'approved')
  if (approval.organisation !== undefined && by === account) await tools.organisations.choose(account, client, office?.organisation ?? null)
  await tools.limits.give('asking-misses-per-client', client, 'earned')
}

/** As what they act in the name that they chose, by what registration, mandates and accounts say now: a page may have lain open for minutes. Nobody chooses for a ward, or where it was not asked. */
async function officeOf(tools: ApproveTools, { account, client: id, organisation: asked }: Approval, { by, inName }: Pick<Answer, 'by' | 'inName'>): Promise<InName | undefined> {
  if (inName === undefined) {
    if (asked?.only === true) throw new Problem('acting.not-allowed')
    return undefined
  }
  const client = await tools.clients.find(id)
  const [office] = by !== account || client === undefined ? [] : await officesAsked(tools, client, { account, organisation: inName, asked })
  if (office !== undefined) return office
  await tools.audit.append({ type: 'organisation.not-allowed', client: id, account: by, organisation: inName })
  throw new Problem('acting.not-allowed')
}

function grantedOf(items: readonly Item[], ticked: ReadonlySet<string>, at: Date): readonly Item[] {
  const { granted } = answerOf(items, ticked, at)
  return items.filter(({ attribute }) => Object.hasOwn(granted, attribute.id))
}

async function proven(tools: ApproveTools, approval: Approval, { by, address, answer, inName }: Pick<Answer, 'by' | 'address' | 'answer' | 'inName'>): Promise<Given> {
  try {
    const { passkey, evidence: shown } = await finishSignIn(tools, { approval: approval.id }, answer)
    if (passkey.account !== by || !isAnsweredBy(approval, by)) throw new Problem('passkey.not-asked-for')
    const evidence = by === approval.account ? { ...shown, ...(inName && { organisation: inName }) } : { ...shown, by }
    return { evidence, acr: await reached(tools, approval, evidence) }
  } catch (error) {
    if (error instanceof Problem) await recordFailure(tools, { client: approval.client, address, error })
    throw error
  }
}

async function reached(tools: ApproveTools, { account, want }: Approval, evidence: Evidence): Promise<string> {
  const { accounts, best, clock } = tools
  const found = await accounts.find(account)
  const stands = found && standing(found.account, found.life, dayInVietnam(clock.now()))
  if (found === undefined || stands === undefined) throw new Problem('approval.over')
  if (stands.is === 'refused') throw new Problem(stands.problem)
  const answered = await answerersFor(tools, found.account)
  if (answered.is === 'representatives' ? evidence.by === undefined || !answered.accounts.includes(evidence.by) : evidence.by !== undefined) throw new Problem('acting.not-allowed')
  const verdict = judge(want, { accountLevel: levelAt(found.account, clock.now()), evidence, justNow: true }, withoutFace(best), epochSeconds(clock.now()))
  if (verdict.is !== 'satisfied') throw new Problem('assurance.unreachable')
  return acrOfAnswer(verdict)
}

/** Why this person cannot give what is asked with the account and the passkeys they have, before they unlock anything; or `undefined`. */
export function beyondReach({ want }: Approval, { level, keys }: Pick<Account, 'level'> & { keys: readonly Pick<Passkey, 'hardwareBound'>[] }, best: Best): Unreachable | undefined {
  const verdict = judgeWith(keys, want, { accountLevel: level, justNow: false }, withoutFace(best), 0)
  return verdict.is === 'unreachable' ? verdict.because : undefined
}

type Failure = { client: ClientId; address: string; error: Problem }

async function recordFailure({ audit, limits }: ApproveTools, { client, address, error }: Failure): Promise<void> {
  // Without its stores nothing can be recorded, and nothing was decided either.
  if (error.code === 'service.unavailable') return
  await audit.append({ type: 'login.refused', client, reason: error.code })
  await limits.spend('sign-in-failures-per-address', networkOf(address))
}
