import { hash, type KeyObject } from 'node:crypto'
import type { Context } from 'koa'
import Router, { type RouterContext } from '@koa/router'
import { epochSeconds } from '#kernel/clock.ts'
import { suffices } from '#domain/assurance/floor.ts'
import type { Offices } from '#domain/officer/store.ts'
import { isFor, type Plane } from '#kernel/plane.ts'
import { Problem } from '#kernel/problem.ts'
import type { Sessions } from '#oidc/sessions.ts'
import { entrance } from './account/entrance.ts'
import { admitOfficer, askedAtTheDoor } from './admin/admit.ts'
import { fieldsOf } from './request/body.ts'
import { compressed } from './answer/compress.ts'
import { mustDeclare, planeOf } from './declared.ts'
import { contentSecurityPolicy } from './answer/headers.ts'
import { renderHtml } from './html.ts'
import { boundTo } from './place/interaction.ts'
import type { Answer, Download, Intersection, PublicData, Route } from './route.ts'
import { developmentRoutes, routes } from './routes.ts'
import { stateOf, whileItArrives } from './request/state.ts'
import { readUpload } from './request/upload.ts'
import { checkCsrf, checkSameOrigin, type Visit } from './request/visit.ts'

type FormTools = { csrfKey: KeyObject; issuer: string }
type RouteTools = Parameters<(typeof routes)[number]['run']>[0]

type BasicTools = Intersection<RouteTools> & FormTools & { production: boolean; sessions: Sessions; offices: Offices }

/** What the routes use, all together; those of `plane` are there and no others. `more` are those of the sandbox, which are nowhere else; `leftOut` those that it has not. */
export type RouterTools = BasicTools & { plane: Plane; more: readonly Route<BasicTools>[]; leftOut: readonly string[] }

/** What decides which routes are there. */
export type Mounting = Pick<RouterTools, 'plane' | 'production' | 'more' | 'leftOut'>
type Mounted = (typeof routes)[number] | (typeof developmentRoutes)[number] | Route<BasicTools>
type Handler = (ctx: RouterContext) => Promise<void>

/** One handler for each route of the list. */
export function mount({ plane, production, more, leftOut }: Mounting, handlerOf: (route: Mounted) => Handler): Router {
  const router = new Router()
  const all: readonly Mounted[] = [...routes, ...(production ? [] : developmentRoutes), ...more]
  for (const route of all.filter((one) => !leftOut.includes(one.route))) {
    mustDeclare(route)
    if (!isFor(plane, planeOf(route))) continue
    const [method, path = '/'] = route.route.split(' ')
    if (method === 'POST') router.post(path, handlerOf(route))
    else router.get(path, handlerOf(route))
  }
  return router
}

export const makeRouter = (tools: RouterTools): Router => mount(tools, (route) => async (ctx) => handle(tools, route, ctx))

/** Who comes, input, act, answer. */
async function handle(tools: RouterTools, route: Mounted, ctx: RouterContext): Promise<void> {
  const { visit } = stateOf(ctx)
  const led = await admitCitizen(tools, route, visit)
  if (led !== undefined) return answer(ctx, led)
  // A file is read for nobody who may not send any.
  const input = route.upload === undefined ? inputOf(ctx, tools, route) : ctx.params
  const typed = Object.fromEntries(Object.entries(input).filter(([name]) => !Object.hasOwn(ctx.params, name)))
  const admitted = await admitOfficer(tools, route, { visit, typed })
  if (admitted !== undefined) return answer(ctx, admitted)
  await answer(ctx, await route.run(tools, visit, route.upload === undefined ? input : await uploadedTo(ctx, tools, route.upload)))
}

const uploads = routes.filter(({ upload }) => upload !== undefined).map(({ route }) => new RegExp(`^${route.replace('POST ', '').replaceAll(/:\w+/g, '[^/]+')}$`))

/** Whether a file may come to this address. It then waits until it is known who sends it. */
export function takesFile({ method, path }: Pick<Context, 'method' | 'path'>): boolean {
  return method === 'POST' && uploads.some((upload) => upload.test(path))
}

