import type { IncomingMessage } from 'node:http'
import { Provider, type AdapterPayload } from 'oidc-provider'
import type { AuditEvent, AuditLog } from '#domain/audit/event.ts'
import type { keptGrants } from './grants.ts'

type Reason = Extract<AuditEvent, { type: 'grant.revoked' }>['reason']
type Tools = { grants: ReturnType<typeof keptGrants>; audit: AuditLog }

/** Whatever is used a second time ends what it gave (RFC 6749 §4.1.2, RFC 9700 §4.14.2). */
export function endsOfReplayed({ grants, audit }: Tools, reason: Reason) {
  async function end(grant: string): Promise<void> {
    await grants.drop(grant)
    await audit.append({ type: 'grant.revoked', grant, reason })
  }
  return {
    end,
    /** A code that is no more, or never was, is shown. The mark of its use outlives it and says whose it was; its own client's word counts. */
    async late(mark: string | undefined): Promise<undefined> {
      const [grant, client] = mark?.split(' ') ?? []
      if (grant === undefined || client === undefined || client !== Provider.ctx?.oidc.client?.clientId) return
      if ((await grants.find(grant)) !== undefined) await end(grant)
    },
  }
}

/** Whose code this request has found, so that marking its use need not look again. */
const found = new WeakMap<IncomingMessage, string>()

export function noteCode({ grantId, clientId }: AdapterPayload): void {
  const request = Provider.ctx?.req
  if (request !== undefined && grantId !== undefined && clientId !== undefined) found.set(request, `${grantId} ${clientId}`)
}

/** What the use of a code is marked with. */
export function codeMark(): string {
  const request = Provider.ctx?.req
  return (request && found.get(request)) ?? 'used'
}
