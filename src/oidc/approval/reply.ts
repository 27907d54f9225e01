import { errors, type Provider } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { actingGrant, type ActingStore } from '#domain/acting/store.ts'
import type { OrganisationGrants } from '#domain/organisation/store.ts'
import type { SignalQueue } from '#domain/signal/signal.ts'
import type { Reply } from '#domain/approval/answer.ts'
import type { Approval } from '#domain/approval/approval.ts'
import { amrOf } from '#domain/assurance/evidence.ts'
import { noOrganisation, oauthErrors, untranslated, type OAuthError } from '#oidc/errors.ts'
import type { ActingHere } from '#oidc/acting.ts'
import { claimsOf, fillFor } from '#oidc/grants.ts'

type Tools = { provider: () => Provider; signals: SignalQueue; actings: Pick<ActingStore, 'put'>; organisationGrants: Pick<OrganisationGrants, 'put'>; clock: Clock }

/**
 * The person's answer as the protocol keeps it: a grant of just what was agreed to, or an error, either until the service asks at
 * the token endpoint. A service in ping mode is told that there is something to ask for (CIBA Core §10.2).
 */
export function makeReply(tools: Tools): Reply {
  const { provider, actings, organisationGrants, clock } = tools
  async function tell(approval: Approval, ...answer: AnswerOf): Promise<void> {
    const current = provider()
    const request = await current.BackchannelAuthenticationRequest.find(approval.request).catch(untranslated)
    if (request === undefined) throw new Problem('approval.over')
    // Of an answer that takes the place of another nothing is left.
    Object.assign(request, { grantId: undefined })
    await current.backchannelResult(request, ...answer).catch(untranslated)
    await pingLater(tools, approval)
  }

  return {
    async approved(approval, { evidence, acr, granted, inName }) {
      const { account: accountId, client: clientId, scope, resources } = approval
      const claims = claimsOf(granted)
      const rejected = approval.asked.filter((claim) => !claims.includes(claim))
      const grant = new (provider().Grant)({ accountId, clientId, ...(evidence.by && { jti: actingGrant() }) })
      const acting: ActingHere | undefined = evidence.by === undefined ? inName : { by: evidence.by }
      fillFor(acting, grant, { scope, granted: claims, rejected, resources })
      const rar = approval.details.length > 0 && { rar: [...approval.details] }
      try {
        if (evidence.by !== undefined) await actings.put(grant.jti, { by: evidence.by })
        await grant.save().catch(untranslated)
        // As at a sign-in: the scope of the grant says that it is one, so that nobody takes it for the person's own meanwhile.
        if (inName !== undefined) await organisationGrants.put(grant.jti, { organisation: inName.organisation, mandate: inName.mandate, account: approval.account, client: approval.client, at: clock.now() })
        await tell(approval, grant, { acr, amr: [...amrOf(evidence)], authTime: evidence.at, ...rar })
      } catch (error) {
        // It may be written and only its receipt be lost: without the grant no token comes of it.
        await tell(approval, failed()).catch(() => undefined)
        await grant.destroy().catch(() => undefined)
        throw error
      }
    },
    async refused(approval, because) {
      await tell(approval, refusals[because]())
    },
  }
}

const told = ({ error, description }: Pick<OAuthError, 'error' | 'description'>) => new errors.CustomOIDCProviderError(error, description)

/** What the service hears of a no. */
const refusals = {
  declined: () => new errors.AccessDenied('the person did not agree'),
  unreachable: () => told(oauthErrors['assurance.unreachable']),
  'no-organisation': () => told(noOrganisation),
} satisfies Record<Parameters<Reply['refused']>[1], () => errors.OIDCProviderError>

/** Nobody said no: the service may ask anew. */
function failed(): errors.OIDCProviderError {
  return told(oauthErrors['service.unavailable'])
}

/** The library's own ping is held back (`client/held-back.ts`): it would be sent once, while the person waits. */
async function pingLater({ provider, signals }: Tools, { client: id, id: approval }: Approval): Promise<void> {
  const client = await provider().Client.find(id)
  const address = client?.backchannelClientNotificationEndpoint
  if (client?.backchannelTokenDeliveryMode !== 'ping' || address === undefined) return
  await signals.add({ kind: 'ping', client: id, approval }, new URL(address).host)
}

type AnswerOf = [result: Parameters<Provider['backchannelResult']>[1], how?: Parameters<Provider['backchannelResult']>[2]]
