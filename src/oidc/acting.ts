import type { IncomingMessage } from 'node:http'
import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import { z } from 'zod'
import { accountId, type AccountId } from '#kernel/id.ts'
import { signedOutSince } from '#domain/account/account.ts'
import type { Tie } from '#domain/acting/representation.ts'
import { isActingGrant, type Acting, type ActingStore } from '#domain/acting/store.ts'
import { choicesAt, type ActingTools } from '#domain/acting/act.ts'
import { takesWards, tieOf } from '#domain/acting/ward.ts'
import { evidence as evidenceShape, type Evidence } from '#domain/assurance/evidence.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { Client } from '#domain/client/client.ts'
import type { NameAsked } from '#domain/organisation/name-asked.ts'
import { officesAsked, officesAt, takesOrganisations, type InName } from '#domain/organisation/offices.ts'
import type { InNameOf, OrganisationGrants } from '#domain/organisation/store.ts'
import type { KnownClients } from './client/known.ts'
import { nameAskedIn, scopesOf, type Params } from './request/claims.ts'
import type { Subjects } from './subjects.ts'

type Tools = ActingTools & { actings: Pick<ActingStore, 'find'>; organisationGrants: Pick<OrganisationGrants, 'find'>; clients: Pick<KnownClients, 'find'>; subjects: Subjects }

/** Who acts for whom behind a token, and by what: for a ward in the ward's account, or in the name of an organisation in their own. */
export type ActingNow = { by: AccountId; account: AccountId; tie: Tie } | { office: InName }

const held = z.object({ grantId: z.string().optional(), clientId: z.string().optional(), scope: z.string().optional(), extra: z.object({ vn_org_id: z.string().optional() }).optional() })
type Held = z.infer<typeof held>
type Whose = { account: AccountId; began: number }

/**
 * Who acts behind this token: nobody where it is the account holder's own, `refused` where somebody did and may not any more. Asked at
 * each use, so that it is over with the day, the register's word, the representative's own account, the mandate, or the client's registration.
 * `began` is when the passkey was shown: what the representative ended since is over for those they act for too.
 */
export async function actingBehind(tools: Tools, ctx: KoaContextWithOIDC, token: object, whose: Whose): Promise<ActingNow | 'refused' | undefined> {
  const { grantId, clientId, ...said } = held.parse(token)
  if (grantId === undefined) return undefined
  const [acting, client] = await Promise.all([tools.actings.find(grantId), clientId === undefined ? undefined : tools.clients.find(clientId)])
  if (acting !== undefined) return wardBehind(tools, { acting, client }, whose)
  if (isActingGrant(grantId)) return 'refused'
  if (!saysOrganisation(said) && (client === undefined || !takesOrganisations(client))) return undefined
  return officeBehind(tools, ctx, { ...said, grantId, client }, whose)
}

async function wardBehind(tools: Tools, { acting, client }: { acting: Acting; client: Client | undefined }, { account, began }: Whose): Promise<ActingNow | 'refused'> {
  const [tie, by] = await Promise.all([tieOf(tools, { by: acting.by, account }), tools.accounts.find(acting.by)])
  if (tie === undefined || client === undefined || !takesWards(client)) return 'refused'
  return by === undefined || signedOutSince(by.account, began, tools.clock.now()) ? 'refused' : { by: acting.by, account, tie }
}

/** A grant with that scope is in the name of an organisation; of which one is not known any more, it is in nobody's. */
async function officeBehind(tools: Tools, ctx: KoaContextWithOIDC, { grantId, client, ...said }: Omit<Held, 'grantId'> & { grantId: string; client: Client | undefined }, { account }: Whose): Promise<ActingNow | 'refused' | undefined> {
  const grant = await ctx.oidc.provider.Grant.find(grantId)
  if (grant === undefined || !isInName(grant)) return said.extra?.vn_org_id === undefined ? undefined : 'refused'
  const acting = await tools.organisationGrants.find(grantId)
  const [office] = client === undefined || acting === undefined ? [] : await officesAt(tools, client, { account, organisation: acting.organisation, ground: acting.mandate ?? 'law' })
  return office === undefined ? 'refused' : { office }
}

/** The scope by which a service asks in the name of which organisation people act. */
export const organisationScope = 'organisation'

const saysOrganisation = ({ scope = '', extra }: Pick<Held, 'scope' | 'extra'>): boolean => extra?.vn_org_id !== undefined || scope.split(' ').includes(organisationScope)

/** Whether this grant was given in the name of an organisation: all others are without that scope. */
export const isInName = (grant: Grant): boolean => grant.getOIDCScope().split(' ').includes(organisationScope)

/** How a request asks in the name of which organisation somebody acts, where this client takes that and its scope is named. */
export const organisationAsked = (client: Client, params: Params): NameAsked | undefined =>
  takesOrganisations(client) && scopesOf(params).includes(organisationScope) ? nameAskedIn(params) : undefined

/** Without the scope nobody is asked in whose name: whoever insists on one and forgets it would be answered in people's own. */
export function nameFault(params: Params): string | undefined {
  return nameAskedIn(params).only && !scopesOf(params).includes(organisationScope) ? `an essential vn_org_id is asked for beside the scope ${organisationScope}` : undefined
}

