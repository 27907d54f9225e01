import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import Koa, { type Context, type Middleware, type Next } from 'koa'
import { isFor } from '#kernel/plane.ts'
import { Problem } from '#kernel/problem.ts'
import type { Log } from '#kernel/log.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import type { ShownBanners } from '#domain/banner/store.ts'
import type { AnswerTimes } from '#domain/statistic/answer-time.ts'
import type { LimitName } from '#domain/abuse/limits.ts'
import type { ClientId } from '#kernel/id.ts'
import type { KeySetNotes } from '#domain/signing-key/watch.ts'
import { networkOf } from '#domain/abuse/network.ts'
import { protocolRoutes, protocolRule } from '#oidc/routes.ts'
import { serveApi, type ApiTools } from './api/serve.ts'
import { admitWork } from './admission.ts'
import { serveReaders } from './desk/reader.ts'
import { measureAnswers } from './answer/timing.ts'
import { serveAssets } from './assets/serve.ts'
import { checkUrl, readBody } from './request/body.ts'
import { tellProblems } from './problem/answer.ts'
import { asIssuer, clientAddress, silenceStrangers, trustedProxies } from './request/proxy.ts'
import { askAgainByGet } from './protocol/posted.ts'
import { answerPublished } from './protocol/published.ts'
import { makeRouter, takesFile, type RouterTools } from './router.ts'
import { isReader } from './place/program.ts'
import type { KnownNetworks } from './request/known-networks.ts'
import { stateOf } from './request/state.ts'

