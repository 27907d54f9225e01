import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import Koa, { type Context, type Next } from 'koa'
import Router, { type RouterContext } from '@koa/router'
import { Problem } from '#kernel/problem.ts'
import type { Log } from '#kernel/log.ts'
import { systemClock } from '#kernel/clock.ts'
import { reference } from '#kernel/random.ts'
import { oauthErrors } from '#oidc/errors.ts'
import { protocolRule } from '#oidc/routes.ts'
import { assets } from './assets/served.ts'
import { checkUrl, fieldsOf, readBody } from './body.ts'
import { compressed } from './compress.ts'
import { contentSecurityPolicy, setHeaders, setScriptHeaders } from './headers.ts'
import { renderHtml } from './html.ts'
import { problemPage, tellOf } from './problem-page.ts'
import { asIssuer, clientAddress, trustedProxies } from './proxy.ts'
import type { Answer } from './route.ts'
import { developmentRoutes, routes } from './routes.ts'
import { checkCsrf, checkSameOrigin, viewOf, type Visit } from './visit.ts'

type RouteTools = Parameters<(typeof routes)[number]['run']>[0]
type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer All) => void ? All : never

export type WebTools = Intersection<RouteTools> & {
  log: Log
  /** Whatever is not a page of ours: the protocol. Set anew when the provider is. */
  protocol: () => (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Answers of the protocol that are ready to be sent, by path. */
  published: (path: string) => { body: Buffer; type: string } | undefined
  ready: () => Promise<boolean>
  trustedProxies: readonly string[]
  production: boolean
  /** Milliseconds within which every request ends (security.md §5). */
  deadlines: { page: number; protocol: number }
}

/** The web server's one listener: the order of everything, once. */
export function makeListener(tools: WebTools): RequestListener {
  const app = new Koa()
  app.use(tellProblems(tools))
  app.use(checkRequest(tools))
  app.use(serveAssets)
  app.use(probes(tools))
  app.use(withinDeadline(tools))
  app.use(readForms)
  app.use(makeRouter(tools).routes())
  app.use(toProtocol(tools))
  const handle = app.callback()
  return (request, response) => {
    const published = request.method === 'GET' ? tools.published(request.url ?? '') : undefined
    if (published === undefined) void handle(request, response)
    else answerPublished(response, published)
  }
}

/**
 * Metadata and keys are asked for by everybody all the time, and are the same for all: they leave before any middleware, and
 * may be kept by caches, also while we are down (RFC 8414 §3, RFC 5861 §4; security.md §8).
 */
function answerPublished(response: ServerResponse, { body, type }: { body: Buffer; type: string }): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': 'public, max-age=3600, stale-if-error=86400',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(body)
}

type State = { visit: Visit; text?: string }

function stateOf({ state }: { state: State }): State {
  return state
}

/** Everything that goes wrong ends here: what happened, what to do, a reference; never a stack (security.md S09). */
function tellProblems(tools: WebTools) {
  return async (ctx: Context, next: Next) => {
    const visit: Visit = {
      exchange: { req: ctx.req, res: ctx.res }, address: '', reference: reference(), path: ctx.path,
      bound: /^\/interaction\/([A-Za-z0-9_-]{1,64})/.exec(ctx.req.url ?? '')?.[1] ?? '',
      at: systemClock.now(),
    }
    ctx.state = { visit }
    setHeaders(ctx.req, ctx.res)
    try {
      await next()
    } catch (error) {
      answerProblem(tools, ctx, error)
    }
  }
}

function answerProblem(tools: WebTools, ctx: Context, error: unknown): void {
  const { visit } = stateOf(ctx)
  const told = tellOf(error)
  tools.log[told.rule.log]({ reference: visit.reference, problem: told.code, route: String(ctx['_matchedRoute'] ?? '') }, 'request ended', error)
  // The protocol answers by itself; after its first byte nothing can be said any more.
  if (ctx.res.headersSent) return
  ctx.respond = true
  ctx.status = told.rule.status
  const wait = told.detail['retryAfter'] ?? (told.rule.status === 503 ? 5 : undefined)
  if (wait !== undefined) ctx.set('Retry-After', String(wait))
  if (protocolRule(ctx.path)?.machine === true) {
    const { error: name, description } = oauthErrors[told.code]
    ctx.body = { error: name, error_description: description, reference: visit.reference }
    return
  }
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', contentSecurityPolicy([]))
  ctx.body = renderHtml(problemPage(viewOf(tools, visit), told, { reference: visit.reference }))
}

