import type { IncomingMessage } from 'node:http'
import type { Context, Next } from 'koa'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { accountId, clientId } from '#kernel/id.ts'
import type { EvidenceStore } from '#domain/assurance/store.ts'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { Ending, ServiceSession, ServiceSessionStore } from '#domain/signal/session.ts'
import { sourceOf } from './tokens.ts'

/**
 * Audit before answer (L01). What happens during a protocol request is noted here, and written in one commit after
 * the library has built its answer and before a byte of it leaves.
 */
export type Recorder = {
  note: (request: IncomingMessage, event: AuditEvent) => void
  /** In this request a session reaches a service, or ends: written in the same commit as the events. */
  began: (request: IncomingMessage, session: Begun) => void
  ended: (request: IncomingMessage, ending: Ending) => void
  /** Koa middleware around the library's own. Throws when the log cannot be written, and then nothing was said. */
  record: (ctx: Context, next: Next) => Promise<void>
}

/** With what a session was opened is looked up when it is recorded. */
export type Begun = Omit<ServiceSession, 'passkeys'>

type Tools = { audit: AuditLog; serviceSessions: Pick<ServiceSessionStore, 'begin' | 'end'>; evidences: Pick<EvidenceStore, 'find'> }

export function makeRecorder({ audit, serviceSessions, evidences }: Tools): Recorder {
  const noted = new WeakMap<IncomingMessage, AuditEvent[]>()
  const begun = new WeakMap<IncomingMessage, Begun>()
  const endings = new WeakMap<IncomingMessage, Ending>()

  function note(request: IncomingMessage, event: AuditEvent): void {
    noted.set(request, [...(noted.get(request) ?? []), event])
  }

  async function begin(session: Begun, events: readonly AuditEvent[]): Promise<void> {
    const evidence = await evidences.find(session.session)
    await serviceSessions.begin({ ...session, passkeys: evidence === undefined ? [] : [evidence.passkey] }, events)
  }

  return {
    note,
    began: (request, session) => void begun.set(request, session),
    ended: (request, ending) => void endings.set(request, ending),
    async record(ctx, next) {
      await next()
      const outcome = isProtocol(ctx) ? outcomeOf(ctx) : undefined
      // What was revoked is revoked, also where the request that caused it was refused.
      const happened = (noted.get(ctx.req) ?? []).filter(({ type }) => ctx.status < 400 || type === 'grant.revoked')
      const events = [...(outcome ? [outcome] : []), ...happened]
      const [session, ending] = [ctx.status < 400 ? begun.get(ctx.req) : undefined, endings.get(ctx.req)]
      if (ending !== undefined) return serviceSessions.end(ending, events)
      if (session !== undefined) return begin(session, events)
      if (events.length > 0) await audit.append(...events)
    },
  }
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
function isProtocol(ctx: Context): ctx is KoaContextWithOIDC {
  return 'oidc' in ctx
}

type Outcome = (ctx: KoaContextWithOIDC) => AuditEvent | undefined

/** What an answered route means. Requests that failed at the protocol are logged, not recorded: nothing was decided. */
const outcomes: Readonly<Record<string, Outcome>> = {
  token: issued,
  authorization: authorized,
  resume: authorized,
  code_verification: authorized,
  device_resume: authorized,
  end_session_confirm: (ctx) => {
    if (ctx.status >= 400) return undefined
    const { client } = ctx.oidc
    return { type: 'logout.finished', ...(client && { client: clientId.parse(client.clientId) }) }
  },
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
  return {
    type: 'authorization.granted', client: clientId.parse(code.clientId), account: accountId.parse(code.accountId),
    grant: code.grantId, ...(acr !== undefined && { acr }),
  }
}

function outcomeOf(ctx: KoaContextWithOIDC): AuditEvent | undefined {
  return outcomes[ctx.oidc.route]?.(ctx)
}
