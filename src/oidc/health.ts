import type { IncomingMessage } from 'node:http'
import type { X509Certificate } from 'node:crypto'
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { clientId } from '#kernel/id.ts'
import type { HealthNotes } from '#domain/statistic/health.ts'
import { causeOf } from './explained/cause.ts'

type Tools = { health: HealthNotes; clock: Clock; presented: (request: IncomingMessage) => X509Certificate | undefined }

/** Notes what each service is refused, and the certificate it comes with. Whoever is nobody's client is not counted: there is no end to them. */
export function noteHealth(provider: Provider, { health, clock, presented }: Tools): void {
  const refused = ({ oidc }: KoaContextWithOIDC, fault: Error) => {
    const client = clientId.safeParse(oidc.client?.clientId).data
    if (client === undefined) return
    const { error, reason } = fault instanceof errors.OIDCProviderError
      ? { error: fault.error, reason: fault.error_detail ?? fault.error_description ?? '' } : { error: 'server_error', reason: '' }
    health.fault({ client, ...causeOf(error, reason) })
  }
  provider.on('authorization.error', refused)
  provider.on('grant.error', refused)
  provider.on('pushed_authorization_request.error', refused)
  provider.on('introspection.error', refused)
  provider.on('revocation.error', refused)
  provider.on('userinfo.error', refused)
  provider.on('backchannel_authentication.error', refused)
  provider.on('device_authorization.error', refused)
  provider.on('grant.success', ({ req, oidc: { client } }) => {
    const [id, method] = [clientId.safeParse(client?.clientId).data, client?.clientAuthMethod]
    const certificate = method?.endsWith('tls_client_auth') === true ? presented(req) : undefined
    if (id !== undefined && certificate !== undefined) health.mark({ client: id, what: 'certificate', at: clock.now(), detail: certificate.validToDate.toISOString() })
  })
}