function checkRequest(tools: WebTools) {
  const issuer = new URL(tools.issuer)
  const proxies = trustedProxies(tools.trustedProxies)
  return async (ctx: Context, next: Next) => {
    stateOf(ctx).visit.address = clientAddress(ctx.req, proxies)
    asIssuer(ctx.req, issuer)
    checkUrl(ctx.req.url ?? '/')
    await next()
  }
}

async function serveAssets(ctx: Context, next: Next): Promise<void> {
  const asset = ctx.method === 'GET' || ctx.method === 'HEAD' ? assets.get(ctx.path) : undefined
  if (asset === undefined) {
    await next()
    return
  }
  if (asset.type.startsWith('text/javascript')) setScriptHeaders(ctx.res)
  ctx.type = asset.type
  ctx.set('Cache-Control', asset.immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=86400')
  ctx.vary('Accept-Encoding')
  const compressed = ctx.acceptsEncodings('br', 'identity') === 'br'
  if (compressed) ctx.set('Content-Encoding', 'br')
  ctx.body = compressed ? asset.brotli : asset.body
}

/** `/livez` is this process alone, `/readyz` whether a sign-in could be finished now (security.md R10). */
function probes({ ready }: WebTools) {
  return async (ctx: Context, next: Next) => {
    if (ctx.path === '/livez') return void (ctx.body = 'ok')
    if (ctx.path !== '/readyz') {
      await next()
      return
    }
    const able = await ready()
    ctx.status = able ? 200 : 503
    ctx.body = able ? 'ok' : 'not ready'
  }
}

function withinDeadline({ deadlines }: WebTools) {
  return async (ctx: Context, next: Next) => {
    const limit = protocolRule(ctx.path)?.machine === true ? deadlines.protocol : deadlines.page
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Problem('service.unavailable')), limit)
    try {
      await Promise.race([next(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}

async function readForms(ctx: Context, next: Next): Promise<void> {
  if (ctx.method === 'POST') {
    stateOf(ctx).text = await readBody(ctx.req)
  }
  await next()
}

function makeRouter(tools: WebTools): Router {
  const router = new Router()
  for (const route of tools.production ? routes : [...routes, ...developmentRoutes]) {
    const [method, path = '/'] = route.route.split(' ')
    const handle = async (ctx: RouterContext) => {
      await answer(ctx, await route.run(tools, stateOf(ctx).visit, inputOf(ctx, tools, route.route)))
    }
    if (method === 'POST') router.post(path, handle)
    else router.get(path, handle)
  }
  return router
}

function inputOf(ctx: RouterContext, tools: WebTools, route: string): Record<string, unknown> {
  if (!route.startsWith('POST')) return { ...ctx.params }
  const { visit, text = '' } = stateOf(ctx)
  if (ctx.request.type !== 'application/x-www-form-urlencoded') throw new Problem('request.malformed')
  checkSameOrigin(ctx.req.headers, tools.issuer)
  const fields = fieldsOf(text)
  // A form that stands on pages of all interactions says which one it stood on; one of an interaction has no say in that.
  const stoodOn = /^\/interaction\/([A-Za-z0-9_-]{1,64})/.exec(String(fields['return'] ?? ''))?.[1] ?? ''
  checkCsrf(tools, visit.bound === '' ? stoodOn : visit.bound, fields['csrf'])
  // What the path says is not said again by the form.
  if (Object.keys(ctx.params).some((name) => Object.hasOwn(fields, name))) throw new Problem('request.malformed')
  return { ...fields, ...ctx.params }
}

async function answer(ctx: Context, given: Answer): Promise<void> {
  if ('redirect' in given) {
    ctx.status = 303
    ctx.redirect(given.redirect)
    ctx.body = ''
    return
  }
  ctx.status = given.status ?? 200
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', contentSecurityPolicy(given.formsTo ?? []))
  ctx.body = await compressed(ctx, renderHtml(given.page))
}

/** oidc-provider writes its own answer on the same response; what is neither a page nor its business is not here. */
function toProtocol({ protocol }: WebTools) {
  return async (ctx: Context) => {
    const rule = protocolRule(ctx.path)
    if (rule === undefined) throw new Problem('request.not-found')
    if (!rule.methods.includes(ctx.method)) {
      ctx.set('Allow', rule.methods.join(', '))
      throw new Problem('request.method')
    }
    ctx.respond = false
    await protocol()(ctx.req, ctx.res)
  }
}
