import type { KeyObject } from 'node:crypto'
import type { Context, Next } from 'koa'
import { Problem } from '#kernel/problem.ts'
import { wholeBelow } from '#kernel/random.ts'
import { comeBackAfter, type Gate, type RefusalReason, type Refusals, type Work } from '#domain/abuse/admission.ts'
import type { Sender } from '#domain/abuse/fairness.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import { networkOf, siteOf } from '#domain/abuse/network.ts'
import { lookAgainAfter, waitOf, type Line } from '#domain/abuse/line.ts'
import type { ShownBanners } from '#domain/banner/store.ts'
import { protocolRoutes } from '#oidc/routes.ts'
import { renderHtml } from './html.ts'
import { stateOf } from './request/state.ts'
import { keepTicket, readTicket } from './request/ticket.ts'
import { viewOf } from './request/visit.ts'
import { linePage } from './views/line.ts'

export type LineTools = {
  gate: Pick<Gate, 'enter' | 'judged'>
  refusals: Refusals
  line: Pick<Line, 'isOpen' | 'give' | 'turn' | 'perSecond' | 'use'>
  limits: Pick<Limits, 'spend'>
  csrfKey: KeyObject
  issuer: string
  shownBanners: Pick<ShownBanners, 'at'>
  trying?: boolean | undefined
}

/** A person who begins; where nothing may be shown (OIDC Core §3.1.2.1, `prompt=none`) nobody is told a place. */
export function isAtTheDoor({ method, path, query, headers }: Context): boolean {
  return method === 'GET' && path === protocolRoutes.authorization && query['prompt'] !== 'none' && takesPages(headers)
}

/** Whoever cannot wait, for a program is shown no page and a frame may show none, would go in before the people who do. */
export function wouldOvertake(ctx: Context, work: Work): boolean {
  return ctx.path === protocolRoutes.authorization && !isAtTheDoor(ctx) && (work === 'beginning' || !takesPages(ctx.headers))
}

const takesPages = ({ accept = '' }: Context['headers']): boolean => accept.includes('text/html')

const crowded = (): Problem => new Problem('service.crowded', { detail: { retryAfter: comeBackAfter(wholeBelow) } })

type Refusal = { work: Work; reason: RefusalReason }

/** Whoever is told to come back, with a page or without, is counted here and nowhere else. */
function note({ refusals }: Pick<LineTools, 'refusals'>, ctx: Context, { work, reason }: Refusal): void {
  stateOf(ctx).turnedAway = true
  refusals.note(work, reason)
}

export function turnAway(tools: Pick<LineTools, 'refusals'>, ctx: Context, { error = crowded(), ...refusal }: Refusal & { error?: unknown }): never {
  note(tools, ctx, refusal)
  throw error
}

export async function within(leave: () => void, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
  } finally {
    leave()
  }
}

/**
 * Whoever brings a reference stands in no line: it is good for a minute (RFC 9126 §2.2), and would lapse there. They come before all who do,
 * for their services were let in with as many only as there was room for, and look again every few seconds: that takes no number and asks no store.
 */
export async function admitPushed(tools: LineTools, ctx: Context, { from, next }: { from: Sender; next: Next }): Promise<void> {
  const leave = await tools.gate.enter('pushed', from).catch(onlyCrowded)
  if (leave === undefined) return showPlace(tools, ctx, { position: 1, work: 'pushed', reason: 'crowded' })
  await within(leave, next)
  // Only the store could say whether it was given, and has: to whom it was not is shown a page that says so (400).
  tools.gate.judged('pushed', from, ctx.res.statusCode === 400 ? 'forged' : 'genuine')
}

export async function admitInTurn(tools: LineTools, ctx: Context, { from, next }: { from: Sender; next: Next }): Promise<void> {
  const ticket = readTicket(tools, ctx.req)
  const turn = ticket && (await tools.line.turn(ticket).catch(onlyAway))
  if (turn?.is === 'waits') return showPlace(tools, ctx, { position: turn.position, work: 'beginning', reason: 'in-line' })
  const called = turn?.is === 'come' ? ticket : undefined
  if (called === undefined && tools.line.isOpen()) return putInLine(tools, ctx)
  const enter = called === undefined ? tools.gate.enter('beginning', from) : tools.gate.enter('called', { ...from, shown: `ticket:${called.mark}` })
  const leave = await enter.catch(onlyCrowded)
  if (leave === undefined) return called === undefined ? putInLine(tools, ctx) : showPlace(tools, ctx, { position: 1, work: 'called', reason: 'crowded' })
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
async function putInLine(tools: LineTools, ctx: Context): Promise<void> {
  const mayTake = await spendNumber(tools.limits, networkOf(stateOf(ctx).visit.address)).then(() => true, onlyTooMany)
  const given = mayTake === true ? await tools.line.give().catch(onlyAway) : undefined
  if (given === undefined) return turnAway(tools, ctx, { work: 'beginning', reason: 'no-number' })
  keepTicket(tools, ctx.res, given.ticket)
  showPlace(tools, ctx, { position: given.turn.is === 'waits' ? given.turn.position : 1, work: 'beginning', reason: 'in-line' })
}

/**
 * Whoever has a whole site has 65,536 networks of IPv6; behind one of those there may be a carrier with all its people, so a site may take ten times as many.
 * Of IPv4 both are the same, and one limit is enough: this is done for everybody who comes while it is crowded.
 */
async function spendNumber(limits: LineTools['limits'], network: string): Promise<void> {
  const site = siteOf(network)
  await limits.spend('line-numbers-per-network', network)
  if (site !== network) await limits.spend('line-numbers-per-site', site)
}

function showPlace(tools: LineTools, ctx: Context, { position, ...refusal }: Refusal & { position: number }): void {
  note(tools, ctx, refusal)
  const { visit } = stateOf(ctx)
  const wait = waitOf(position, tools.line.perSecond())
  const again = lookAgainAfter(wait, wholeBelow)
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
