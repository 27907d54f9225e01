import type { KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { Problem, type ProblemCode } from '#kernel/problem.ts'
import { reference } from '#kernel/random.ts'
import type { ProblemNotes } from '#domain/audit/told-problem.ts'
import { ownPagesId } from '#domain/client/client.ts'
import type { KnownClients } from '#oidc/client/known.ts'
import { serviceOf } from '#web/interaction/at.ts'
import { problemPage, tellOf } from '#web/problem/page.ts'
import { viewOf } from '#web/request/visit.ts'
import { signOutPage, signedOutPage } from '#web/views/sign-out.ts'
import { makeDevicePages } from './device.ts'
import { draw, readForm, visitOf } from './draw.ts'

type Tools = { csrfKey: KeyObject; log: Log; clock: Clock; problemNotes: ProblemNotes; clients: Pick<KnownClients, 'find'> }

/** A context of the provider, as far as its pages need it. */
type ProviderContext = {
  req: IncomingMessage
  res: ServerResponse
  path: string
  type: string
  status: number
  body: unknown
  set: (name: string, value: string) => void
  oidc: {
    client?: { clientId: string } | undefined
    params?: object | undefined
    session?: { authorizations?: object | undefined; sidFor: (client: string) => string | undefined } | undefined
    entities: { IdTokenHint?: { payload: { sid?: unknown } } | undefined }
  }
}

/** The pages that the protocol shows to people: its errors and the two of signing out. */
export function makeProviderPages(tools: Tools) {
  return {
    device: makeDevicePages(tools),

    async error(ctx: ProviderContext, out: { error: string; error_description?: string | undefined }, error: Error): Promise<void> {
      const problem = error.cause instanceof Problem ? error.cause : new Problem(problemFor(out.error, error), { detail: await hostOf(tools, ctx) })
      const told = tellOf(problem)
      const given = reference()
      const client = ctx.oidc.client?.clientId
      tools.log[told.rule.log]({ reference: given, route: ctx.path, error: out.error, client }, 'protocol request refused', error)
      tools.problemNotes.note({ reference: given, at: tools.clock.now(), problem: told.code, place: rootOf(ctx.path), client, error: out.error })
      ctx.type = 'html'
      draw(ctx, problemPage(viewOf(tools, visitOf(ctx)), told, { reference: given }))
    },

    async signOut(ctx: ProviderContext, form: string): Promise<void> {
      const view = viewOf(tools, visitOf(ctx), localesOf(ctx))
      const client = ctx.oidc.client && (await tools.clients.find(ctx.oidc.client.clientId))
      // Our own pages are no service to the person.
      const count = Object.keys(ctx.oidc.session?.authorizations ?? {}).filter((id) => id !== ownPagesId).length
      const proven = client !== undefined && endsOwnSession(ctx, client.id)
      const service = client && serviceOf(client, view)
      const page = signOutPage(view, { ...readForm(form), count, proven, ...(service && { service }) })
      draw(ctx, page, redirectOrigin(ctx))
    },

    async signedOut(ctx: ProviderContext): Promise<void> {
      const view = viewOf(tools, visitOf(ctx), localesOf(ctx))
      const client = ctx.oidc.client && (await tools.clients.find(ctx.oidc.client.clientId))
      const service = client && serviceOf(client, view)
      ctx.set('Clear-Site-Data', '"cache", "storage"')
      draw(ctx, signedOutPage(view, service ? { service, ...(service.uri !== undefined && { back: service.uri }) } : {}))
    },
  }
}

/** Without the name of the interaction that may follow. */
const rootOf = (path: string): string => `/${path.split('/')[1] ?? ''}`

/** What a protocol error is to the person who meets it: a sentence, and never the protocol's word. */
function problemFor(name: string, error: Error): ProblemCode {
  if (name === 'server_error') return 'internal'
  if (name === 'temporarily_unavailable') return 'service.unavailable'
  // Thrown by the library for a sign-in or sign-out that is over, or that another browser began.
  if (error.name === 'SessionNotFound') return 'interaction.expired'
  return 'request.malformed'
}

/** Whose link it was, for "the service made the mistake, not you". */
async function hostOf({ clients }: Tools, { oidc }: ProviderContext): Promise<{ host?: string }> {
  const client = oidc.client && (await clients.find(oidc.client.clientId).catch(() => undefined))
  // Only what was registered is named: the request could put any words here.
  const [uri] = client?.registered.redirect_uris ?? []
  return uri === undefined ? {} : { host: new URL(uri).host }
}

function localesOf({ oidc }: ProviderContext): string | undefined {
  const wished: unknown = oidc.params && Reflect.get(oidc.params, 'ui_locales')
  return typeof wished === 'string' ? wished : undefined
}

/** The hint was checked by the library; it names this very session (OpenID RP-Initiated Logout 1.0 §4). */
function endsOwnSession({ oidc }: ProviderContext, client: string): boolean {
  const hinted = oidc.entities.IdTokenHint?.payload.sid
  return hinted !== undefined && hinted === oidc.session?.sidFor(client)
}

/** Signing out ends at the service: the form may lead there. */
function redirectOrigin({ oidc }: ProviderContext): readonly string[] {
  const uri: unknown = oidc.params && Reflect.get(oidc.params, 'post_logout_redirect_uri')
  return typeof uri === 'string' && URL.canParse(uri) ? [new URL(uri).origin] : []
}
