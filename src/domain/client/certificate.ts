import type { X509Certificate } from 'node:crypto'
import { isSubject } from './distinguished-name.ts'

/** A certificate counts from its first moment to its last. */
export function inForce({ validFromDate, validToDate }: Pick<X509Certificate, 'validFromDate' | 'validToDate'>, now: Date): boolean {
  return validFromDate <= now && now <= validToDate
}

const clientAuth = '1.3.6.1.5.5.7.3.2'
const anyUse = '2.5.29.37.0'
const longestChain = 5

/**
 * Whether the certificate is for a client and leads to a root among `authorities` over others of them, each in force
 * (RFC 5280 §6.1 without policies and name constraints, which the proxy's TLS or our own has looked at).
 */
export function leadsTo(authorities: readonly X509Certificate[], certificate: X509Certificate, now: Date): boolean {
  // Node leaves it undefined where a certificate does not say what it is for.
  const uses: readonly string[] | undefined = certificate.keyUsage
  if (uses !== undefined && !uses.includes(clientAuth) && !uses.includes(anyUse)) return false
  let current = certificate
  for (let length = 0; length < longestChain; length += 1) {
    if (!inForce(current, now)) return false
    const issuer = authorities.find((authority) => issued(authority, current))
    if (issuer === undefined) return false
    if (issued(issuer, issuer)) return inForce(issuer, now)
    current = issuer
  }
  return false
}

/** Of the two the first is an authority and has signed the second, as both say and as the signature shows. */
export const issued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** RFC 8705 §2.1.2: the names by which a client may register the subject of its certificate; each has exactly one. */
const matches: Readonly<Record<string, (certificate: X509Certificate, expected: string) => boolean>> = {
  tls_client_auth_subject_dn: ({ subject }, expected) => isSubject(expected, subject),
  // OpenSSL would take a leading dot for every host below.
  tls_client_auth_san_dns: (certificate, expected) =>
    !expected.startsWith('.') && certificate.checkHost(expected, { subject: 'never', wildcards: false }) !== undefined,
  tls_client_auth_san_email: (certificate, expected) => certificate.checkEmail(expected, { subject: 'never' }) !== undefined,
  tls_client_auth_san_ip: (certificate, expected) => certificate.checkIP(expected) !== undefined,
  tls_client_auth_san_uri: ({ subjectAltName }, expected) => urisIn(subjectAltName ?? '').includes(expected),
}

export function isRegistered(certificate: X509Certificate, property: string, expected: string): boolean {
  return Object.hasOwn(matches, property) && matches[property]?.(certificate, expected) === true
}

/** Node separates names by a comma and a space, and quotes a value that has either in it as JSON does. */
function urisIn(names: string): readonly string[] {
  return [...names.matchAll(/(?:^|, )([^:"]{1,40}):("(?:[^"\\]|\\.)*"|[^,]*)/g)]
    .filter(([, kind]) => kind === 'URI')
    .map(([, , value = '']) => (value.startsWith('"') ? String(JSON.parse(value)) : value))
}
