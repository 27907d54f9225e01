import type { Provider } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import type { Recorder } from './recorder.ts'

/** Which services a session reaches, and when that is over, as the library tells it. */
export function recordSessions(provider: Provider, { recorder, clock, longest }: { recorder: Recorder; clock: Clock; longest: number }): void {
  provider.on('authorization.success', (ctx) => {
    const { client, session } = ctx.oidc
    if (client === undefined || session?.accountId === undefined) return
    const now = clock.now()
    recorder.began(ctx.req, {
      account: accountId.parse(session.accountId),
      session: session.uid,
      client: clientId.parse(client.clientId),
      sid: session.sidFor(client.clientId) ?? '',
      grant: session.grantIdFor(client.clientId),
      since: now,
      endsAt: session.loginTs === undefined ? now : new Date((session.loginTs + longest) * 1000),
    })
  })
  provider.on('end_session.success', (ctx) => {
    const { client, session, params } = ctx.oidc
    const account = accountId.safeParse(session?.accountId).data
    if (session === undefined || account === undefined) return
    // Without `logout` only the service that asked is left, and the session goes on.
    const only = params?.['logout'] ? undefined : clientId.safeParse(client?.clientId).data
    recorder.ended(ctx.req, { reason: 'signed-out', account, session: session.uid, client: only, at: clock.now() })
  })
}
