import type { Client } from '#domain/client/client.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { itemsOf, type Item } from '#domain/consent/decision.ts'
import { grantNames, residentOf } from '#domain/consent/place-question.ts'
import { verificationItems, verificationNames } from '#domain/consent/verification-item.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { claimRequest, verifiedRequests, type Params } from './claims.ts'
import { accessOf } from './resources.ts'

type Tools = { clients: Pick<KnownClients, 'find' | 'findServer'>; catalogue: Catalogue }

/** All that a request wants sent or allowed, as the person reads it: attributes, how they were verified, and access. */
export async function itemsAsked(tools: Tools, own: Client['own'], params: Params): Promise<readonly Item[]> {
  const items = itemsOf(tools.catalogue, own, claimRequest(tools.catalogue, params))
  return [...items, ...verificationItems(items, verifiedRequests(params), tools.catalogue.verified), ...(await accessOf(tools, params))]
}

/** Under which names a grant would hold what was asked for, also what this service may not have. */
export function namesAsked(catalogue: Catalogue, params: Params): readonly string[] {
  const claims = claimRequest(catalogue, params)
  return [...grantNames(claims.keys(), claims.get(residentOf)?.places), ...verificationNames(verifiedRequests(params))]
}
