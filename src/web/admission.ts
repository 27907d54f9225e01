import type { KeyObject } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Context, Next } from 'koa'
import { Problem } from '#kernel/problem.ts'
import { wholeBelow } from '#kernel/random.ts'
import { comeBackAfter, type Gate, type Work } from '#domain/abuse/admission.ts'
import type { Parties } from '#domain/abuse/fairness.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { lookAgainAfter, waitOf, type Line } from '#domain/abuse/line.ts'
import type { ShownBanners } from '#domain/banner/store.ts'
import { interactionRoot, protocolRoutes, protocolRule } from '#oidc/routes.ts'
import { renderHtml } from './html.ts'
import { places } from './place/citizen.ts'
import { registrationPath } from './place/program.ts'
import type { KnownNetworks } from './request/known-networks.ts'
import { stateOf } from './request/state.ts'
import { keepTicket, readTicket } from './request/ticket.ts'
import { viewOf } from './request/visit.ts'
import { linePage } from './views/line.ts'

type Tools = {
  gate: Pick<Gate, 'enter'>
  /** Which sign-in a browser is in the middle of, by a signature. */
  signInShown: (request: IncomingMessage, path: string) => string | undefined
  known: Pick<KnownNetworks, 'has'>
  line: Pick<Line, 'isOpen' | 'give' | 'turn' | 'perSecond' | 'use'>
  limits: Pick<Limits, 'spend'>
  csrfKey: KeyObject
  issuer: string
  shownBanners: Pick<ShownBanners, 'at'>
  trying?: boolean | undefined
}

const { authorization, pushed_authorization_request: par, backchannel_authentication: asking, device_authorization: device, token, userinfo, introspection, revocation, jwks } = protocolRoutes

/** Answered from memory, or by sending the browser on. */
const free: ReadonlySet<string> = new Set([jwks, places.home, places.help, places.privacy, places.accessibility, places.language, '/livez', '/readyz'])
const beginning: ReadonlySet<string> = new Set([authorization, par, asking, device, registrationPath])

/** What services do for somebody who is signing in or has signed in. */
const ofServices: ReadonlySet<string> = new Set([token, userinfo, introspection, revocation])

/** What a request shows beside its address: the sign-in whose signed cookie the browser has, and whether it is from where a service has proved itself. */
type Shown = { signIn?: string | undefined; isKnown?: boolean }

/** Which work a request is part of; nothing for what costs nothing and never waits. An address says nothing that everybody could not say. */
export function workOf({ method, path, query }: Pick<Context, 'method' | 'path' | 'query'>, { signIn, isKnown = false }: Shown = {}): Work | undefined {
  if (costsNothing(method, path)) return undefined
  if (path === authorization) return isReference(query['request_uri']) ? 'pushed' : 'beginning'
  if (beginning.has(path) || beginsToRegister(method, path)) return 'beginning'
  if (signIn !== undefined || (ofServices.has(path) && isKnown)) return 'finishing'
  return path.startsWith(`${interactionRoot}/`) || path === places.lost || protocolRule(path) !== undefined ? 'claimed' : 'aside'
}

/** A request that is posted to the door is sent on by GET, where it is counted. */
function costsNothing(method: string, path: string): boolean {
  return free.has(path) || path.startsWith('/.well-known/') || method === 'OPTIONS' || (path === authorization && method === 'POST')
}

/** With the number or the passport of who registers begins what takes eight more steps. */
function beginsToRegister(method: string, path: string): boolean {
  return method === 'POST' && path.startsWith(`${interactionRoot}/`) && /\/(register|passport)$/.test(path)
}

/** As we make them (RFC 9126 §2.2). Whether it was ever given is known to the store alone. */
function isReference(given: unknown): boolean {
  return typeof given === 'string' && /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/.test(given)
}

/**
 * Lets requests in by what they are part of, and before any store is asked (R09). Who begins a sign-in with a browser waits in a line that
 * is the same for all nodes, at the address that they came to: looking again is asking once more.
 */
export function admitWork(tools: Tools) {
  return async (ctx: Context, next: Next): Promise<void> => {
    const network = networkOf(stateOf(ctx).visit.address)
    const signIn = tools.signInShown(ctx.req, ctx.path)
    const work = workOf(ctx, { signIn, isKnown: tools.known.has(network) })
    const from = [network, ...(signIn === undefined ? [] : [`sign-in:${signIn}`])]
    if (work === undefined) await next()
    else if (wouldOvertake(ctx, work) && tools.line.isOpen()) turnAway(ctx, crowded())
    else if (isAtTheDoor(ctx) && work === 'pushed') await admitPushed(tools, ctx, { from, next })
    else if (isAtTheDoor(ctx)) await admitInTurn(tools, ctx, { from, next })
    else await inPlace(ctx, () => tools.gate.enter(work, from).catch((error: unknown) => turnAway(ctx, error)), next)
  }
}

function turnAway(ctx: Context, error: unknown): never {
  stateOf(ctx).turnedAway = true
  throw error
}

/** What is sent after its sender was known is waited for outside. */
async function inPlace(ctx: Context, enter: () => Promise<() => void>, act: () => Promise<unknown>): Promise<void> {
  let leave = await enter()
  stateOf(ctx).outside = async (read) => {
    leave()
    const arrived = await read()
    leave = await enter()
    return arrived
  }
  await within(() => leave(), act)
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
  return method === 'GET' && path === authorization && query['prompt'] !== 'none' && takesPages(headers)
}

/** Whoever cannot wait, for a program is shown no page and a frame may show none, would go in before the people who do. */
function wouldOvertake(ctx: Context, work: Work): boolean {
  return ctx.path === authorization && !isAtTheDoor(ctx) && (work === 'beginning' || !takesPages(ctx.headers))
}

const takesPages = ({ accept = '' }: Context['headers']): boolean => accept.includes('text/html')

const crowded = (): Problem => new Problem('service.crowded', { detail: { retryAfter: comeBackAfter(wholeBelow) } })

/**
 * Whoever brings a reference stands in no line: it is good for a minute (RFC 9126 §2.2), and would lapse there. They come before all who do,
 * for their services were let in with as many only as there was room for, and look again every few seconds: that takes no number and asks no store.
 */
async function admitPushed(tools: Tools, ctx: Context, { from, next }: { from: Parties; next: Next }): Promise<void> {
  const leave = await tools.gate.enter('pushed', from).catch(onlyCrowded)
  if (leave === undefined) return showPlace(tools, ctx, 1)
  await within(leave, next)
}

async function admitInTurn(tools: Tools, ctx: Context, { from, next }: { from: Parties; next: Next }): Promise<void> {
  const ticket = readTicket(tools, ctx.req)
  const turn = ticket && (await tools.line.turn(ticket).catch(onlyAway))
  if (turn?.is === 'waits') return showPlace(tools, ctx, turn.position)
  const called = turn?.is === 'come' ? ticket : undefined
  if (called === undefined && tools.line.isOpen()) return putInLine(tools, ctx)
  const leave = await tools.gate.enter(called === undefined ? 'beginning' : 'called', from).catch(onlyCrowded)
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
  if (given === undefined) return turnAway(ctx, crowded())
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
