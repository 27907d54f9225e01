import type { KoaContextWithOIDC } from 'oidc-provider'
import { accountId, clientId } from '#kernel/id.ts'
import { actingAt } from './acting.ts'
import type { Ending, ServiceSession } from '#domain/signal/session.ts'

/** That the session of this request reaches the service that asks; `longest` is what a session lives at most, in seconds. */
export function beginningOf(ctx: KoaContextWithOIDC, { now, longest }: { now: Date; longest: number }): ServiceSession | undefined {
  const { client, session } = ctx.oidc
  if (client === undefined || session?.accountId === undefined) return undefined
  return {
    account: accountId.parse(session.accountId),
    ...actingAt(ctx),
    session: session.uid,
    client: clientId.parse(client.clientId),
    sid: session.sidFor(client.clientId) ?? '',
    grant: session.grantIdFor(client.clientId),
    since: now,
    endsAt: session.loginTs === undefined ? now : new Date((session.loginTs + longest) * 1000),
  }
}

/** What of its session a person leaves by this request: everything, or the one service that asked. */
export function leftBy({ oidc: { client, params } }: KoaContextWithOIDC): { is: 'all' | 'nothing' } | { is: 'one'; client: ServiceSession['client'] } {
  if (params?.['logout']) return { is: 'all' }
  const asked = clientId.safeParse(client?.clientId).data
  return asked === undefined ? { is: 'nothing' } : { is: 'one', client: asked }
}

/** What that ends; nothing where nobody is signed in. */
export function endingOf(ctx: KoaContextWithOIDC, at: Date): Ending | undefined {
  const { session } = ctx.oidc
  const account = accountId.safeParse(session?.accountId).data
  const left = leftBy(ctx)
  if (session === undefined || account === undefined || left.is === 'nothing') return undefined
  return { reason: 'signed-out', account, session: session.uid, client: left.is === 'one' ? left.client : undefined, at }
}