/**
 * What a service is told. Of a ward (RFC 8693 §4.1): whose account it is stands in `sub`, who acts in `act`, both as this service knows them. Of an
 * organisation: `sub` stays whoever acts, and the public number says for whom.
 */
export async function actingClaims({ clients, subjects }: Tools, client: string, acting: ActingNow): Promise<Record<string, unknown>> {
  if ('office' in acting) {
    const { code, name, role } = acting.office
    return { vn_org_id: code, vn_org_name: name, vn_org_role: role, vn_acting_for: { vn_org_id: code, as: role } }
  }
  const known = await clients.find(client)
  if (known === undefined) return {}
  const { by, account, tie } = acting
  const [representative, ward] = await Promise.all([subjects(by, known.own.sector), subjects(account, known.own.sector)])
  return { act: { sub: representative }, vn_acting_for: { sub: ward, as: tie.as } }
}

export const organisationClaimNames = ['vn_org_id', 'vn_org_name', 'vn_org_role'] as const

/** The claims of it; they come with `openid` and are asked for by nobody. */
export const actingClaimNames = ['act', 'vn_acting_for', ...organisationClaimNames] as const

/** The evidence that our interaction handed over for this very request. */
export function evidenceGiven(ctx: KoaContextWithOIDC): Evidence | undefined {
  return evidenceShape.optional().parse(ctx.oidc.result?.['evidence'])
}

/** For whom a request is: of an organisation only by what was answered for this very request. */
export type ActingHere = Acting | InNameOf

/** Who acts in the session of this request, if not its own account, or in whose name: by what was shown just now, or by the sign-in that it rests on. */
export async function actingHere({ evidences }: { evidences: Pick<EvidenceStore, 'find'> }, ctx: KoaContextWithOIDC): Promise<ActingHere | undefined> {
  const { session } = ctx.oidc
  const given = evidenceGiven(ctx)
  const evidence = given ?? (session?.accountId === undefined ? undefined : await evidences.find(session.uid, session.accountId))
  if (evidence === undefined || evidence.at !== session?.loginTs) return undefined
  if (evidence.by !== undefined) return { by: evidence.by }
  return given?.organisation === undefined ? undefined : { organisation: given.organisation }
}

/** Whose passkey it was, if not that of the account's holder. */
export function actorIn(acting: ActingHere | undefined): AccountId | undefined {
  return acting && 'by' in acting ? acting.by : undefined
}

const actors = new WeakMap<IncomingMessage, ActingHere>()

/** Remembers who acts in this request, or in whose name, for what is recorded of it. */
export function noteActing({ req }: KoaContextWithOIDC, acting: ActingHere): void {
  actors.set(req, acting)
}

export function actingAt({ req }: Pick<KoaContextWithOIDC, 'req'>): Partial<Acting & InNameOf> {
  return actors.get(req) ?? {}
}

type JudgeTools = ActingTools & { clients: Pick<KnownClients, 'find'> }

/**
 * Whether this evidence counts here. A representative confirms each use (Decree 69/2024 Art 14.2), so what they have shown serves the
 * request it was shown for and no other, and only where this client takes them and the register still names them; likewise the name of an organisation.
 */
export async function counts(tools: JudgeTools, ctx: KoaContextWithOIDC, { by, organisation }: Evidence): Promise<boolean> {
  if (by === undefined && organisation === undefined) return true
  const here = await requestHere(tools, ctx)
  if (here === undefined || evidenceGiven(ctx) === undefined) return false
  const { client, account, organisation: asked } = here
  if (by !== undefined) return takesWards(client) && (await tieOf(tools, { by, account })) !== undefined
  return (await officesAsked(tools, client, { account, organisation, asked })).length > 0
}

/** The client and its request, and who is signed in. */
async function requestHere({ clients }: JudgeTools, { oidc: { client, session, params = {} } }: KoaContextWithOIDC) {
  const known = client && (await clients.find(client.clientId))
  const account = accountId.safeParse(session?.accountId).data
  return known && account && { client: known, account, organisation: organisationAsked(known, params) }
}

/** Whether whoever is signed in has still to say for whom they are here, and confirms first; `nobody` where the service takes them in no name that is theirs. */
export type ForWhom = 'settled' | 'to-ask' | 'nobody'

/**
 * Where nothing may be shown they are themself. Where the service has a use for organisations alone that is nobody: whoever has not just answered in the
 * name of one is asked, and by `prompt=none` no service learns whom somebody represents.
 */
export async function forWhomHere(tools: JudgeTools, ctx: KoaContextWithOIDC): Promise<ForWhom> {
  const here = await requestHere(tools, ctx)
  if (here === undefined) return 'settled'
  const only = here.organisation?.only === true
  const given = evidenceGiven(ctx)
  if (only ? given?.organisation !== undefined : given !== undefined) return 'settled'
  if (ctx.oidc.promptPending('none')) return only ? 'to-ask' : 'settled'
  if ((await choicesAt(tools, here, here.account)).length > 0) return 'to-ask'
  return only ? 'nobody' : 'settled'
}
