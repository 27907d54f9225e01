import type { Context, Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { Problem } from '#kernel/problem.ts'
import { reference } from '#kernel/random.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import { corrected } from './discovery.ts'
import { oauthErrors, problemOf } from './errors.ts'
import type { ProviderPages } from './features.ts'
import { isProtocol, type Recorder } from './recorder.ts'
import { refusalAt } from './refusals.ts'
import { protocolRoutes, protocolRule } from './routes.ts'

/** An answer that is the same for everybody until the keys change. */
export type Published = { body: Buffer; type: string }

type Tools = {
  log: Log
  clock: Clock
  problemNotes: ProblemNotes
  recorder: Recorder
  pages: Pick<ProviderPages, 'error'>
  /** By path; filled as they are first asked for. */
  published: Map<string, Published>
}

const publicRoutes = new Set(['discovery', 'jwks'])

/**
 * Around every answer of the library: the audit is durable before it leaves, an error carries a reference that the log
 * knows, and a form that the library posts to a client may go there.
 */
export function respondSafely({ recorder, pages, published, ...tools }: Tools): Middleware {
  return async (ctx, next) => {
    try {
      await recorder.record(ctx, next)
    } catch (error) {
      // An error that is prepared already says it better.
      if (ctx.status < 500) {
        withhold(ctx, error)
        await tellPeople(ctx, error, pages)
      }
      tools.log.error({ route: ctx.path }, 'an answer was withheld', error)
    }
    // The library may have prepared a redirect with a code in it before something failed, as the session's last save.
    if (ctx.status >= 500) forgetPrepared(ctx)
    if (ctx['_matchedRouteName'] === 'discovery' && isObject(ctx.body)) ctx.body = corrected(ctx.body)
    if (ctx.status === 503) ctx.set('Retry-After', '5')
    if (ctx.status >= 400) addReference(ctx, tools)
    else if (ctx.method === 'GET' && publicRoutes.has(String(ctx['_matchedRouteName']))) publish(ctx, published)
    allowFormPost(ctx)
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function publish(ctx: Context, published: Map<string, Published>): void {
  ctx.body = withoutEmpty(ctx.body)
  published.set(ctx.path, { body: Buffer.from(JSON.stringify(ctx.body)), type: ctx.response.get('Content-Type') })
}

/** RFC 8414 §3.2: a member with no values is left out. */
function withoutEmpty(body: unknown): object {
  const members: readonly (readonly [string, unknown])[] = typeof body === 'object' && body !== null ? Object.entries(body) : []
  return Object.fromEntries(members.filter(([, value]) => !Array.isArray(value) || value.length > 0))
}

/** No code and no cookie of an answer that is none. */
function forgetPrepared(ctx: Context): void {
  for (const header of ['Location', 'Set-Cookie']) ctx.remove(header)
}

/** Nothing of the prepared answer leaves: no code, no token, no cookie. */
function withhold(ctx: Context, error: unknown): void {
  const { status, error: name, description } = oauthErrors[problemOf(error)?.code ?? 'internal']
  forgetPrepared(ctx)
  ctx.status = status
  ctx.body = { error: name, error_description: description }
}

/** Where people may read along they read a page; programs hear what they can read. */
async function tellPeople(ctx: Context, error: unknown, pages: Pick<ProviderPages, 'error'>): Promise<void> {
  if (!isProtocol(ctx) || !forPeople.has(ctx.oidc.route) || ctx.accepts('json', 'html') !== 'html') return
  const name = ctx.status === 503 ? oauthErrors['service.unavailable'].error : oauthErrors.internal.error
  await pages.error(ctx, { error: name }, error instanceof Error ? error : new Problem('internal', { cause: error }))
}

function addReference(ctx: Context, { log, clock, problemNotes }: Pick<Tools, 'log' | 'clock' | 'problemNotes'>): void {
  const body: unknown = ctx.body
  if (typeof body !== 'object' || body === null || !('error' in body)) return
  const given = reference()
  ctx.body = { ...body, ...reasonOf(ctx), reference: given }
  const error = String(body.error)
  log.info({ reference: given, route: ctx.path, status: ctx.status, error }, 'protocol request refused')
  // What a program was refused is its own affair; that we failed is ours.
  if (ctx.status >= 500) problemNotes.note({ reference: given, at: clock.now(), problem: ctx.status === 503 ? 'service.unavailable' : 'internal', place: `/${ctx.path.split('/')[1] ?? ''}`, error })
}

/** Where people may read along, the page says what they need to know. */
const forPeople: ReadonlySet<string> = new Set(['authorization', 'resume', 'end_session'])

/**
 * The library names the class of a fault and keeps the reason to itself. Integrators lose days over "grant request is invalid", so
 * programs hear the reason too; it is about their own request and tells of nobody else.
 */
function reasonOf(ctx: Context): { error_description?: string } {
  const reason = forPeople.has(String(ctx['_matchedRouteName'])) ? undefined : refusalAt(ctx.req)?.detail
  return reason === undefined ? {} : { error_description: reason }
}

/**
 * `response_mode=form_post`, the sign-out before another person's sign-in and the sign-out of a session that is over post
 * from a page of the library's own. The last two go on to the service, and Chromium holds the policy against that redirect too.
 */
function allowFormPost(ctx: Context): void {
  const action = /<form method="post" action="([^"]+)"/.exec(typeof ctx.body === 'string' ? ctx.body : '')?.[1]
  if (action === undefined || protocolRule(ctx.path) === undefined || !URL.canParse(action)) return
  const policy = ctx.response.get('Content-Security-Policy')
  const ends = [...new Set([new URL(action).origin, ...afterSignOut(ctx), ...afterSwitch(ctx)])].join(' ')
  ctx.set('Content-Security-Policy', policy.replace("form-action 'self'", `form-action 'self' ${ends}`))
}

/** Where the person asked to be after signing out; the library has checked that the service may name it. */
function afterSignOut({ path, query }: Context): readonly string[] {
  const uri = path === protocolRoutes.end_session ? query['post_logout_redirect_uri'] : undefined
  return typeof uri === 'string' && URL.canParse(uri) ? [new URL(uri).origin] : []
}

const underWay = z.object({ oidc: z.object({ entities: z.object({ Interaction: z.object({ params: z.object({ redirect_uri: z.url() }) }) }) }) })

/** Where the sign-in ends that goes on once the person before is signed out: at the service, if there is nothing to ask. */
function afterSwitch(ctx: Context): readonly string[] {
  const uri = underWay.safeParse(ctx).data?.oidc.entities.Interaction.params.redirect_uri
  return uri === undefined ? [] : [new URL(uri).origin]
}

/**
 * A link with the code in it (RFC 8628 §3.3.1) only fills it in. The library would send the code on by itself with a page of its
 * own; put aside here, it is read again from the address by our page, and the person sends it.
 */
export const askForTheCode: Middleware = async (ctx, next) => {
  if (ctx.method === 'GET' && ctx.path === protocolRoutes.code_verification) ctx.querystring = ''
  await next()
}

/** What the library reports aside: bugs, which its answers tell nothing of. */
export function logProvider(provider: Provider, log: Log): void {
  provider.on('server_error', (ctx, error) => {
    log.error({ route: ctx.path }, 'internal error', error)
  })
}

