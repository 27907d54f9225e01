import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { accountId, clientId, type AccountId } from '#kernel/id.ts'
import { actingGrant, isActingGrant, type ActingStore } from '#domain/acting/store.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { Client } from '#domain/client/client.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { decide, type Item } from '#domain/consent/decision.ts'
import { readDetails } from '#domain/consent/details.ts'
import { grantNames } from '#domain/consent/place-question.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import { extentNames } from '#domain/consent/verification-item.ts'
import { officesAt, type OfficeTools } from '#domain/organisation/offices.ts'
import type { InNameOf, OrganisationGrants } from '#domain/organisation/store.ts'
import { actingClaimNames, actingHere, actorIn, isInName, noteActing, organisationScope, type ActingHere } from './acting.ts'
import type { KnownClients } from './client/known.ts'
import { itemsAsked, namesAsked } from './request/items.ts'

type Tools = OfficeTools & {
  clients: Pick<KnownClients, 'find' | 'findServer'>
  consents: Pick<ConsentStore, 'find'>
  evidences: Pick<EvidenceStore, 'find'>
  actings: ActingStore
  organisationGrants: OrganisationGrants
  catalogue: Catalogue
  clock: Clock
  monthsRemembered: number
}

/**
 * The grant that the person's standing answer amounts to, or `undefined` when they have to be asked. Scopes are granted whole
 * and the claims that were declined, or that this client may not ask, are rejected one by one.
 */
export function makeLoadExistingGrant(tools: Tools) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, account, params } = ctx.oidc
    const known = client && (await tools.clients.find(client.clientId))
    if (known === undefined || account === undefined || params === undefined) return undefined

    const items = await itemsAsked(tools, known.own, params)
    const acting = await byMandate(tools, known, account.accountId, await actingHere(tools, ctx))
    const by = actorIn(acting)
    const justGiven = hasJustAnswered(ctx, by)
    const remembered = items.length > 0 && (justGiven || !onDevice(ctx)) ? await tools.consents.find(accountId.parse(account.accountId), known.id, by) : undefined
    const validSince = monthsBefore(tools.clock.now(), tools.monthsRemembered)
    const decision = decide(items, known.own, { remembered, justGiven, validSince })
    if (decision.is !== 'settled') return undefined

    const shared = claimsOf(decision.granted)
    const rejected = namesAsked(tools.catalogue, params).filter((claim) => !shared.includes(claim))
    const details = readDetails(params['authorization_details'])
    // What was confirmed in detail was confirmed for one request (RFC 9396 §7).
    if (details.length > 0 && !justGiven) return undefined
    const granted = [...shared, ...actingClaimNames]
    return settled(tools, ctx, { acting, scope: [...ctx.oidc.requestParamOIDCScopes].join(' '), granted, rejected, resources: scopesByResource(ctx) })
  }
}

/** In the name of an organisation by which mandate, as it is at this moment: what the grant opens ends with that one. */
async function byMandate(tools: Tools, client: Client, account: string, acting: ActingHere | undefined): Promise<ActingHere | undefined> {
  if (acting === undefined || 'by' in acting) return acting
  const [office] = await officesAt(tools, client, { account: accountId.parse(account), organisation: acting.organisation })
  return { organisation: acting.organisation, ...(office?.mandate && { mandate: office.mandate }) }
}

/** Whether whoever is signed in now, for themself or another, has answered for this very request; what somebody before them answered counts for nobody else. */
function hasJustAnswered({ oidc: { result, account } }: KoaContextWithOIDC, by: AccountId | undefined): boolean {
  return account !== undefined && result?.consent !== undefined && Reflect.get(result.consent, 'account') === account.accountId && Reflect.get(result.consent, 'by') === by
}

/** Whoever types a code may have been talked into it, so what they once agreed to is asked again (RFC 8628 §5.4). */
function onDevice({ oidc: { route } }: KoaContextWithOIDC): boolean {
  return route === 'code_verification' || route === 'device_resume'
}

/** What a grant says. */
export type Content = {
  scope: string
  granted: readonly string[]
  rejected: readonly string[]
  /** Scopes by the API they are of. */
  resources: Readonly<Record<string, string>>
}

export function scopesByResource({ oidc }: KoaContextWithOIDC): Content['resources'] {
  const asked = [...oidc.requestParamScopes]
  return Object.fromEntries(Object.entries(oidc.resourceServers ?? {})
    .map(([identifier, { scopes }]) => [identifier, asked.filter((scope) => scopes.has(scope)).join(' ')] as const)
    .filter(([, scopes]) => scopes !== ''))
}

/**
 * The session's grant, grown by what was settled now. It stays the same grant, for the library lets a token live only as long
 * as its session holds that very one, and a person may have the service open in two tabs. The latest answer about a claim counts.
 */
