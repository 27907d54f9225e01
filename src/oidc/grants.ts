import type { Grant, KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { accountId } from '#kernel/id.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { decide, itemsOf, type Item } from '#domain/consent/decision.ts'
import type { ConsentStore } from '#domain/consent/store.ts'
import type { KnownClients } from './clients.ts'
import { asksVerifiedClaims, claimRequest } from './request.ts'

type Tools = { clients: Pick<KnownClients, 'find'>; consents: Pick<ConsentStore, 'find'>; catalogue: Catalogue; clock: Clock; monthsRemembered: number }

/**
 * The grant that the person's standing answer amounts to, or `undefined` when they have to be asked. Scopes are granted whole
 * and the claims that were declined, or that this client may not ask, are rejected one by one.
 */
export function makeLoadExistingGrant(tools: Tools) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, account, params } = ctx.oidc
    const known = client && (await tools.clients.find(client.clientId))
    if (known === undefined || account === undefined || params === undefined) return undefined

    const request = claimRequest(tools.catalogue, params)
    const items = itemsOf(tools.catalogue, known.own, request)
    const remembered = items.length > 0 ? await tools.consents.find(accountId.parse(account.accountId), known.id) : undefined
    const validSince = monthsBefore(tools.clock.now(), tools.monthsRemembered)
    const decision = decide(items, known.own, { remembered, justGiven: ctx.oidc.result?.consent !== undefined, validSince })
    if (decision.is !== 'settled') return undefined

    const claims = claimsOf(decision.granted)
    const granted = asksVerifiedClaims(params) ? [...claims, 'verified_claims'] : claims
    const rejected = [...request.keys()].filter((claim) => !claims.includes(claim))
    return settled(ctx, { scope: [...ctx.oidc.requestParamOIDCScopes].join(' '), granted, rejected })
  }
}

type Content = { scope: string; granted: readonly string[]; rejected: readonly string[] }

/** The session's grant when it says the same already, else a new one. */
async function settled(ctx: KoaContextWithOIDC, content: Content): Promise<Grant> {
  const { client, account, session, provider } = ctx.oidc
  const id = session?.grantIdFor(client?.clientId ?? '')
  const current = id === undefined ? undefined : await provider.Grant.find(id)
  if (current && current.accountId === account?.accountId && says(current, content)) return current

  const grant = new provider.Grant({ accountId: account?.accountId ?? '', clientId: client?.clientId ?? '' })
  grant.addOIDCScope(content.scope)
  grant.addOIDCClaims([...content.granted])
  if (content.rejected.length > 0) grant.rejectOIDCClaims([...content.rejected])
  await grant.save()
  return grant
}

function says(grant: Grant, { scope, granted, rejected }: Content): boolean {
  const same = (one: readonly string[], other: readonly string[]) => one.toSorted().join(' ') === other.toSorted().join(' ')
  return same(grant.getOIDCScope().split(' '), scope.split(' '))
    && same(grant.getOIDCClaims(), granted) && same(grant.getRejectedOIDCClaims(), rejected)
}

function claimsOf(items: readonly Item[]): readonly string[] {
  return items.flatMap(({ claims }) => claims)
}

function monthsBefore(at: Date, months: number): Date {
  const before = new Date(at)
  before.setUTCMonth(before.getUTCMonth() - months)
  return before
}
