import type { KeyObject } from 'node:crypto'
import type { Context, Next } from 'koa'
import { Problem } from '#kernel/problem.ts'
import { wholeBelow } from '#kernel/random.ts'
import { comeBackAfter, type Gate, type Work } from '#domain/abuse/admission.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { lookAgainAfter, waitOf, type Line } from '#domain/abuse/line.ts'
import type { ShownBanners } from '#domain/banner/store.ts'
import { interactionRoot, protocolRoutes, protocolRule } from '#oidc/routes.ts'
import { renderHtml } from './html.ts'
import { places, registrationPath } from './places.ts'
import { stateOf } from './request/state.ts'
import { keepTicket, readTicket } from './request/ticket.ts'
import { viewOf } from './request/visit.ts'
import { linePage } from './views/line.ts'

type Tools = { gate: Pick<Gate, 'enter'>; line: Pick<Line, 'isOpen' | 'give' | 'turn' | 'perSecond' | 'use'>; limits: Pick<Limits, 'spend'>; csrfKey: KeyObject; issuer: string; shownBanners: Pick<ShownBanners, 'at'>; trying?: boolean | undefined }

const { authorization, pushed_authorization_request: par, backchannel_authentication: asking, device_authorization: device, jwks } = protocolRoutes

/** Answered from memory, or by sending the browser on. */
const free: ReadonlySet<string> = new Set([jwks, places.home, places.help, places.privacy, places.accessibility, places.language, '/livez', '/readyz'])
const beginning: ReadonlySet<string> = new Set([authorization, par, asking, device, registrationPath])

/** Which work a request is part of; nothing for what costs nothing and never waits. */
export function workOf({ method, path, query }: Pick<Context, 'method' | 'path' | 'query'>): Work | undefined {
  if (free.has(path) || path.startsWith('/.well-known/') || method === 'OPTIONS') return undefined
  if (path === authorization) return method === 'POST' ? undefined : query['request_uri'] === undefined ? 'beginning' : 'pushed'
  if (beginning.has(path)) return 'beginning'
  // With the number or the passport of who registers begins what takes eight more steps.
  if (path.startsWith(`${interactionRoot}/`)) return method === 'POST' && /\/(register|passport)$/.test(path) ? 'beginning' : 'finishing'
  if (path === places.lost) return 'finishing'
  return protocolRule(path) === undefined ? 'aside' : 'finishing'
}

/**
 * Lets requests in by what they are part of, and before any store is asked (R09). Who begins a sign-in with a browser waits in a line that
 * is the same for all nodes, at the address that they came to: looking again is asking once more.
 */
export function admitWork(tools: Tools) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const work = workOf(ctx)
    if (work === undefined) await next()
    else if (isAtTheDoor(ctx)) await admitInTurn(tools, ctx, { work, next })
    else await within(await tools.gate.enter(work).catch((error: unknown) => turnAway(ctx, error)), next)
  }
}

function turnAway(ctx: Context, error: unknown): never {
  stateOf(ctx).turnedAway = true
  throw error
}

async function within(leave: () => void, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } finally {
    leave()
  }
}

/** A person who begins; where nothing may be shown (OIDC Core §3.1.2.1, `prompt=none`) nobody is told a place. */
function isAtTheDoor({ method, path, query, headers }: Context): boolean {
  return method === 'GET' && path === authorization && query['prompt'] !== 'none' && (headers.accept ?? '').includes('text/html')
}

async function admitInTurn(tools: Tools, ctx: Context, { work, next }: { work: Work; next: Next }): Promise<void> {
  const ticket = readTicket(tools, ctx.req)
  const turn = ticket && (await tools.line.turn(ticket).catch(onlyAway))
  if (turn?.is === 'waits') return showPlace(tools, ctx, turn.position)
  const called = turn?.is === 'come' ? ticket : undefined
  if (called === undefined && work === 'beginning' && tools.line.isOpen()) return putInLine(tools, ctx)
  const leave = await tools.gate.enter(called === undefined ? work : 'pushed').catch(onlyCrowded)
  if (leave === undefined) return called === undefined ? putInLine(tools, ctx) : showPlace(tools, ctx, 1)
  await within(leave, async () => {
    // One place is for one: who hands theirs round is in the line again, where there is one. A spent ticket opens none.
    if (called !== undefined && !(await tools.line.use(called)) && tools.line.isOpen()) return putInLine(tools, ctx)
    if (called !== undefined) keepTicket(tools, ctx.res, undefined)
    return next()
  })
}

/**
 * Where no numbers can be had, people are told to come back, each after a time of their own; so is a network that has taken as many as
 * people there could, for a line that one party fills is none for the others.
 */
async function putInLine(tools: Tools, ctx: Context): Promise<void> {
  const mayTake = await tools.limits.spend('line-numbers-per-network', networkOf(stateOf(ctx).visit.address)).then(() => true, onlyTooMany)
  const given = mayTake === true ? await tools.line.give().catch(onlyAway) : undefined
  if (given === undefined) throw new Problem('service.crowded', { detail: { retryAfter: comeBackAfter(wholeBelow) } })
  keepTicket(tools, ctx.res, given.ticket)
  showPlace(tools, ctx, given.turn.is === 'waits' ? given.turn.position : 1)
}

function showPlace(tools: Tools, ctx: Context, position: number): void {
  const { visit } = stateOf(ctx)
  stateOf(ctx).turnedAway = true
  const wait = waitOf(position, tools.line.perSecond())
  const again = lookAgainAfter(wait)
  const locales = ctx.query['ui_locales']
  const view = viewOf(tools, { ...visit, path: ctx.url }, typeof locales === 'string' ? locales : undefined)
  ctx.status = 503
  ctx.set('Retry-After', String(again))
  ctx.type = 'html'
  ctx.body = renderHtml(linePage(view, { position, wait, again }))
}

function onlyCrowded(error: unknown): undefined {
  if (!(error instanceof Problem && error.code === 'service.crowded')) throw error
}

function onlyTooMany(error: unknown): undefined {
  if (!(error instanceof Problem && error.code === 'limit.exceeded')) throw error
}

function onlyAway(error: unknown): undefined {
  if (!(error instanceof Problem && error.code === 'service.unavailable')) throw error
}
