import type { IncomingMessage, ServerResponse } from 'node:http'
import { errors, type Interaction, type InteractionResults, type Provider } from 'oidc-provider'
import { z } from 'zod'
import { accountId, interactionId, type AccountId, type InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { amrOf, evidence as evidenceShape, levelOf, type Evidence } from '#domain/assurance/evidence.ts'
import { acrOf } from '#domain/assurance/level.ts'
import { missings, type Missing } from '#domain/assurance/verdict.ts'
import type { Client } from '#domain/client/client.ts'
import { decide, type Item } from '#domain/consent/decision.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import type { NameAsked } from '#domain/organisation/name-asked.ts'
import { readDetails, type Detail } from '#domain/consent/details.ts'
import type { KnownClients } from './client/known.ts'
import { noOrganisation, oauthErrors, untranslated } from './errors.ts'
import { another, anotherChosen, anotherIsMeant, turnBackPrompt, turnBacks, type TurnBack } from './request/prompts.ts'
import { organisationAsked } from './acting.ts'
import type { Params } from './request/claims.ts'
import { itemsAsked } from './request/items.ts'

type Exchange = { req: IncomingMessage; res: ServerResponse }

/** One authorization in progress, as pages see it. */
export type OpenInteraction = {
  id: InteractionId
  asks: 'login' | 'account' | 'turn-back' | 'consent'
  client: Client
  /** Who is signed in; at a first sign-in nobody is yet. */
  account?: AccountId | undefined
  /** What a sign-in has still to show. */
  missing: readonly Missing[]
  /** What was shown for this very request. */
  given?: Evidence | undefined
  /** Whoever is signed in has only to confirm once more; nobody else is asked for. */
  again: boolean
  /** How the service asks in the name of which organisation somebody acts, if it does. */
  organisation?: NameAsked | undefined
  /** Why this person is led back to the service. */
  because?: TurnBack | undefined
  items: readonly Item[]
  /** What is to be confirmed in detail (RFC 9396). */
  details: readonly Detail[]
  /** A public task informs, everything else asks. */
  basis: 'law' | 'consent'
  uiLocales?: string | undefined
  /** What the service believes to know of the person; never more than a suggestion. */
  loginHint?: string | undefined
  /** Where the browser may go after a form of this page, for `form-action` (Chromium follows redirects with it). */
  returnsTo: string
}

export type Interactions = {
  /** Throws `interaction.expired` when there is none, or it belongs to another browser (W05, CVE-2026-7507). */
  open: (exchange: Exchange, id: string) => Promise<OpenInteraction>
  /** Each answers where the browser goes next. */
  signedIn: (exchange: Exchange, account: AccountId, evidence: Evidence) => Promise<string>
  /** The account that is signed in, or another one; what was answered for this request until now then counts no more. */
  chosen: (exchange: Exchange, which: 'same' | 'another') => Promise<string>
  /** The answer for this account, by whoever acts in it; it counts for nobody who signs in afterwards. */
  consented: (exchange: Exchange, answered: { account: AccountId; by?: AccountId | undefined }) => Promise<string>
  refused: (exchange: Exchange) => Promise<string>
  /** The service hears that what it wants cannot be reached (OpenID Connect Core Unmet Authentication Requirements 1.0), or that nobody acts in the name that it asks for. */
  turnedBack: (exchange: Exchange, because: TurnBack | undefined) => Promise<string>
}

type Tools = { provider: () => Provider; clients: Pick<KnownClients, 'find' | 'findServer'>; catalogue: Catalogue }

/** `provider` is asked for each time, for it is replaced when keys change. */
export function makeInteractions(tools: Tools): Interactions {
  const finish = ({ req, res }: Exchange, result: InteractionResults, mergeWithLastSubmission = true) =>
    tools.provider().interactionResult(req, res, result, { mergeWithLastSubmission }).catch(expired)
  return {
    async open({ req, res }, id) {
      const look = () => tools.provider().interactionDetails(req, res)
      // The session that it began in may end between the library's two looks; at the second time, the adapter knows.
      const details = await look().catch((error: unknown) => (error instanceof errors.SessionNotFound ? look() : Promise.reject(error))).catch(expired)
      if (details.uid !== id) throw new Problem('interaction.expired')
      return read(tools, details)
    },
    signedIn: (exchange, account, evidence) => finish(exchange, {
      login: { accountId: account, acr: acrOf(levelOf(evidence, evidence.face ?? evidence.at)), amr: [...amrOf(evidence)], ts: evidence.at },
      evidence,
    }),
    chosen: (exchange, which) => which === 'same' ? finish(exchange, { select_account: {} }) : finish(exchange, another, false),
    consented: (exchange, { account, by }) => finish(exchange, { consent: { account, ...(by && { by }) } }),
    refused: (exchange) => finish(exchange, { error: 'access_denied', error_description: 'the person did not agree' }),
    turnedBack: (exchange, because) => {
      const { error, description } = because === 'organisation' ? noOrganisation : oauthErrors['assurance.unreachable']
      return finish(exchange, { error, error_description: description })
    },
  }
}

function expired(error: unknown): never {
  if (error instanceof errors.SessionNotFound) throw new Problem('interaction.expired', { cause: error })
  return untranslated(error)
}

/** The library's names for what is asked. */
const asked = { login: 'login', select_account: 'account', [turnBackPrompt]: 'turn-back', consent: 'consent' } as const
const promptName = z.enum(['login', 'select_account', turnBackPrompt, 'consent'])

/** What our own checks have written down, in `request/prompts.ts`. */
const written = z.object({ missing: z.array(z.enum(missings)).default([]), because: z.enum(turnBacks).optional() })

/** Reasons for which somebody else than whoever is signed in has to sign in. */
const others: ReadonlySet<string> = new Set(['id_token_hint', 'claims_id_token_sub_value', anotherIsMeant])

async function read(tools: Tools, details: Interaction): Promise<OpenInteraction> {
  const params: Params = details.params
  const client = await tools.clients.find(String(params['client_id']))
  const { details: found, reasons } = details.prompt
  const name = promptName.safeParse(details.prompt.name).data
  if (client === undefined || name === undefined) throw new Problem('interaction.expired')
  const { missing, because } = written.parse(found)
  const items = await itemsAsked(tools, client.own, params)
  const toConfirm = readDetails(params['authorization_details'])
  const basis = decide(items, client.own, { remembered: undefined, justGiven: false, validSince: new Date(0) })
  const signedIn = accountId.safeParse(details.session?.accountId).data
  const isOther = reasons.some((reason) => others.has(reason)) || chosenAnother(details)
  const redirectUri = textOf(params['redirect_uri'])
  return {
    id: interactionId.parse(details.uid),
    asks: asked[name],
    client,
    account: signedIn,
    missing,
    given: evidenceShape.optional().catch(undefined).parse(details.lastSubmission?.['evidence']),
    again: name === 'login' && signedIn !== undefined && !isOther && missing.length > 0 && !missing.includes('sign-in'),
    because,
    organisation: organisationAsked(client, params),
    items,
    details: toConfirm,
    basis: basis.is === 'notice' && toConfirm.length === 0 ? 'law' : 'consent',
    uiLocales: textOf(params['ui_locales']),
    loginHint: textOf(params['login_hint']),
    // A device waits elsewhere: its person ends on a page of ours.
    returnsTo: redirectUri === undefined ? "'self'" : new URL(redirectUri).origin,
  }
}

/** Until whoever was chosen has signed in. */
function chosenAnother({ lastSubmission }: Interaction): boolean {
  return lastSubmission?.login === undefined && anotherChosen(lastSubmission)
}

function textOf(parameter: unknown): string | undefined {
  return typeof parameter === 'string' ? parameter : undefined
}
