import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client'
import { homePage, notFoundPage, signedOutPage, troublePage, welcomePage } from './pages.ts'
import type { Site, View } from './pages.ts'
import type { SignIn } from './service.ts'
import { makeSessions } from './session.ts'
import type { Session, Sessions } from './session.ts'
import { styleHash } from './style.ts'
import { troubles } from './words.ts'
import type { Trouble } from './words.ts'

export type SiteSettings = { site: Site; origin: string; issuer: URL; otherSite: string; /** What it asks for, whoever comes. */ scope: string; signIn: SignIn }

type Answer = { page: string; status?: number; session?: Session } | { to: URL | string; session?: Session }
type Visit = { settings: SiteSettings; request: IncomingMessage; url: URL; session: Session; view: View }

/** One relying party as a web server of its own; the caller listens and closes. */
export function makeSite(settings: SiteSettings): Server {
  const sessions = makeSessions(settings.site)
  return createServer((request, response) => {
    answer(settings, sessions, request).then(
      (reply) => send(settings, response, reply),
      (error: unknown) => {
        console.error(error)
        response.writeHead(500).end()
      },
    )
  })
}

type Reply = { answer: Answer; cookie: string | undefined }

async function answer(settings: SiteSettings, sessions: Sessions, request: IncomingMessage): Promise<Reply> {
  const session = sessions.of(request) ?? { language: preferred(request), pending: [] }
  const url = new URL(request.url ?? '/', settings.origin)
  const view = { site: settings.site, language: session.language, otherSite: settings.otherSite }
  const visit = { settings, request, url, session, view }
  const act = acts[`${request.method ?? ''} ${url.pathname}`]
  if (!act) return { answer: { page: notFoundPage(view), status: 404 }, cookie: undefined }
  const told = await act(visit).catch((error: unknown) => trouble(view, error))
  return { answer: told, cookie: told.session && sessions.keep(request, told.session).cookie }
}

const acts: Record<string, (visit: Visit) => Promise<Answer>> = {
  'GET /': async ({ view, session }) => ({ page: session.signedIn ? welcomePage(view, session.signedIn) : homePage(view) }),
  'GET /signed-out': async ({ view }) => ({ page: signedOutPage(view) }),
  'POST /language': async ({ request, session }) => {
    const to = (await form(request)).get('to') === 'en' ? 'en' : 'vi'
    return { to: '/', session: { ...session, language: to } }
  },
  'POST /login': (visit) => beginSignIn(visit),
  'POST /login/face': (visit) => beginSignIn(visit, { acr_values: 'urn:vn:eid:loa:3' }),
  'POST /login/organisation': (visit) => beginSignIn(visit, { scope: `${visit.settings.scope} organisation` }),
  'GET /callback': finishSignIn,
  'POST /logout': signOut,
}

async function beginSignIn({ settings, session }: Visit, more?: Readonly<Record<string, string>>): Promise<Answer> {
  const { to, pending } = await settings.signIn.begin(session.language, more)
  return { to, session: { ...session, pending: [...session.pending, pending].slice(-tabs) } }
}

/** Sign-ins of one visitor under way at once; the oldest gives way. */
const tabs = 5

async function finishSignIn({ settings, url, session, view }: Visit): Promise<Answer> {
  const state = url.searchParams.get('state')
  const pending = session.pending.find((one) => one.state === state)
  if (!pending) return { page: troublePage(view, 'forgotten', 'state'), status: 400 }
  const left = { ...session, pending: session.pending.filter((one) => one !== pending) }
  try {
    return { to: '/', session: { ...left, signedIn: await settings.signIn.finish(url, pending) } }
  } catch (error) {
    return { ...trouble(view, error), session: left }
  }
}

/** Signed out here whatever happens; that the provider could not be reached is said, for its session then lives on. */
async function signOut({ settings, session, view }: Visit): Promise<Answer> {
  const fresh = { language: session.language, pending: [] }
  if (!session.signedIn) return { to: '/signed-out', session: fresh }
  try {
    return { to: await settings.signIn.signOut(session.signedIn), session: fresh }
  } catch (error) {
    return { ...trouble(view, error), session: fresh }
  }
}

function trouble(view: View, error: unknown): Answer & { page: string } {
  const what = troubleOf(error)
  return { page: troublePage(view, what, describe(error)), status: what === 'unreachable' ? 503 : 400 }
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return troubles.find((one) => one === error.error) ?? 'unsound'
  }
  if (error instanceof ClientError && error.code !== 'OAUTH_TIMEOUT') return 'unsound'
  return 'unreachable'
}

function describe(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return [error.error, error.error_description].filter(Boolean).join(': ')
  }
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return error instanceof Error ? `${error.message}${cause}` : 'unknown'
}

function send({ issuer }: SiteSettings, response: ServerResponse, { answer: told, cookie }: Reply): void {
  response.setHeaders(new Headers({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // A form may lead to the provider and back (CSP3 §6.4.1 is checked on redirects too); nothing else is loaded.
    'content-security-policy': `default-src 'none'; style-src ${styleHash}; img-src data:; `
      + `form-action 'self' ${issuer.origin}; base-uri 'none'; frame-ancestors 'none'`,
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  }))
  if ('to' in told) {
    response.writeHead(303, { location: String(told.to) }).end()
    return
  }
  response.writeHead(told.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }).end(told.page)
}

async function form(request: IncomingMessage): Promise<URLSearchParams> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk)
    if (body.length > 2048) throw new Error('too much')
  }
  return new URLSearchParams(body)
}

function preferred(request: IncomingMessage): 'vi' | 'en' {
  const [first] = (request.headers['accept-language'] ?? 'vi').split(',')
  return first?.trim().toLowerCase().startsWith('en') ? 'en' : 'vi'
}
