import { errors, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { accountId, approvalId, clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken, wholeBelow } from '#kernel/random.ts'
import { answerersFor } from '#domain/acting/ward.ts'
import type { Approval, ApprovalStore } from '#domain/approval/approval.ts'
import { personAsked } from '#domain/approval/asking.ts'
import { choicesFor, codeFault } from '#domain/approval/matching.ts'
import { judge, withoutFace, type Best } from '#domain/assurance/verdict.ts'
import type { Client } from '#domain/client/client.ts'
import type { Catalogue } from '#domain/consent/catalogue.ts'
import { readDetails } from '#domain/consent/details.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { translated } from '#oidc/errors.ts'
import type { Recorder } from '#oidc/recorder.ts'
import { organisationAsked } from '#oidc/acting.ts'
import { scopesByResource } from '#oidc/grants.ts'
import type { Params } from '#oidc/request/claims.ts'
import { itemsAsked, namesAsked } from '#oidc/request/items.ts'
import { sayHow } from '#oidc/request/prompts.ts'
import { wantOf } from '#oidc/request/want.ts'

type Ciba = NonNullable<NonNullable<Configuration['features']>['ciba']>

export type CibaTools = Parameters<typeof personAsked>[0] & {
  approvals: Pick<ApprovalStore, 'open'>
  clients: Pick<KnownClients, 'find' | 'findServer'>
  recorder: Pick<Recorder, 'note'>
  catalogue: Catalogue
  best: Best
  clock: Clock
}

/** Poll and ping (CIBA Core §5). Push would send tokens to an address; the library refuses it, and so does FAPI-CIBA §5.2.2. */
const deliveryModes: ('poll' | 'ping')[] = ['poll', 'ping']

/** For where metadata is read and nobody can ask anything. */
export const unusedCiba: Ciba = {
  enabled: true,
  deliveryModes,
  verifyUserCode: () => refuse('nothing is asked here'),
  validateRequestContext: () => refuse('nothing is asked here'),
  triggerAuthenticationDevice: () => refuse('nothing is asked here'),
}

/** OpenID CIBA Core 1.0 and FAPI-CIBA, up to where the person has the request before them; `reply.ts` goes on from their answer. */
export function ciba(tools: CibaTools): Ciba {
  return {
    enabled: true,
    deliveryModes,
    processLoginHint: translated(async (ctx, hint) => (hint === undefined ? undefined : personAsked(tools, clientOf(ctx), hint))),
    // Whoever makes such tokens would have to be known to us; none is, so none is believed.
    processLoginHintToken: async () => refuse('login_hint_token is not supported, use login_hint or id_token_hint'),
    validateBindingMessage: async (_ctx, message) => {
      const fault = codeFault(message)
      if (fault !== undefined) throw new errors.InvalidBindingMessage(fault)
    },
    validateRequestContext: async (ctx) => {
      // What a service says about its own circumstances decides nothing here, so it is not kept either (FAPI-CIBA §5.3).
      if (ctx.oidc.params) ctx.oidc.params['request_context'] = undefined
    },
    verifyUserCode: translated(async (ctx, _account, code) => {
      if (code !== undefined) refuse('user_code is not supported: people have nothing to say to a service')
      sayHow(ctx)
      await checkReach(tools, ctx)
    }),
    triggerAuthenticationDevice: translated(async (ctx, request, account) => {
      const client = await knownClient(tools, ctx)
      const approval = await approvalOf(tools, ctx, { client, request, account: account.accountId })
      if (!(await tools.approvals.open(approval))) throw new Problem('limit.exceeded')
      tools.recorder.note(ctx.req, { type: 'approval.asked', client: client.id, account: approval.account, approval: approval.id })
    }),
  }
}

function refuse(description: string): never {
  throw new errors.InvalidRequest(description)
}

const clientOf = ({ oidc }: KoaContextWithOIDC) => clientId.parse(oidc.client?.clientId)

async function knownClient({ clients }: CibaTools, ctx: KoaContextWithOIDC): Promise<Client> {
  const client = await clients.find(clientOf(ctx))
  if (client === undefined) throw new Problem('internal')
  return client
}

/** What nobody could reach here is said at once; what this person cannot reach they are told first. */
async function checkReach(tools: CibaTools, ctx: KoaContextWithOIDC): Promise<void> {
  const { own } = await knownClient(tools, ctx)
  const verdict = judge(wantOf(ctx.oidc.params ?? {}, own), { accountLevel: 2, justNow: false }, withoutFace(tools.best), epochSeconds(tools.clock.now()))
  if (verdict.is === 'unreachable') throw new Problem('assurance.unreachable')
}

type Asked = { client: Client; request: { jti: string; expiration: number }; account: string }

async function approvalOf(tools: CibaTools, ctx: KoaContextWithOIDC, { client, request, account }: Asked): Promise<Approval> {
  const params: Params = ctx.oidc.params ?? {}
  const code = String(params['binding_message'])
  const now = epochSeconds(tools.clock.now())
  const found = await tools.accounts.find(accountId.parse(account))
  const answerers = found && (await answerersFor(tools, found.account))
  return {
    ...(answerers?.is === 'representatives' && { representatives: answerers.accounts }),
    organisation: organisationAsked(client, params),
    id: approvalId.parse(secretToken().slice(0, 32)),
    account: accountId.parse(account),
    client: client.id,
    request: request.jti,
    code,
    choices: choicesFor(code, wholeBelow),
    want: wantOf(params, client.own),
    scope: [...ctx.oidc.requestParamOIDCScopes].join(' '),
    items: await itemsAsked(tools, client.own, params),
    details: readDetails(params['authorization_details']),
    resources: scopesByResource(ctx),
    asked: namesAsked(tools.catalogue, params),
    askedAt: now,
    endsAt: now + request.expiration,
  }
}
