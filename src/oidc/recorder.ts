import type { IncomingMessage } from 'node:http'
import type { Context, Next } from 'koa'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { accountId, clientId } from '#kernel/id.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { ServiceSession, ServiceSessionStore } from '#domain/signal/session.ts'
import { actingAt } from './acting.ts'
import { beginningOf, endingOf, leftBy } from './service-sessions.ts'
import { sourceOf } from './tokens.ts'

/**
 * Audit before answer (L01). What happens during a protocol request is noted here, and written in one commit after
 * the library has built its answer and before a byte of it leaves. What its store would let out earlier is written before that.
 */
export type Recorder = {
  note: (request: IncomingMessage, event: AuditEvent) => void
  /** In this request a session reaches a service: written in the same commit as the events. */
  began: (ctx: KoaContextWithOIDC) => void
  /** An error is told in this request: whatever was prepared before, a code among it, reaches nobody, and is not recorded as if it had. */
  failed: (ctx: KoaContextWithOIDC) => void
  /** Writes that a device is let in. To be called before its code says so, for the device may ask at any moment. */
  letIn: (ctx: KoaContextWithOIDC) => Promise<void>
  /**
   * Writes that a person leaves, at a request that is about that, and queues what services are to be told (P19). To be called while the
   * session is still there: what cannot be written is asked again, and a session that is gone no longer says whom to tell.
   */
  leaves: (ctx: KoaContextWithOIDC) => Promise<void>
  /** Koa middleware around the library's own. Throws when the log cannot be written, and then nothing was said. */
  record: (ctx: Context, next: Next) => Promise<void>
}

type Tools = {
  audit: AuditLog
  serviceSessions: Pick<ServiceSessionStore, 'begin' | 'end'>
  clock: Clock
  /** Seconds that a session lives at most. */
  longest: number
}

export function makeRecorder({ audit, serviceSessions, clock, longest }: Tools): Recorder {
  const noted = new WeakMap<IncomingMessage, AuditEvent[]>()
  const begun = new WeakMap<IncomingMessage, ServiceSession>()
  const leaving = new WeakMap<IncomingMessage, Promise<void>>()
  const failures = new WeakSet<IncomingMessage>()
  const beginning = (ctx: KoaContextWithOIDC) => beginningOf(ctx, { now: clock.now(), longest })

  async function write(events: readonly AuditEvent[], session: ServiceSession | undefined): Promise<void> {
    if (session !== undefined) return serviceSessions.begin(session, events)
    if (events.length > 0) await audit.append(...events)
  }

  async function leave(ctx: KoaContextWithOIDC): Promise<void> {
    const [event, ending] = [left(ctx), endingOf(ctx, clock.now())]
    if (event === undefined) return
    const events = [event, ...(noted.get(ctx.req) ?? [])]
    await (ending === undefined ? audit.append(...events) : serviceSessions.end(ending, events))
    noted.delete(ctx.req)
  }

  return {
    note: (request, event) => void noted.set(request, [...(noted.get(request) ?? []), event]),
    began(ctx) {
      const session = beginning(ctx)
      if (session !== undefined) begun.set(ctx.req, session)
    },
    failed: ({ req }) => void failures.add(req),
    async letIn(ctx) {
      const granted = authorized(ctx)
      await write(granted ? [granted] : [], beginning(ctx))
    },
    leaves(ctx) {
      // Once in a request: the library saves a session again that it could not save, and what was not written then is not done either.
      const done = leaving.get(ctx.req) ?? leave(ctx)
      leaving.set(ctx.req, done)
      return done
    },
    async record(ctx, next) {
      await next().catch((error: unknown) => {
        // The library saves the session once more on its way out. Where that fails too, the service still hears what it was told already.
        if (!failures.has(ctx.req) || ctx.response.get('Location') === '') throw error
      })
      const answers = ctx.status < 400 && !failures.has(ctx.req)
      const outcome = answers && isProtocol(ctx) ? outcomeOf(ctx) : undefined
      // What was revoked is revoked, also where the request that caused it was refused.
      const happened = (noted.get(ctx.req) ?? []).filter(({ type }) => answers || type === 'grant.revoked')
      await write([...(outcome ? [outcome] : []), ...happened], answers ? begun.get(ctx.req) : undefined)
    },
  }
}

