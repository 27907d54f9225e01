import { setTimeout as pause } from 'node:timers/promises'
import type { Context, Middleware } from 'koa'
import { z } from 'zod'
import { isAnswerFault, isIdTokenFault, isTokenFault, type Fault, type FaultStore, type HostileJwk, type IdTokenFault, type SwitchedOn, type TokenFault } from '#domain/sandbox/fault.ts'
import { meantBy } from '#domain/sandbox/trial-client.ts'
import { memberOf, oidcOf, textIn } from '#oidc/sandbox/context.ts'
import { formChanged, hostileAnswer, redirectChanged } from './answer.ts'
import { algorithmOf, hostileIdToken } from './id-token.ts'
import { makeHostileKey, publicHalf } from './make-key.ts'

type Tools = {
  faults: Pick<FaultStore, 'find' | 'staged'>
  /** The server's own signing keys, private parts and all. */
  own: readonly HostileJwk[]
  /** How long a slow answer takes, in milliseconds: less than the deadline of the server. */
  slowness: number
}

/** So many answers are held back at one time; further ones leave at once, for those who wait cost memory. */
const mostSlow = 50

type Asked = { route: string; client: string | undefined; params: object | undefined }

function askedOf(ctx: Context): Asked | undefined {
  const oidc = oidcOf(ctx)
  if (oidc === undefined) return undefined
  const params = memberOf(oidc, 'params')
  return { route: String(memberOf(oidc, 'route')), client: textIn(memberOf(oidc, 'client'), 'clientId'), params: typeof params === 'object' && params !== null ? params : undefined }
}

/**
 * Around the answers of the sandbox's provider, never of another: where a client has switched a fault on, what it is told is wrong in just
 * that. Keys that faults have staged are published beside the server's own.
 */
export function hostileLayer(tools: Tools): Middleware {
  const slow = slowly(tools.slowness)
  return async (ctx, next) => {
    await next()
    const asked = askedOf(ctx)
    if (asked?.route === 'jwks' && ctx.status === 200) await publishStaged(tools, ctx)
    const client = asked?.client === undefined ? undefined : meantBy(asked.client)
    const on = client && (await tools.faults.find(client))
    if (asked === undefined || on === undefined) return
    if (asked.route === 'authorization' || asked.route === 'resume') await changeAnswer(tools, ctx, { fault: on.fault, asked })
    if (asked.route === 'token' && ctx.status === 200) await changeTokens(tools, ctx, { on, asked })
    if (on.fault === 'slow' && isForPrograms.has(asked.route)) await slow()
  }
}

const isForPrograms: ReadonlySet<string> = new Set(['token', 'userinfo', 'pushed_authorization_request', 'introspection', 'revocation'])

function slowly(milliseconds: number): () => Promise<void> {
  let held = 0
  return async () => {
    if (held >= mostSlow) return
    held += 1
    try {
      await pause(milliseconds)
    } finally {
      held -= 1
    }
  }
}

const keySet = z.object({ keys: z.array(z.unknown()) })

async function publishStaged({ faults }: Tools, ctx: Context): Promise<void> {
  const { keys } = keySet.parse(ctx.body)
  ctx.body = { keys: [...keys, ...(await faults.staged()).map(publicHalf)] }
}

async function changeAnswer({ own }: Tools, ctx: Context, { fault, asked: { params } }: { fault: Fault; asked: Asked }): Promise<void> {
  if (!isAnswerFault(fault)) return
  const uri: unknown = params && Reflect.get(params, 'redirect_uri')
  const location = ctx.response.get('Location')
  const change = (answer: Readonly<Record<string, string>>) => hostileAnswer(fault, answer, own)
  // Only what leads back to the service: on the way to a page of ours nothing is answered yet.
  if (typeof uri === 'string' && location.startsWith(uri)) ctx.set('Location', await redirectChanged(location, change))
  else if (typeof ctx.body === 'string' && ctx.body.includes('<title>Submitting Callback</title>')) ctx.body = await formChanged(ctx.body, change)
}

/** As the library says it. */
const refusedCodes: Readonly<Record<TokenFault, string>> = { 'expired-code': 'authorization code is expired', 'code-used': 'authorization code already consumed' }

async function changeTokens(tools: Tools, ctx: Context, { on, asked }: { on: SwitchedOn; asked: Asked }): Promise<void> {
  const { fault } = on
  if (isTokenFault(fault) && asked.params && Reflect.get(asked.params, 'grant_type') === 'authorization_code') {
    ctx.status = 400
    ctx.body = { error: 'invalid_grant', error_description: refusedCodes[fault] }
    return
  }
  const body: unknown = ctx.body
  const idToken: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'id_token') : undefined
  if (isIdTokenFault(fault) && typeof idToken === 'string') ctx.body = { ...Object(body), id_token: await lied(tools, idToken, { fault, on }) }
}

async function lied({ own }: Tools, idToken: string, { fault, on }: { fault: IdTokenFault; on: SwitchedOn }): Promise<string> {
  const foreign = await makeHostileKey(algorithmOf(idToken))
  return hostileIdToken(fault, idToken, { own, staged: on.staged ?? foreign, foreign })
}
