import type { IncomingMessage } from 'node:http'
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'

/** What the library tells aside of a request that it refuses: its word, and its reason, which it keeps to itself. */
export type Refusal = { error: string; /** What the answer says. */ said: string; /** What is behind it. */ detail?: string | undefined }

const refused = new WeakMap<IncomingMessage, Refusal>()

/** Hears why the library refuses what, and keeps it as long as the request is there. Once for each provider. */
export function hearRefusals(provider: Provider): void {
  const hear = ({ req }: Pick<KoaContextWithOIDC, 'req'>, error: Error) => void refused.set(req, refusalOf(error))
  provider.on('authorization.error', hear)
  provider.on('grant.error', hear)
  provider.on('pushed_authorization_request.error', hear)
  provider.on('introspection.error', hear)
  provider.on('revocation.error', hear)
  provider.on('userinfo.error', hear)
  provider.on('backchannel_authentication.error', hear)
  provider.on('device_authorization.error', hear)
  provider.on('end_session.error', hear)
}

export function refusalAt(request: IncomingMessage): Refusal | undefined {
  return refused.get(request)
}

function refusalOf(error: Error): Refusal {
  if (!(error instanceof errors.OIDCProviderError)) return { error: 'server_error', said: '' }
  return { error: error.error, said: error.error_description ?? error.message, detail: error.error_detail }
}
