import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { evidence as evidenceShape, type Evidence } from '#domain/assurance/evidence.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import { judge, type Best, type Verdict } from '#domain/assurance/verdict.ts'
import { knownOf, type KnownAccount } from '#oidc/account.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { toProviderError } from '#oidc/errors.ts'
import { translated } from '#oidc/errors.ts'
import { wantOf } from './want.ts'

type Tools = { clients: Pick<KnownClients, 'find'>; evidences: EvidenceStore; best: Best; clock: Clock }

const { Check, base } = interactionPolicy

/**
 * When a person has to be asked. The library's own checks stay, but for those that compare acr values by equality and read
 * `max_age` apart from the evidence: these three are one ordered judgement here (docs/decisions/0005).
 */
export function makePolicy(tools: Tools) {
  const policy = base()
  const login = policy.get('login')
  for (const reason of ['max_age', 'essential_acrs', 'essential_acr']) login?.checks.remove(reason)
  const asks = translated((ctx: KoaContextWithOIDC) => asksToSignIn(tools, ctx))
  login?.checks.add(new Check('assurance', 'End-User authentication is required', 'login_required', asks))
  return policy
}

async function asksToSignIn(tools: Tools, ctx: KoaContextWithOIDC): Promise<boolean> {
  sayHow(ctx)
  const account = knownOf(ctx.oidc.account)
  const signedIn = ctx.oidc.session?.accountId !== undefined
  if (account?.standing.is === 'refused' || (signedIn && account === undefined)) return Check.REQUEST_PROMPT
  const verdict = await verdictOn(tools, ctx, account)
  if (verdict.is === 'unreachable') throw unmet(verdict)
  return verdict.is === 'step-up' ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT
}

async function verdictOn(tools: Tools, ctx: KoaContextWithOIDC, account: KnownAccount | undefined): Promise<Verdict> {
  const { client, params, session } = ctx.oidc
  const known = client && (await tools.clients.find(client.clientId))
  if (known === undefined || params === undefined || session === undefined) return { is: 'step-up' }
  const given = evidenceGiven(ctx)
  if (given) await tools.evidences.put(session.uid, given)
  const evidence = given ?? (account ? await tools.evidences.find(session.uid) : undefined)
  // Before anybody has signed in the account's level is not known, so only what no account could reach is refused.
  const shown = { accountLevel: account?.level ?? 2, evidence, justNow: given !== undefined }
  return judge(wantOf(params, known.own), shown, tools.best, epochSeconds(tools.clock.now()))
}

/** What our interaction handed over when the person signed in for this request. */
function evidenceGiven(ctx: KoaContextWithOIDC): Evidence | undefined {
  return evidenceShape.optional().parse(ctx.oidc.result?.['evidence'])
}

function unmet({ because }: Extract<Verdict, { is: 'unreachable' }>): Error {
  const description = because === 'account-level'
    ? 'this person has no account at the level that is required'
    : 'the authentication level that is required is not offered here'
  return Object.assign(toProviderError(new Problem('assurance.unreachable')), { error_description: description })
}

/** Every ID token says how and when the person signed in and names the session, asked for or not (P11). */
function sayHow(ctx: KoaContextWithOIDC): void {
  const { claims } = ctx.oidc
  claims.id_token = { acr: null, amr: null, auth_time: null, sid: null, ...claims.id_token }
}