async function settled(tools: Tools, ctx: KoaContextWithOIDC, { acting, ...content }: Content & { acting: ActingHere | undefined }): Promise<Grant> {
  const found = await ofSession(ctx)
  // Another grant where somebody else acts now: what one of them was given is not the other's.
  const before = found && isSame(await actingOf(tools, found), acting) ? found : undefined
  if (acting !== undefined) noteActing(ctx, acting)
  const now = grown(before, content)
  if (before && says(before, now)) return before

  const by = actorIn(acting)
  const grant = newGrant(ctx, before?.jti ?? (by && actingGrant()))
  fillFor(acting, grant, now)
  // Written first, and written again where the grant lives on: no moment in which it is there and nobody knows whose.
  if (by !== undefined) await tools.actings.put(grant.jti, { by })
  await grant.save()
  // The scope of such a grant says that it is one, so that nobody takes it for the person's own meanwhile.
  if (acting !== undefined && 'organisation' in acting) await keepOrganisation(tools, ctx, { grant, ...acting })
  return grant
}

/** For whoever is signed in, and the service that asks; a name is given to it later where it has none yet. */
function newGrant({ oidc: { client, account, provider } }: KoaContextWithOIDC, named: string | undefined): Grant {
  return new provider.Grant({ accountId: account?.accountId ?? '', clientId: client?.clientId ?? '', ...(named && { jti: named }) })
}

/** For whom a grant was given, where not to its holder for themself. Of whom that was, the record may be lost. */
async function actingOf({ actings, organisationGrants }: Tools, grant: Grant): Promise<ActingHere | 'lost' | undefined> {
  if (isActingGrant(grant.jti)) return (await actings.find(grant.jti)) ?? 'lost'
  if (!isInName(grant)) return undefined
  return (await organisationGrants.find(grant.jti)) ?? 'lost'
}

function isSame(one: ActingHere | 'lost' | undefined, other: ActingHere | undefined): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null)
}

async function keepOrganisation({ organisationGrants, clock }: Tools, { oidc: { account, client } }: KoaContextWithOIDC, { grant, organisation, mandate }: InNameOf & { grant: Grant }): Promise<void> {
  await organisationGrants.put(grant.jti, { organisation, mandate, account: accountId.parse(account?.accountId), client: clientId.parse(client?.clientId), at: clock.now() })
}

/** What this account was given in this session for this service until now. */
async function ofSession({ oidc: { client, account, session, provider } }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const id = session?.grantIdFor(client?.clientId ?? '')
  const found = id === undefined ? undefined : await provider.Grant.find(id)
  return found?.accountId === account?.accountId ? found : undefined
}

/**
 * Nobody acts for a ward while they are away: each use is confirmed (Decree 69/2024 Art 14.2), so nothing outlives the session. A mandate is a
 * standing one and is judged at each use. Who acts in nobody's name but their own is given no scope that says otherwise.
 */
export function fillFor(acting: ActingHere | undefined, grant: Grant, content: Content): void {
  const withheld = [...(acting !== undefined && 'by' in acting ? [offline] : []), ...(acting !== undefined && 'organisation' in acting ? [] : [organisationScope])]
  const asked = content.scope.split(' ')
  fill(grant, { ...content, scope: asked.filter((scope) => !withheld.includes(scope)).join(' ') })
  for (const scope of withheld) if (scope === offline || asked.includes(scope)) grant.rejectOIDCScope(scope)
}

const offline = 'offline_access'

function fill(grant: Grant, { scope, granted, rejected, resources }: Content): void {
  grant.addOIDCScope(scope)
  grant.addOIDCClaims([...granted])
  if (rejected.length > 0) grant.rejectOIDCClaims([...rejected])
  for (const [identifier, scopes] of Object.entries(resources)) grant.addResourceScope(identifier, scopes)
}

function grown(before: Grant | undefined, { scope, granted, rejected, resources }: Content): Content {
  const scopes = new Set([...(before?.getOIDCScope().split(' ') ?? []), ...scope.split(' ')])
  const all = (earlier: readonly string[], latest: readonly string[], other: readonly string[]) =>
    [...new Set([...earlier.filter((claim) => !other.includes(claim)), ...latest])]
  return {
    scope: [...scopes].join(' '),
    granted: all(before?.getOIDCClaims() ?? [], granted, rejected),
    rejected: all(before?.getRejectedOIDCClaims() ?? [], rejected, granted),
    resources: { ...before?.resources, ...grownScopes(before, resources) },
  }
}

function grownScopes(before: Grant | undefined, resources: Content['resources']): Content['resources'] {
  return Object.fromEntries(Object.entries(resources).map(([identifier, scopes]) => {
    const earlier = before?.getResourceScope(identifier).split(' ').filter(Boolean) ?? []
    return [identifier, [...new Set([...earlier, ...scopes.split(' ')])].join(' ')]
  }))
}

function says(grant: Grant, { scope, granted, rejected, resources }: Content): boolean {
  const same = (one: readonly string[], other: readonly string[]) => one.toSorted().join(' ') === other.toSorted().join(' ')
  return same(grant.getOIDCScope().split(' '), scope.split(' '))
    && same(grant.getOIDCClaims(), granted) && same(grant.getRejectedOIDCClaims(), rejected)
    && Object.entries(resources).every(([identifier, scopes]) => same(grant.getResourceScope(identifier).split(' '), scopes.split(' ')))
}

/** Under which names a grant holds what these items share. */
export function claimsOf(items: readonly Item[]): readonly string[] {
  return items.flatMap(({ claims, places, extent }) => [...grantNames(claims, places), ...extentNames(extent)])
}

function monthsBefore(at: Date, months: number): Date {
  const before = new Date(at)
  before.setUTCMonth(before.getUTCMonth() - months)
  return before
}
