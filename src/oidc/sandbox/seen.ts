import type { Context, Middleware } from 'koa'
import { decodeJwt } from 'jose'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import type { RequestLog, SeenRequest } from '#domain/sandbox/request.ts'
import { meantBy } from '#domain/sandbox/trial-client.ts'
import { refusalAt } from '#oidc/refusals.ts'
import { memberOf, oidcOf, textIn } from './context.ts'

type Tools = {
  requests: Pick<RequestLog, 'note'>
  /** Only of those who are registered something is kept. */
  isKnown: (client: ClientId) => Promise<boolean>
  clock: Clock
}

type Told = { error: string; reason: string }

/** Routes at which a program proves which client it is, before anything else is looked at. */
const authenticated: ReadonlySet<string> = new Set(['pushed_authorization_request', 'token', 'introspection', 'revocation', 'device_authorization', 'backchannel_authentication'])
/** Routes that programs and their people use; the rest is the same for everybody. */
const noted: ReadonlySet<string> = new Set([...authenticated, 'authorization', 'resume', 'userinfo', 'end_session'])
const longestReason = 300

/** Notes each request of a client after it was answered: where, what was sent (names, never values), and why it was refused. */
export function noteRequests({ requests, isKnown, clock }: Tools): Middleware {
  return async (ctx, next) => {
    await next()
    const oidc = oidcOf(ctx)
    if (oidc === undefined) return
    const route = String(memberOf(oidc, 'route'))
    const client = noted.has(route) ? clientOf(ctx, oidc) : undefined
    if (client === undefined || !(await isKnown(client))) return
    await requests.note(client, seenOf(ctx, { oidc, route, at: epochSeconds(clock.now()) }))
  }
}

function seenOf(ctx: Context, { oidc, route, at }: { oidc: object; route: string; at: number }): SeenRequest {
  const params = memberOf(oidc, 'params')
  const sent = Object.entries(typeof params === 'object' && params !== null ? params : {}).filter(([, value]) => value !== undefined).map(([name]) => name)
  const fault = faultOf(ctx)
  return { at, endpoint: route, status: ctx.status, sent, proven: isProven(oidc, route, fault), ...(fault && { error: fault.error, reason: fault.reason.slice(0, longestReason) }) }
}

function faultOf({ req, body }: Context): Told | undefined {
  const heard = refusalAt(req)
  if (heard !== undefined) return { error: heard.error, reason: heard.detail ?? heard.said }
  return typeof body === 'object' && body !== null && 'error' in body ? { error: String(body.error), reason: 'error_description' in body ? String(body.error_description) : '' } : undefined
}

/** Refused with one of these, a program may have proved nothing yet. */
const beforeProof: ReadonlySet<string> = new Set(['invalid_client', 'invalid_client_metadata', 'invalid_request', 'temporarily_unavailable', 'server_error'])

/**
 * Whether it is this client for certain: it has proved it here, or when it pushed what is asked for now, or it has an access token. A
 * public client proves nothing, ever. Where in doubt it is not.
 */
function isProven(oidc: object, route: string, fault: Told | undefined): boolean {
  const [client, entities] = [memberOf(oidc, 'client'), memberOf(oidc, 'entities')]
  if (authenticated.has(route)) return client !== undefined && textIn(client, 'clientAuthMethod') !== 'none' && !(fault && beforeProof.has(fault.error))
  if (route === 'userinfo') return memberOf(entities, 'AccessToken') !== undefined
  return memberOf(entities, 'PushedAuthorizationRequest') !== undefined || textIn(memberOf(entities, 'Interaction'), 'parJti') !== undefined
}

/** Whose request it is, as far as it says: also one who could not prove it. */
function clientOf({ req }: Context, oidc: object): ClientId | undefined {
  const params = memberOf(oidc, 'params')
  const [own, asked] = [textIn(memberOf(oidc, 'client'), 'clientId'), textIn(params, 'client_id')]
  const named = own ?? asked ?? subjectOf(textIn(params, 'client_assertion')) ?? basicName(req.headers.authorization)
  return named === undefined ? undefined : meantBy(named)
}

function subjectOf(assertion: string | undefined): string | undefined {
  try {
    return assertion === undefined ? undefined : decodeJwt(assertion).sub
  } catch {
    return undefined
  }
}

/** RFC 6749 §2.3.1: form-encoded, a colon, and a secret that is not looked at. */
function basicName(header: string | undefined): string | undefined {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1]
  const [name] = encoded === undefined ? [] : Buffer.from(encoded, 'base64').toString('utf8').split(':')
  return name
}