/**
 * Where sessions reach services, as the library tells it; that of a device was written before (`letIn`). The library saves a person's session
 * last: when that fails the service hears of the failure, and of nothing that was ready for it.
 */
export function recordSessions(provider: Provider, recorder: Pick<Recorder, 'began' | 'failed'>): void {
  provider.on('authorization.success', (ctx) => {
    if (ctx.oidc.entities.DeviceCode === undefined) recorder.began(ctx)
  })
  provider.on('authorization.error', recorder.failed)
  provider.on('server_error', recorder.failed)
}

/**
 * The library revokes grants at the end of a session, for a client, and where it sees a used value again; those of a race are revoked, and
 * recorded, by the store.
 */
export function recordRevocations(provider: Provider, recorder: Pick<Recorder, 'note'>): void {
  provider.on('grant.revoked', (ctx, grant) => {
    const client = clientId.safeParse(ctx.oidc.client?.clientId).data
    recorder.note(ctx.req, { type: 'grant.revoked', grant, reason: reasonOf(ctx), ...(client && { client }) })
  })
}

function reasonOf({ oidc: { route, params } }: KoaContextWithOIDC): Extract<AuditEvent, { type: 'grant.revoked' }>['reason'] {
  if (route === 'revocation') return 'revoked-by-client'
  if (route !== 'token') return 'logout'
  return params?.['grant_type'] === 'refresh_token' ? 'refresh-token-replayed' : 'code-replayed'
}

/** The library gives its context to its own routes only. */
export function isProtocol(ctx: Context): ctx is KoaContextWithOIDC {
  return 'oidc' in ctx
}

type Outcome = (ctx: KoaContextWithOIDC) => AuditEvent | undefined

/** What an answered route means. Requests that failed at the protocol are logged, not recorded: nothing was decided. */
const outcomes: Readonly<Record<string, Outcome>> = {
  token: issued,
  authorization: authorized,
  resume: authorized,
}

/** At whose wish somebody leaves, if a service asked. */
function left(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  if (ctx.oidc.route !== 'end_session_confirm' || leftBy(ctx).is === 'nothing') return undefined
  const { client } = ctx.oidc
  return { type: 'logout.finished', ...(client && { client: clientId.parse(client.clientId) }) }
}

/** Without an account a service acted for itself. */
function issued(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  const { AccessToken: token, ClientCredentials: own } = ctx.oidc.entities
  const client = clientId.safeParse((token ?? own)?.clientId).data
  if (ctx.status !== 200 || client === undefined) return undefined
  const kinds = typeof ctx.body === 'object' ? Object.keys(ctx.body ?? {}).filter((name) => name.endsWith('_token')) : []
  const known = { account: accountId.safeParse(token?.accountId).data, grant: token?.grantId, acr: sourceOf(ctx)?.acr }
  return { type: 'token.issued', client, kinds, through: String(ctx.oidc.params?.['grant_type']), ...present(known) }
}

type Present<Fields> = { [Name in keyof Fields]?: NonNullable<Fields[Name]> }

/** Fields without a value are absent from the record. */
function present<Fields extends object>(fields: Fields): Present<Fields> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, but for those that are undefined
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}

function authorized(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  const code = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.DeviceCode
  if (code?.accountId === undefined || code.grantId === undefined) return undefined
  const { acr } = code
  const { by: representative, organisation } = actingAt(ctx)
  return {
    type: 'authorization.granted', client: clientId.parse(code.clientId), account: accountId.parse(code.accountId),
    grant: code.grantId, ...(acr !== undefined && { acr }), ...(representative && { representative }), ...(organisation && { organisation }),
  }
}

function outcomeOf(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  return outcomes[ctx.oidc.route]?.(ctx)
}
