import type { Middleware } from 'koa'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { LimitName, Limits } from '#domain/abuse/limits.ts'
import { meantBy } from '#domain/sandbox/trial-client.ts'
import { oauthErrors } from '#oidc/errors.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { memberOf, oidcOf, textIn } from './context.ts'

/** What anybody may ask of the sandbox again and again, each time to be kept for a while: counted by network before anything is done. */
export const pacedPaths: ReadonlyMap<string, LimitName> = new Map([
  [protocolRoutes.authorization, 'sandbox-requests-per-network'],
  [protocolRoutes.pushed_authorization_request, 'sandbox-requests-per-network'],
])

/**
 * What a client pushes is counted once it has proved that it is this client, so that nobody uses up what is another's; the request that is
 * too much is not told where it was put.
 */
export function paceClients({ limits }: { limits: Pick<Limits, 'spend'> }): Middleware {
  return async (ctx, next) => {
    await next()
    const id = textIn(memberOf(oidcOf(ctx), 'client'), 'clientId')
    if (ctx.status !== 201 || ctx.path !== protocolRoutes.pushed_authorization_request || id === undefined) return
    try {
      await limits.spend('sandbox-pushes-per-client', meantBy(id) ?? clientId.parse(id))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'limit.exceeded') throw error
      const { status, error: name, description } = oauthErrors['limit.exceeded']
      ctx.status = status
      ctx.body = { error: name, error_description: description }
      ctx.set('Retry-After', String(error.detail['retryAfter'] ?? 60))
    }
  }
}
