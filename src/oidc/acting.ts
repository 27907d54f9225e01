import type { IncomingMessage } from 'node:http'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { z } from 'zod'
import { accountId, type AccountId } from '#kernel/id.ts'
import { signedOutSince } from '#domain/account/account.ts'
import type { Tie } from '#domain/acting/representation.ts'
import type { Acting, ActingStore } from '#domain/acting/store.ts'
import { choicesAt } from '#domain/acting/act.ts'
import { takesWards, tieOf, type WardTools } from '#domain/acting/ward.ts'
import { evidence as evidenceShape, type Evidence } from '#domain/assurance/evidence.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { KnownClients } from './client/known.ts'
import type { Subjects } from './subjects.ts'

type Tools = WardTools & { actings: Pick<ActingStore, 'find'>; clients: Pick<KnownClients, 'find'>; subjects: Subjects }

/** Who acts for whom behind a token, and by what. */
export type ActingNow = Acting & { account: AccountId; tie: Tie }

const held = z.object({ grantId: z.string().optional(), clientId: z.string().optional() })

/**
 * Who acts behind this token: nobody where it is the account holder's own, `refused` where somebody did and may not any more. Asked at
 * each use, so that it is over with the day, the register's word, the representative's own account, or the client's registration. `began`
 * is when the passkey was shown: what the representative ended since is over for those they act for too.
 */
export async function actingBehind(tools: Tools, token: object, { account, began }: { account: AccountId; began: number }): Promise<ActingNow | 'refused' | undefined> {
  const { grantId, clientId } = held.parse(token)
  const acting = grantId === undefined ? undefined : await tools.actings.find(grantId)
  if (acting === undefined) return undefined
  const [tie, client, by] = await Promise.all([
    tieOf(tools, { by: acting.by, account }), clientId === undefined ? undefined : tools.clients.find(clientId), tools.accounts.find(acting.by),
  ])
  if (tie === undefined || client === undefined || !takesWards(client)) return 'refused'
  return by === undefined || signedOutSince(by.account, began) ? 'refused' : { ...acting, account, tie }
}

/** What a service is told (RFC 8693 §4.1): whose account it is stands in `sub`, who acts in `act`, both as this service knows them. */
export async function actingClaims({ clients, subjects }: Tools, client: string, { by, account, tie }: ActingNow): Promise<Record<string, unknown>> {
  const known = await clients.find(client)
  if (known === undefined) return {}
  const [representative, ward] = await Promise.all([subjects(by, known.own.sector), subjects(account, known.own.sector)])
  return { act: { sub: representative }, vn_acting_for: { sub: ward, as: tie.as } }
}

/** The claims of it; they come with `openid` and are asked for by nobody. */
export const actingClaimNames = ['act', 'vn_acting_for'] as const

/** The evidence that our interaction handed over for this very request. */
export function evidenceGiven(ctx: KoaContextWithOIDC): Evidence | undefined {
  return evidenceShape.optional().parse(ctx.oidc.result?.['evidence'])
}

/** Who acts in the session of this request, if not its own account: by what was shown just now, or by the sign-in that it rests on. */
export async function actorHere({ evidences }: { evidences: Pick<EvidenceStore, 'find'> }, ctx: KoaContextWithOIDC): Promise<AccountId | undefined> {
  const { session } = ctx.oidc
  const evidence = evidenceGiven(ctx) ?? (session?.accountId === undefined ? undefined : await evidences.find(session.uid, session.accountId))
  return evidence?.at === session?.loginTs ? evidence?.by : undefined
}

const actors = new WeakMap<IncomingMessage, AccountId>()

/** Remembers who acts in this request, for what is recorded of it. */
export function noteActor({ req }: KoaContextWithOIDC, by: AccountId): void {
  actors.set(req, by)
}

export function actorAt({ req }: Pick<KoaContextWithOIDC, 'req'>): AccountId | undefined {
  return actors.get(req)
}

type JudgeTools = WardTools & { clients: Pick<KnownClients, 'find'> }

/**
 * Whether this evidence counts here. A representative confirms each use (Decree 69/2024 Art 14.2), so what they have shown serves the
 * request it was shown for and no other, and only where this client takes them and the register still names them.
 */
export async function counts(tools: JudgeTools, ctx: KoaContextWithOIDC, { by }: Evidence): Promise<boolean> {
  if (by === undefined) return true
  const { client, session } = ctx.oidc
  const known = client && (await tools.clients.find(client.clientId))
  const account = accountId.safeParse(session?.accountId).data
  if (known === undefined || account === undefined || !takesWards(known) || evidenceGiven(ctx) === undefined) return false
  return (await tieOf(tools, { by, account })) !== undefined
}

/** Whether whoever is signed in is to be asked for whom: then they confirm first, unless they just have. Where nothing may be shown they are themself. */
export async function mayChoose(tools: JudgeTools, ctx: KoaContextWithOIDC): Promise<boolean> {
  const { client, session } = ctx.oidc
  const known = client && (await tools.clients.find(client.clientId))
  const account = accountId.safeParse(session?.accountId).data
  if (known === undefined || account === undefined || !takesWards(known) || evidenceGiven(ctx) !== undefined || ctx.oidc.promptPending('none')) return false
  return (await choicesAt(tools, known, account)).length > 0
}
