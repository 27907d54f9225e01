import { interactionPolicy, type InteractionResults, type KoaContextWithOIDC } from 'oidc-provider'
import { Problem } from '#kernel/problem.ts'
import { acrOfAnswer, unreachables, type Missing, type Satisfied } from '#domain/assurance/verdict.ts'
import { toProviderError, translated } from '#oidc/errors.ts'
import { makeHintCheck } from './hinted.ts'
import { judgeOnce, present, type Judgement, type JudgeTools } from './judged.ts'

const { Check, Prompt, base } = interactionPolicy

type Judged = (ctx: KoaContextWithOIDC) => Promise<Judgement>
type Tools = JudgeTools & Parameters<typeof makeHintCheck>[0]

/**
 * When a person has to be asked, in this order: which account, to sign in, to turn back, to agree. The library's own checks
 * stay, but for those that compare acr values by equality and read `max_age` apart from the evidence: these three are one
 * ordered judgement here (docs/decisions/0005).
 */
export function makePolicy(tools: Tools) {
  const judged = judgeOnce(tools)
  const policy = base()
  const login = policy.get('login')
  for (const reason of ['max_age', 'essential_acrs', 'essential_acr']) login?.checks.remove(reason)
  const asks = translated((ctx: KoaContextWithOIDC) => asksToSignIn(judged, ctx))
  login?.checks.add(new Check('assurance', 'End-User authentication is required', 'login_required', asks, async (ctx) => ({ missing: await missing(judged, ctx) })))
  const hinted = translated(makeHintCheck(tools))
  login?.checks.add(new Check(anotherIsMeant, 'another End-User is asked for', 'login_required', hinted))
  policy.add(selectAccount(), 0)
  policy.add(turnBack(judged), 2)
  return policy
}

/** Names in the library's terms, by which the pages tell what is asked. */
export const anotherIsMeant = 'another_is_meant'
export const turnBackPrompt = 'turn_back'

async function asksToSignIn(judged: Judged, ctx: KoaContextWithOIDC): Promise<boolean> {
  sayHow(ctx)
  const verdict = await judged(ctx)
  // What nobody reaches here is said at once. What this person does not reach they are told first (`turnBack`).
  if (verdict.is === 'unreachable' && verdict.because === 'authentication-level') throw unmet()
  if (verdict.is === 'satisfied') sayWhat(ctx, verdict)
  const wantsAnother = anotherChosen(ctx.oidc.result) && ctx.oidc.result?.login === undefined
  return verdict.is === 'step-up' || wantsAnother ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
}

async function missing(judged: Judged, ctx: KoaContextWithOIDC): Promise<readonly Missing[]> {
  const verdict = await judged(ctx)
  return verdict.is === 'step-up' ? verdict.missing : []
}

/**
 * OIDC Core §3.1.2.1 `select_account`: only whoever is signed in has something to choose. Signing in for this request was a
 * choice too.
 */
function selectAccount() {
  const prompt = new Prompt({ name: 'select_account', requestable: true })
  prompt.checks.clear()
  prompt.checks.add(new Check('select_account_prompt', 'select_account prompt was not resolved', 'account_selection_required', (ctx) =>
    ctx.oidc.promptPending('select_account') && ctx.oidc.result?.login === undefined && present(ctx) !== undefined))
  return prompt
}

/** The result of an interaction in which another account was chosen. */
export const another = { select_account: { another: true } } as const satisfies InteractionResults

export function anotherChosen(result: InteractionResults | undefined): boolean {
  const chosen: unknown = result?.['select_account']
  return typeof chosen === 'object' && chosen !== null && 'another' in chosen
}

/** What this person cannot reach: they see why, and then the service hears it. With `prompt=none` the service hears it at once. */
function turnBack(judged: Judged) {
  const told = 'the account, or its passkeys, cannot reach what is required'
  return new Prompt({ name: turnBackPrompt }, new Check('unmet', told, 'unmet_authentication_requirements', translated(async (ctx) => {
    const verdict = await judged(ctx)
    return verdict.is === 'unreachable'
  }), async (ctx) => ({ because: because(await judged(ctx)) })))
}

/** Why somebody is led back: of what they reach, or because they act for no organisation that is asked for. */
export const turnBacks = [...unreachables, 'organisation'] as const
export type TurnBack = (typeof turnBacks)[number]

const because = (verdict: Judgement): TurnBack | undefined => (verdict.is === 'unreachable' ? verdict.because : undefined)

function unmet(): Error {
  const description = 'the authentication level that is required is not offered here'
  return Object.assign(toProviderError(new Problem('assurance.unreachable')), { error_description: description })
}

/** Every ID token says how and when the person signed in and names the session, asked for or not (P11). */
export function sayHow(ctx: KoaContextWithOIDC): void {
  const { claims } = ctx.oidc
  claims.id_token = { acr: null, amr: null, auth_time: null, sid: null, ...claims.id_token }
}

/** The library takes the `acr` of codes and tokens from the session; it is what this request was answered with. */
function sayWhat({ oidc: { session } }: KoaContextWithOIDC, verdict: Satisfied): void {
  if (session?.accountId !== undefined) session.acr = acrOfAnswer(verdict)
}
