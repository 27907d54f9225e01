import type { KeyObject } from 'node:crypto'
import type { Context, Next } from 'koa'
import { systemClock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { reference } from '#kernel/random.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import { oauthErrors } from '#oidc/errors.ts'
import { protocolRoutes, protocolRule } from '#oidc/routes.ts'
import { contentSecurityPolicy, setHeaders } from '#web/answer/headers.ts'
import { renderHtml } from '#web/html.ts'
import { textsOf } from '#web/i18n/language.ts'
import type { View } from '#web/page.ts'
import { backToDevice, problemPage, tellOf, type Told } from './page.ts'
import { stateOf } from '#web/request/state.ts'
import { apiProblem, challengeOf } from '#web/api/problem.ts'
import { places } from '#web/place/citizen.ts'
import { consolePlaces } from '#web/place/console.ts'
import { developerPlaces } from '#web/place/developer.ts'
import { boundTo, interactionPlaces } from '#web/place/interaction.ts'
import { isApi } from '#web/place/program.ts'
import { viewOf, type Visit } from '#web/request/visit.ts'

type Tools = { log: Log; csrfKey: KeyObject; problemNotes: ProblemNotes }

/** Everything that goes wrong ends here: what happened, what to do, a reference; never a stack (S09). */
export function tellProblems(tools: Tools) {
  return async (ctx: Context, next: Next) => {
    const visit: Visit = {
      exchange: { req: ctx.req, res: ctx.res }, address: '', reference: reference(), path: ctx.path,
      bound: boundTo(ctx.path),
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

function answerProblem(tools: Tools, ctx: Context, error: unknown): void {
  const { visit } = stateOf(ctx)
  const told = tellOf(error)
  const route = String(ctx['_matchedRoute'] ?? '')
  tools.log[told.rule.log]({ reference: visit.reference, problem: told.code, route }, 'request ended', error)
  // The protocol answers by itself; after its first byte nothing can be said any more.
  if (ctx.res.headersSent) return
  noteTold(tools, ctx, told, route)
  // What the protocol had prepared by then stays here: no code, no cookie (L01).
  for (const header of ['Location', 'Set-Cookie']) ctx.remove(header)
  ctx.respond = true
  ctx.status = told.rule.status
  const wait = told.detail['retryAfter'] ?? (told.rule.status === 503 ? 5 : undefined)
  if (wait !== undefined) ctx.set('Retry-After', String(wait))
  const { error: name, description } = oauthErrors[told.code]
  if (isApi(ctx.path)) {
    const challenge = challengeOf(told)
    if (challenge !== undefined) ctx.set('WWW-Authenticate', challenge)
    ctx.body = apiProblem(told, { reference: visit.reference, cause: error instanceof Error ? error.cause : undefined })
    ctx.type = 'application/problem+json'
    return
  }
  const protocol = protocolRule(ctx.path)
  if (protocol?.machine === true) {
    ctx.body = { error: name, error_description: description, reference: visit.reference }
    return
  }
  ctx.type = 'html'
  ctx.set('Content-Security-Policy', contentSecurityPolicy([]))
  const view = viewOf(tools, visit)
  // Whoever integrates a service meets its mistakes on a page, and reads there what programs are told.
  const technical = protocol && `${name}: ${description}`
  ctx.body = renderHtml(problemPage(view, told, { reference: visit.reference, ...(technical && { technical }), ...wayBack(visit, told, view) }))
}

/** What a person was told, and what we failed a program in; what a program was refused is its own affair. */
function noteTold({ problemNotes }: Tools, ctx: Context, { code, rule }: Told, place: string): void {
  const { visit: { reference: given, at } } = stateOf(ctx)
  const forPrograms = isApi(ctx.path) || protocolRule(ctx.path)?.machine === true
  if (rule.status >= 500 || !forPrograms) problemNotes.note({ reference: given, at, problem: code, place })
}

/** From where one can go on, or back to the service; of an interaction that is over nobody knows any more whose it was. */
function wayBack({ bound, path }: Visit, { code }: Told, view: View): Pick<Parameters<typeof problemPage>[2], 'back'> {
  const t = textsOf(view.language)
  // Whoever may not even come in there is somebody at home.
  if (path.startsWith(`${places.account}/`) || path === consolePlaces.start) return { back: { href: places.account, label: t.myEid.back } }
  if (path.startsWith(`${consolePlaces.start}/`)) return { back: { href: consolePlaces.start, label: t.console.toStart } }
  if (path.startsWith(`${developerPlaces.start}/`)) return { back: { href: developerPlaces.start, label: t.developer.back } }
  if (path.startsWith(protocolRoutes.code_verification)) return { back: backToDevice(view) }
  if (bound === '' || code === 'interaction.expired') return {}
  return { back: { href: interactionPlaces(bound).start, label: t.frame.toSignIn } }
}
