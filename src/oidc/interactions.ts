import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Interaction, type InteractionResults, type Provider } from 'oidc-provider'
import { accountId, interactionId, type AccountId, type InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { amrOf, levelOf, type Evidence } from '#domain/assurance/evidence.ts'
import { acrOf } from '#domain/assurance/level.ts'
import type { Client } from '#domain/client/client.ts'
import { decide, itemsOf, type Item } from '#domain/consent/decision.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { readDetails, type Detail } from '#domain/consent/details.ts'
import type { KnownClients } from './client/known.ts'
import { claimRequest, type Params } from './request/claims.ts'
import { accessOf } from './request/resources.ts'

type Exchange = { req: IncomingMessage; res: ServerResponse }

/** One authorization in progress, as pages see it. */
export type OpenInteraction = {
  id: InteractionId
  asks: 'login' | 'consent'
  client: Client
  /** Whom the consent is of; a sign-in has nobody yet. */
  account?: AccountId | undefined
  items: readonly Item[]
  /** What is to be confirmed in detail (RFC 9396). */
  details: readonly Detail[]
  /** A public task informs, everything else asks. */
  basis: 'law' | 'consent'
  uiLocales?: string | undefined
  /** Where the browser may go after a form of this page, for `form-action` (Chromium follows redirects with it). */
  returnsTo: string
}

export type Interactions = {
  /** Throws `interaction.expired` when there is none, or it belongs to another browser (W05, CVE-2026-7507). */
  open: (exchange: Exchange, id: string) => Promise<OpenInteraction>
  /** Each answers where the browser goes next. */
  signedIn: (exchange: Exchange, account: AccountId, evidence: Evidence) => Promise<string>
  consented: (exchange: Exchange) => Promise<string>
  refused: (exchange: Exchange) => Promise<string>
}

type Tools = { provider: () => Provider; clients: Pick<KnownClients, 'find' | 'findServer'>; catalogue: Catalogue }

/** `provider` is asked for each time, for it is replaced when keys change. */
export function makeInteractions(tools: Tools): Interactions {
  const finish = ({ req, res }: Exchange, result: InteractionResults) =>
    tools.provider().interactionResult(req, res, result).catch(expired)
  return {
    async open({ req, res }, id) {
      const details = await tools.provider().interactionDetails(req, res).catch(expired)
      if (details.uid !== id) throw new Problem('interaction.expired')
      return read(tools, details)
    },
    signedIn: (exchange, account, evidence) => finish(exchange, {
      login: { accountId: account, acr: acrOf(levelOf(evidence)), amr: [...amrOf(evidence)], ts: evidence.at },
      evidence,
    }),
    consented: (exchange) => finish(exchange, { consent: {} }),
    refused: (exchange) => finish(exchange, { error: 'access_denied', error_description: 'the person did not agree' }),
  }
}

function expired(error: unknown): never {
  if (error instanceof errors.SessionNotFound) throw new Problem('interaction.expired', { cause: error })
  // A problem of our stores that went through the library comes out as what it was.
  throw error instanceof errors.OIDCProviderError && error.cause instanceof Problem ? error.cause : error
}

async function read(tools: Tools, details: Interaction): Promise<OpenInteraction> {
  const { clients, catalogue } = tools
  const params: Params = details.params
  const client = await clients.find(String(params['client_id']))
  const { name } = details.prompt
  if (client === undefined || (name !== 'login' && name !== 'consent')) throw new Problem('interaction.expired')
  const items = [...itemsOf(catalogue, client.own, claimRequest(catalogue, params)), ...(await accessOf(tools, params))]
  const toConfirm = readDetails(params['authorization_details'])
  const asked = decide(items, client.own, { remembered: undefined, justGiven: false, validSince: new Date(0) })
  const signedIn = accountId.safeParse(details.session?.accountId).data
  const uiLocales = params['ui_locales']
  return {
    id: interactionId.parse(details.uid),
    asks: name,
    client,
    account: signedIn,
    items,
    details: toConfirm,
    basis: asked.is === 'notice' && toConfirm.length === 0 ? 'law' : 'consent',
    uiLocales: typeof uiLocales === 'string' ? uiLocales : undefined,
    returnsTo: new URL(String(params['redirect_uri'])).origin,
  }
}
