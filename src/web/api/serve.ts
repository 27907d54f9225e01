import Router, { type RouterContext } from '@koa/router'
import { Problem } from '#kernel/problem.ts'
import { fieldsOf } from '#web/request/body.ts'
import { apiRoot } from '#web/place/program.ts'
import { stateOf } from '#web/request/state.ts'
import type { Intersection } from '#web/route.ts'
import { callerOf } from './caller.ts'
import { openApi } from './document.ts'
import { endpoints } from './endpoints.ts'
import { callOnce } from './named-call.ts'

type Listed = (typeof endpoints)[number]

/** What the endpoints use, all together. */
export type ApiTools = Intersection<Parameters<Listed['run']>[0]> & Parameters<typeof callerOf>[0] & Parameters<typeof callOnce>[0] & { issuer: string }

/** The API of administrators. It knows no cookie: whoever calls proves it with a token and a key, at each call. */
export function serveApi(tools: ApiTools) {
  return mountApi(tools, (endpoint) => async (ctx) => answer(tools, ctx, endpoint)).routes()
}

/** One handler for each endpoint of the list, and what tells of them. */
export function mountApi({ issuer }: Pick<ApiTools, 'issuer'>, handlerOf: (endpoint: Listed) => (ctx: RouterContext) => Promise<void>): Router {
  const router = new Router({ prefix: apiRoot })
  const document = JSON.stringify(openApi(issuer))
  router.get('/openapi.json', (ctx) => {
    ctx.type = 'application/json'
    ctx.set('Cache-Control', 'public, max-age=300')
    ctx.body = document
  })
  for (const endpoint of endpoints) {
    const path = endpoint.at.replaceAll(/\{(\w+)\}/g, ':$1')
    router.register(path, [endpoint.method], handlerOf(endpoint))
  }
  router.all('/{*nowhere}', (ctx) => nowhere(ctx, router))
  return router
}

function nowhere(ctx: RouterContext, router: Router): never {
  const { path: layers } = router.match(ctx.path, ctx.method)
  const allowed = layers.filter(({ path }) => !String(path).endsWith('{*nowhere}')).flatMap(({ methods }) => methods).filter((method) => method !== 'HEAD')
  if (allowed.length === 0) throw new Problem('request.not-found')
  ctx.set('Allow', allowed.join(', '))
  throw new Problem('request.method')
}

async function answer(tools: ApiTools, ctx: RouterContext, { scope, admit, run, method }: Listed): Promise<void> {
  const { text = '' } = stateOf(ctx)
  const caller = await callerOf(tools, { method, url: `${tools.issuer}${ctx.path}`, authorization: ctx.headers.authorization, proof: header(ctx, 'DPoP') }, scope)
  // Before an answer of earlier is given again, too: roles may have ended since (A05).
  await admit(tools, caller, ctx.params)
  const act = async (id: string) => {
    const asked = { path: ctx.params, query: fieldsOf(ctx.querystring), body: method === 'POST' ? jsonOf(ctx, text) : {}, id }
    return { status: 200, body: JSON.stringify(await run(tools, caller, asked)) }
  }
  const { status, body } = method === 'GET'
    ? await act('')
    : await callOnce(tools, { caller, key: header(ctx, 'Idempotency-Key'), method, path: ctx.path, text }, act)
  ctx.status = status
  ctx.type = 'application/json'
  ctx.body = body
}

function header(ctx: RouterContext, name: string): string | undefined {
  const value = ctx.headers[name.toLowerCase()]
  return typeof value === 'string' ? value : undefined
}

function jsonOf(ctx: RouterContext, text: string): unknown {
  if (ctx.request.type !== 'application/json') throw new Problem('request.malformed')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem('request.malformed', { cause })
  }
}