export type WebTools = RouterTools & ApiTools & Parameters<typeof serveReaders>[0] & Pick<Parameters<typeof admitWork>[0], 'gate' | 'line' | 'refusals' | 'signInShown'> & {
  /** Where services call from that have proved themselves. */
  known: KnownNetworks
  log: Log
  problemNotes: ProblemNotes
  /** Whatever is not a page of ours: the protocol. Set anew when the provider is. */
  protocol: () => (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** Answers of the protocol that are ready to be sent, by path. */
  published: (path: string) => { body: Buffer; type: string } | undefined
  ready: () => Promise<boolean>
  shownBanners: ShownBanners
  times: AnswerTimes
  /** Absent where nobody asks who fetches the key set. */
  keySetNotes?: KeySetNotes
  /** The service that has proved itself in a request. */
  provedIn?: (request: IncomingMessage) => ClientId | undefined
  trustedProxies: readonly string[]
  /** Headers that count from a trusted proxy alone, in lower case. */
  proxyHeaders: readonly string[]
  /** Addresses of the protocol that are counted by network, each under a limit. */
  paced: ReadonlyMap<string, LimitName>
  /** What answers programs beside the protocol and the API of administrators. */
  forPrograms: readonly Middleware[]
  /** Milliseconds within which every request ends. */
  deadlines: { page: number; protocol: number }
}

/** The web server's one listener: the order of everything, once. What is of another plane is not here (A02). */
export function makeListener(tools: WebTools): RequestListener {
  const app = new Koa()
  app.use(tellProblems(tools))
  app.use(measureAnswers(tools))
  app.use(checkRequest(tools))
  app.use(serveAssets)
  app.use(probes(tools))
  if (!isFor(tools.plane, 'console')) app.use(withoutReaders)
  app.use(withinDeadline(tools))
  // Whoever sends slowly takes no place from others.
  app.use(readForms)
  app.use(admitWork(tools))
  app.use(readBanners(tools))
  for (const middleware of tools.forPrograms) app.use(middleware)
  const [isForAll, isForOfficers] = [isFor(tools.plane, 'citizen'), isFor(tools.plane, 'console')]
  if (isForOfficers) app.use(serveApi(tools))
  if (isForOfficers) app.use(serveReaders(tools))
  app.use(makeRouter(tools).routes())
  app.use(isForAll ? toProtocol(tools) : notHere)
  const handle = app.callback()
  const noteFetch = fetchNoter(tools)
  return (request, response) => {
    const published = isForAll && request.method === 'GET' ? tools.published(request.url ?? '') : undefined
    if (request.url?.split('?')[0] === protocolRoutes.jwks) noteFetch(request, response)
    if (published === undefined) void handle(request, response)
    else answerPublished(response, published)
  }
}

/** A fetch is one that was answered; a cache that has the set already and asks whether it is good has it too. */
function fetchNoter({ keySetNotes, trustedProxies: named }: WebTools) {
  const proxies = trustedProxies(named)
  return (request: IncomingMessage, response: ServerResponse): void => {
    if (keySetNotes === undefined || request.method !== 'GET') return
    // Before the headers of proxies are taken away.
    const address = clientAddress(request, proxies)
    response.once('finish', () => {
      if (response.statusCode === 200 || response.statusCode === 304) keySetNotes.fetched(address)
    })
  }
}

function checkRequest(tools: WebTools) {
  const issuer = new URL(tools.issuer)
  const proxies = trustedProxies(tools.trustedProxies)
  return async (ctx: Context, next: Next) => {
    stateOf(ctx).visit.address = clientAddress(ctx.req, proxies)
    silenceStrangers(ctx.req, proxies, tools.proxyHeaders)
    asIssuer(ctx.req, issuer)
    checkUrl(ctx.req.url ?? '/')
    await next()
  }
}

/** `/livez` is this process alone, `/readyz` whether a sign-in could be finished now (R10). */
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

/** Chips are read at desks. Elsewhere nobody is given the time of a reader. */
async function withoutReaders(ctx: Context, next: Next): Promise<void> {
  if (isReader(ctx.path)) notHere()
  await next()
}

/** Whose body is read by whoever takes it: it may be longer than a form. */
const bringsFiles = (ctx: Context): boolean => takesFile(ctx) || isReader(ctx.path)

/** A file takes its time to arrive; the server gives every request ten seconds for that. */
const uploadMilliseconds = 15_000

function withinDeadline({ deadlines }: WebTools) {
  return async (ctx: Context, next: Next) => {
    const limit = bringsFiles(ctx) ? uploadMilliseconds : protocolRule(ctx.path)?.machine === true ? deadlines.protocol : deadlines.page
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Problem('service.unavailable')), limit)
    try {
      await Promise.race([next(), late.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Every page shows what is up; programs are told nothing by it. */
function readBanners({ shownBanners }: WebTools) {
  return async (ctx: Context, next: Next) => {
    if (protocolRule(ctx.path)?.machine !== true) await shownBanners.refresh()
    await next()
  }
}

async function readForms(ctx: Context, next: Next): Promise<void> {
  if (ctx.method === 'POST' && !bringsFiles(ctx)) {
    stateOf(ctx).text = await readBody(ctx.req)
  }
  await next()
}

function notHere(): never {
  throw new Problem('request.not-found')
}

/** oidc-provider writes its own answer on the same response; what is neither a page nor its business is not here. */
function toProtocol({ protocol, limits, paced, keySetNotes, provedIn, known }: WebTools) {
  // Counted before anything is looked up, so that parallel ones get no more.
  const count = (ctx: Context, limit: LimitName) => limits.spend(limit, networkOf(stateOf(ctx).visit.address))
  return async (ctx: Context) => {
    const rule = protocolRule(ctx.path)
    if (rule === undefined) throw new Problem('request.not-found')
    if (!rule.methods.includes(ctx.method)) {
      ctx.set('Allow', rule.methods.join(', '))
      throw new Problem('request.method')
    }
    if (rule.postedAgain && ctx.method === 'POST') {
      askAgainByGet(ctx)
      return
    }
    // RFC 8628 §5.1: codes that people type are short.
    if (ctx.method === 'POST' && ctx.path === protocolRoutes.code_verification) await count(ctx, 'device-codes-per-network')
    const limit = paced.get(ctx.path)
    if (limit !== undefined && ctx.method !== 'OPTIONS') await count(ctx, limit)
    ctx.respond = false
    await protocol()(ctx.req, ctx.res)
    const client = provedIn?.(ctx.req)
    if (client === undefined) return
    known.note(networkOf(stateOf(ctx).visit.address))
    keySetNotes?.called(client, stateOf(ctx).visit.address)
  }
}
