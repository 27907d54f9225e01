import type { IncomingMessage } from 'node:http'
import type { Context, Middleware } from 'koa'
import { decodeJwt } from 'jose'
import { errors, type Provider } from 'oidc-provider'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import type { RequestLog, SeenRequest } from '#domain/sandbox/request.ts'
import { meantBy } from '#domain/sandbox/trial-client.ts'

type Tools = {
  requests: Pick<RequestLog, 'note'>
  /** Only of those who are registered something is kept. */
  isKnown: (client: ClientId) => Promise<boolean>
  clock: Clock
}

type Told = { error: string; reason: string }

/** What of the library's errors its developers may read beside their own request. */
const told = new WeakMap<IncomingMessage, Told>()

/** The library tells aside why it refuses; that is remembered until the request is noted. */
export function hearReasons(provider: Provider): void {
  const remember = ({ req }: { req: IncomingMessage }, error: Error) => {
    const { error: name = 'server_error', reason = '' } = error instanceof errors.OIDCProviderError
      ? { error: error.error, reason: error.error_detail ?? error.error_description ?? error.message } : {}
    told.set(req, { error: name, reason })
  }
  provider.on('authorization.error', remember)
  provider.on('grant.error', remember)
  provider.on('pushed_authorization_request.error', remember)
  provider.on('introspection.error', remember)
  provider.on('revocation.error', remember)
  provider.on('userinfo.error', remember)
  provider.on('backchannel_authentication.error', remember)
  provider.on('device_authorization.error', remember)
  provider.on('end_session.error', remember)
}

/** Routes that programs and their people use; the rest is the same for everybody. */
const noted: ReadonlySet<string> = new Set([
  'authorization', 'resume', 'pushed_authorization_request', 'token', 'userinfo', 'introspection', 'revocation', 'end_session', 'device_authorization',
  'backchannel_authentication', 'registration', 'client',
])
const longestReason = 300

/** Notes each request of a client after it was answered: where, what was sent (names, never values), and why it was refused. */
export function noteRequests({ requests, isKnown, clock }: Tools): Middleware {
  return async (ctx, next) => {
    await next()
    const oidc: unknown = ctx['oidc']
    if (typeof oidc !== 'object' || oidc === null) return
    const route = String(Reflect.get(oidc, 'route'))
    const client = noted.has(route) ? clientOf(ctx, oidc) : undefined
    if (client === undefined || !(await isKnown(client))) return
    await requests.note(client, seenOf(ctx, { oidc, route, at: epochSeconds(clock.now()) }))
  }
}

function seenOf(ctx: Context, { oidc, route, at }: { oidc: object; route: string; at: number }): SeenRequest {
  const params: unknown = Reflect.get(oidc, 'params')
  const sent = Object.entries(typeof params === 'object' && params !== null ? params : {}).filter(([, value]) => value !== undefined).map(([name]) => name)
  const fault = told.get(ctx.req) ?? bodyFault(ctx.body)
  return { at, endpoint: route, status: ctx.status, sent, ...(fault && { error: fault.error, reason: fault.reason.slice(0, longestReason) }) }
}

function bodyFault(body: unknown): Told | undefined {
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  return { error: String(body.error), reason: 'error_description' in body ? String(body.error_description) : '' }
}

/** Whose request it is, as far as it says: also one who could not prove it. */
function clientOf({ req }: Context, oidc: object): ClientId | undefined {
  const client: unknown = Reflect.get(oidc, 'client')
  const params: unknown = Reflect.get(oidc, 'params')
  const [own, asked] = [memberOf(client, 'clientId'), memberOf(params, 'client_id')]
  const named = own ?? asked ?? subjectOf(memberOf(params, 'client_assertion')) ?? basicName(req.headers.authorization)
  return named === undefined ? undefined : meantBy(named)
}

function memberOf(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof member === 'string' ? member : undefined
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
