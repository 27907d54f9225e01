import type { KoaContextWithOIDC } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { accountId } from '#kernel/id.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { ActingTools } from '#domain/acting/act.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import { dependsOnKeys, judge, judgeWith, withoutFace, type Best, type Shown, type Verdict, type Want } from '#domain/assurance/verdict.ts'
import type { PasskeyStore } from '#domain/passkey/passkey.ts'
import { knownOf, type KnownAccount } from '#oidc/account.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { wantsAfresh } from '#oidc/device.ts'
import { counts, evidenceGiven, forWhomHere } from '#oidc/acting.ts'
import { wantOf } from './want.ts'

export type JudgeTools = ActingTools & {
  clients: Pick<KnownClients, 'find'>
  evidences: EvidenceStore
  passkeys: Pick<PasskeyStore, 'ofAccount'>
  best: Best
  clock: Clock
}

/** What a request is judged to be: of the sign-in, and of the name in which somebody is here. */
export type Judgement = Verdict | { is: 'unreachable'; because: 'organisation' }

const nobody: Verdict = { is: 'step-up', missing: ['sign-in'] }

/** The judgement on a request, made once for each time the library asks around. */
export function judgeOnce(tools: JudgeTools): (ctx: KoaContextWithOIDC) => Promise<Judgement> {
  const judged = new WeakMap<KoaContextWithOIDC, Promise<Judgement>>()
  return (ctx) => {
    const verdict = judged.get(ctx) ?? verdictOn(tools, ctx)
    judged.set(ctx, verdict)
    return verdict
  }
}

/** Whoever is signed in and may be: a session of an account that is locked by now is nobody's. */
export function present(ctx: KoaContextWithOIDC): KnownAccount | undefined {
  const account = knownOf(ctx.oidc.account)
  return account?.standing.is === 'usable' ? account : undefined
}

async function verdictOn(tools: JudgeTools, ctx: KoaContextWithOIDC): Promise<Judgement> {
  const forWhom = await forWhomHere(tools, ctx)
  const verdict = await signInJudged(tools, ctx, forWhom === 'to-ask')
  return verdict.is === 'satisfied' && forWhom === 'nobody' ? { is: 'unreachable', because: 'organisation' } : verdict
}

/** `toAsk`: for whom they are here they say after another passkey, and what was shown for this request serves it no more. */
async function signInJudged(tools: JudgeTools, ctx: KoaContextWithOIDC, toAsk: boolean): Promise<Verdict> {
  const { client, params, session } = ctx.oidc
  const known = client && (await tools.clients.find(client.clientId))
  const account = present(ctx)
  if (known === undefined || params === undefined || session === undefined) return nobody
  if (session.accountId !== undefined && account === undefined) return nobody
  const given = evidenceGiven(ctx)
  const evidence = await evidenceHere(tools, ctx, given)
  // Before anybody has signed in the account's level is not known, so only what no account could reach is refused.
  const shown = { accountLevel: account?.level ?? 2, evidence, justNow: given !== undefined && !toAsk }
  const want = wantOf(params, known.own)
  const fresh = want.fresh || wantsAfresh(ctx) || toAsk
  return forThisPerson({ ...tools, best: bestOf(tools, evidence) }, evidence?.by ?? session.accountId, { want: { ...want, fresh }, shown })
}

/** The face that is compared is that of the account's holder, and nobody else has it. */
const bestOf = ({ best }: JudgeTools, evidence: Evidence | undefined): Best => (evidence?.by === undefined ? best : withoutFace(best))

/** What counts here: what was shown for this request, and kept for the next, or what the session rests on. */
async function evidenceHere(tools: JudgeTools, ctx: KoaContextWithOIDC, given: Evidence | undefined): Promise<Evidence | undefined> {
  const { session } = ctx.oidc
  if (session?.accountId === undefined) return given?.by === undefined ? given : undefined
  if (given) await tools.evidences.put(session.uid, session.accountId, inOwnName(given))
  const evidence = given ?? spokenOf(session, await tools.evidences.find(session.uid, session.accountId))
  return evidence && (await counts(tools, ctx, evidence)) ? evidence : undefined
}

/** The session is the person's own, and the next request is in nobody else's name. */
function inOwnName({ organisation: _organisation, ...evidence }: Evidence): Evidence {
  return evidence
}

/** What can be reached depends on the keys that this person has, which are looked up only where it matters. */
async function forThisPerson(tools: JudgeTools, account: string | undefined, { want, shown }: { want: Want; shown: Shown }): Promise<Verdict> {
  const now = epochSeconds(tools.clock.now())
  const verdict = judge(want, shown, tools.best, now)
  if (account === undefined || !dependsOnKeys(verdict)) return verdict
  return judgeWith(await tools.passkeys.ofAccount(accountId.parse(account)), want, shown, tools.best, now)
}

/**
 * The evidence of the very sign-in that tokens of this session will speak of. Another one, as two tabs that signed in at once
 * may leave behind, counts for nothing: `auth_time`, `amr` and what was judged are of one sign-in.
 */
function spokenOf({ loginTs }: { loginTs?: number | undefined }, evidence: Evidence | undefined): Evidence | undefined {
  return evidence?.at === loginTs ? evidence : undefined
}