type Listed = Pick<(typeof routes)[number], 'who' | 'floor'>

/** Knows the citizen and binds the page's forms to their session; answers where to sign in when there is none. */
async function admitCitizen(tools: Pick<RouterTools, 'sessions' | 'issuer' | 'attestedStaff'>, { who, floor }: Listed, visit: Visit): Promise<Answer | undefined> {
  const { sessions, issuer } = tools
  if (who === 'anyone') return undefined
  const citizen = await sessions.signedIn(visit.exchange)
  const shown = citizen !== undefined && (floor === undefined || suffices(citizen.evidence, floor, epochSeconds(visit.at)))
  if (!shown) return { redirect: entrance(issuer, visit.path, floor ?? askedAtTheDoor(tools, who)) }
  visit.citizen = citizen
  visit.bound = `session:${citizen.session}`
  return undefined
}

function inputOf(ctx: RouterContext, tools: FormTools, { route, asks }: { route: string; asks: boolean }): Record<string, unknown> {
  if (!route.startsWith('POST')) return { ...(asks && fieldsOf(ctx.querystring)), ...ctx.params }
  const { visit, text = '' } = stateOf(ctx)
  if (ctx.request.type !== 'application/x-www-form-urlencoded') throw new Problem('request.malformed')
  checkSameOrigin(ctx.req.headers, tools.issuer)
  const fields = fieldsOf(text)
  // A form that stands on pages of all interactions says which one it stood on; one of an interaction has no say in that.
  const stoodOn = boundTo(String(fields['return'] ?? ''))
  checkCsrf(tools, visit.bound === '' ? stoodOn : visit.bound, fields['csrf'])
  // What the path says is not said again by the form.
  if (Object.keys(ctx.params).some((name) => Object.hasOwn(fields, name))) throw new Problem('request.malformed')
  return { ...fields, ...ctx.params }
}

async function uploadedTo(ctx: RouterContext, tools: FormTools, most: number): Promise<Record<string, unknown>> {
  checkSameOrigin(ctx.req.headers, tools.issuer)
  const fields = await whileItArrives(ctx, () => readUpload(ctx.req, most))
  checkCsrf(tools, stateOf(ctx).visit.bound, fields['csrf'])
  if (Object.keys(ctx.params).some((name) => Object.hasOwn(fields, name))) throw new Problem('request.malformed')
  return { ...fields, ...ctx.params }
}

/** A page of another origin may read it too: it is public, and nobody is known by it. */
function answerData(ctx: Context, { data, type, fresh }: PublicData): void {
  ctx.status = 200
  ctx.type = `${type}; charset=utf-8`
  ctx.set('Access-Control-Allow-Origin', '*')
  ctx.set('Cross-Origin-Resource-Policy', 'cross-origin')
  ctx.set('Cache-Control', fresh === 'for good' ? 'public, max-age=31536000, immutable' : `public, max-age=${fresh}`)
  ctx.etag = hash('sha256', data, 'base64url')
  if (ctx.fresh) ctx.status = 304
  else ctx.body = data
}

/** Saved and never shown: a browser makes no page of it (ASVS 5.4.1). */
async function answerDownload(ctx: Context, { name, type, text }: Download): Promise<void> {
  ctx.status = 200
  ctx.set('Content-Disposition', `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, '-')}"`)
  ctx.type = `${type}; charset=utf-8`
  ctx.body = await compressed(ctx, text)
}

async function answer(ctx: Context, given: Answer): Promise<void> {
  if ('redirect' in given) {
    ctx.status = 303
    ctx.redirect(given.redirect)
    ctx.body = ''
    return
  }
  if ('data' in given) {
    answerData(ctx, given)
    return
  }
  if ('download' in given) return answerDownload(ctx, given.download)
  ctx.status = given.status ?? 200
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', contentSecurityPolicy(given.formsTo ?? []))
  ctx.body = await compressed(ctx, renderHtml(given.page))
}
