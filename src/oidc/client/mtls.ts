import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { errors, type Configuration } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import { inForce, isRegistered, leadsTo } from '#domain/client/certificate.ts'

/** Where client certificates come from (RFC 8705); without any of it there are none. */
export type MutualTls = Readonly<{
  /** Authorities in PEM whose certificates `tls_client_auth` takes. */
  authorities?: string
  /** The header in which a proxy of ours hands the certificate on, and the one in which it says whether its check succeeded. */
  header?: string
  verdictHeader?: string
}>

type Tools = { clock: Clock; /** The request came over a proxy of ours, whose word counts and whose own certificate does not. */ throughProxy: (request: IncomingMessage) => boolean }
type Features = NonNullable<Configuration['features']>

/** Client authentication that a server with these sources of certificates can offer. */
export function certificateMethods(source: MutualTls | undefined): readonly ('tls_client_auth' | 'self_signed_tls_client_auth')[] {
  if (source === undefined) return []
  return knowsAuthorities(source) ? ['tls_client_auth', 'self_signed_tls_client_auth'] : ['self_signed_tls_client_auth']
}

const knowsAuthorities = ({ authorities, verdictHeader }: MutualTls): boolean => authorities !== undefined || verdictHeader !== undefined

/** What the library asks of a certificate. One that is over is told apart, for that is what happens to good ones. */
export function certificateFeature(source: MutualTls | undefined, { clock, throughProxy }: Tools): NonNullable<Features['mTLS']> {
  if (source === undefined) return { enabled: false }
  const authorities = certificatesIn(source.authorities ?? '')
  const presented = presentedBy(source, throughProxy)

  function certificate(request: IncomingMessage): X509Certificate | undefined {
    const found = presented(request)
    if (found !== undefined && !inForce(found, clock.now())) throw new errors.InvalidRequest('the client certificate has expired or is not in force yet')
    return found
  }

  function authorized(request: IncomingMessage): boolean {
    if (!throughProxy(request)) return request.socket instanceof TLSSocket && request.socket.authorized
    const found = certificate(request)
    const vouched = source?.verdictHeader === undefined ? authorities.length > 0 : request.headers[source.verdictHeader] === 'SUCCESS'
    return found !== undefined && vouched && (authorities.length === 0 || leadsTo(authorities, found, clock.now()))
  }

  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: knowsAuthorities(source),
    getCertificate: ({ req }) => certificate(req),
    certificateAuthorized: ({ req }) => authorized(req),
    certificateSubjectMatches: ({ req }, property, expected) => {
      const found = certificate(req)
      return found !== undefined && isRegistered(found, property, expected)
    },
  }
}

/** The certificate of a request, whatever it is worth: the connection's, or the one that a proxy of ours speaks for. */
export function presentedBy(source: MutualTls | undefined, throughProxy: Tools['throughProxy']): (request: IncomingMessage) => X509Certificate | undefined {
  return (request) => {
    if (source === undefined) return undefined
    return throughProxy(request) ? handedOn(request, source.header) : ownOf(request)
  }
}

function ownOf({ socket }: IncomingMessage): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
}

const asBytes = /^:([A-Za-z0-9+/]+={0,2}):$/
const asEscapedPem = /^-----BEGIN%20CERTIFICATE-----[A-Za-z0-9%+/=]+-----END%20CERTIFICATE-----(?:%0A)?$/i

/**
 * The certificate in a proxy's header: a byte sequence (RFC 9440 §2.1) or PEM with its special characters escaped (nginx
 * `$ssl_client_escaped_cert`). Anything else, two of them too, is no certificate.
 */
function handedOn({ headers }: IncomingMessage, header: string | undefined): X509Certificate | undefined {
  const value = header === undefined ? undefined : headers[header]
  if (typeof value !== 'string') return undefined
  const bytes = asBytes.exec(value)?.[1]
  try {
    if (bytes !== undefined) return new X509Certificate(Buffer.from(bytes, 'base64'))
    return asEscapedPem.test(value) ? new X509Certificate(decodeURIComponent(value)) : undefined
  } catch {
    return undefined
  }
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? []).map((one) => new X509Certificate(one))
}
