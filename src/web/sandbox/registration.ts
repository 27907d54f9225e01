import type { Context, Middleware } from 'koa'
import { clientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import type { Registered, Refused, Registrations } from '#domain/sandbox/registration.ts'
import { oauthErrors } from '#oidc/errors.ts'
import { registrationPath } from '#web/place/program.ts'
import { readBody } from '#web/request/body.ts'
import { stateOf } from '#web/request/state.ts'

type Tools = { registrations: Registrations; limits: Pick<Limits, 'spend'>; issuer: string }

/** The id of the client that an address manages, `''` where one is made. */
const pathOf = new RegExp(`^${registrationPath}(?:/([\\x21-\\x2e\\x30-\\x7e]{1,128}))?$`)

/**
 * RFC 7591 and RFC 7592 for programs of developers, at the sandbox alone. It knows no cookie: who registers has a token of a developer, who
 * manages has that of the client.
 */
export function serveRegistration(tools: Tools): Middleware {
  return async (ctx, next) => {
    const found = pathOf.exec(ctx.path)
    if (found === null) return void (await next())
    ctx.set('Cache-Control', 'no-store')
    try {
      await tools.limits.spend('sandbox-requests-per-network', networkOf(stateOf(ctx).visit.address))
      await answer(tools, ctx, found[1])
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const { status, error: name, description } = oauthErrors[error.code]
      if (error.detail['retryAfter'] !== undefined) ctx.set('Retry-After', String(error.detail['retryAfter']))
      tell(ctx, status, { error: name, error_description: description })
    }
  }
}

async function answer(tools: Tools, ctx: Context, id: string | undefined): Promise<void> {
  const { registrations } = tools
  const methods = id === undefined ? ['POST'] : ['GET', 'PUT', 'DELETE']
  if (!methods.includes(ctx.method)) {
    ctx.set('Allow', methods.join(', '))
    throw new Problem('request.method')
  }
  const token = /^Bearer ([A-Za-z0-9_-]{1,128})$/i.exec(ctx.get('Authorization'))?.[1]
  if (token === undefined) return unknown(ctx, ctx.get('Authorization') !== '')
  if (id === undefined) return respond(tools, ctx, await registrations.register(token, await jsonOf(ctx)), 201)
  // One that is no name of a client is nobody's.
  const client = clientId.safeParse(id).data
  if (client === undefined) return unknown(ctx, true)
  if (ctx.method === 'GET') return respond(tools, ctx, await registrations.read(client, token), 200)
  if (ctx.method === 'PUT') return respond(tools, ctx, await registrations.update(client, token, await jsonOf(ctx)), 200)
  if (!(await registrations.remove(client, token))) return unknown(ctx, true)
  ctx.status = 204
}

function respond({ issuer }: Tools, ctx: Context, outcome: Registered | Refused, status: number): void {
  if (outcome.is === 'unknown') return unknown(ctx, true)
  if (outcome.is === 'full') return tell(ctx, 403, { error: 'access_denied', error_description: 'this developer has as many clients as one may have' })
  if (outcome.is === 'refused') return tell(ctx, 400, { error: outcome.error, error_description: outcome.fault })
  const { metadata, token } = outcome
  tell(ctx, status, { ...metadata, registration_client_uri: `${issuer}${registrationPath}/${String(metadata['client_id'])}`, registration_access_token: token })
}

/** RFC 6750 §3: who brings no token is told no error. */
function unknown(ctx: Context, broughtOne: boolean): void {
  ctx.set('WWW-Authenticate', broughtOne ? 'Bearer error="invalid_token"' : 'Bearer')
  tell(ctx, 401, { error: 'invalid_token', error_description: broughtOne ? 'the token is not known, was used, or is over' : 'a token of the portal for developers is required' })
}

function tell(ctx: Context, status: number, body: object): void {
  ctx.status = status
  ctx.type = 'application/json'
  ctx.body = JSON.stringify(body)
}

/** What is no JSON is for the rules to refuse, in their words. */
async function jsonOf(ctx: Context): Promise<unknown> {
  if (ctx.request.type !== 'application/json') return undefined
  const text = stateOf(ctx).text ?? await readBody(ctx.req)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
