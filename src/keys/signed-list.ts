import { X509Certificate, type KeyObject } from 'node:crypto'
import { compactVerify, decodeProtectedHeader, errors } from 'jose'
import { z } from 'zod'

/** Whose list it must be: the root that the operator was handed, and the name that its signer's certificate bears. */
export type Signer = { root: string; host: string; now: Date }

/** Why a list is not believed. */
export type ListFault = 'malformed' | 'algorithm' | 'no-certificates' | 'certificate' | 'not-in-force' | 'untrusted' | 'other-signer' | 'signature'
export type ListVerdict = { is: 'verified'; payload: unknown; signer: string } | { is: 'refused'; reason: ListFault }

/** What the FIDO Metadata Service may sign with (FIDO Registry of Predefined Values §3.6; RFC 7518 §3.1). Never `none`, and no key that is a shared secret. */
const fitting: Readonly<Record<string, (key: KeyObject) => boolean>> = {
  RS256: ({ asymmetricKeyType, asymmetricKeyDetails }) => asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048,
  ES256: ({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === 'prime256v1',
}

/** The signer's own certificate first, then those above it up to the root, which may be left out (RFC 7515 §4.1.6). */
const chain = z.array(z.string()).min(1).max(5)

/**
 * The payload of a list that is a JWS in compact form, signed by a certificate that leads to the root and names the host
 * (FIDO Metadata Service v3.0 §3.2). The name counts as much as the root: that root has issued certificates to half the web.
 */
export async function readSignedList(text: string, by: Signer): Promise<ListVerdict> {
  const header = headerOf(text)
  if (header === undefined) return { is: 'refused', reason: 'malformed' }
  const fits = Object.hasOwn(fitting, header.alg ?? '') ? fitting[header.alg ?? ''] : undefined
  if (fits === undefined) return { is: 'refused', reason: 'algorithm' }
  const named = chain.safeParse(header.x5c)
  if (!named.success) return { is: 'refused', reason: 'no-certificates' }
  const signer = signerOf(named.data, by)
  if (typeof signer === 'string') return { is: 'refused', reason: signer }
  const payload = fits(signer.publicKey) ? await payloadOf(text, signer.publicKey) : undefined
  return payload === undefined ? { is: 'refused', reason: 'signature' } : { is: 'verified', payload, signer: signer.fingerprint256 }
}

/** The first certificate, when all of them lead to the root and it is for the host. */
function signerOf(named: readonly string[], { root, host, now }: Signer): X509Certificate | ListFault {
  const path = read(named.map((one) => Buffer.from(one, 'base64')))
  const [top] = read([root]) ?? []
  const [leaf] = path ?? []
  if (path === undefined || leaf === undefined || top === undefined) return 'certificate'
  const fault = pathFault(top, path, now)
  if (fault !== undefined) return fault
  return leaf.ca || leaf.checkHost(host, { wildcards: false }) === undefined ? 'other-signer' : leaf
}

function headerOf(text: string): { alg?: string | undefined; x5c?: unknown } | undefined {
  try {
    return decodeProtectedHeader(text)
  } catch {
    return undefined
  }
}

function read(certificates: readonly (Buffer | string)[]): readonly X509Certificate[] | undefined {
  try {
    return certificates.map((one) => new X509Certificate(one))
  } catch {
    return undefined
  }
}

const isInForce = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean => validFromDate <= now && now <= validToDate
const hasIssued = (issuer: X509Certificate, certificate: X509Certificate): boolean => issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** RFC 5280 §6.1 over certificates in their order: each in force and issued by the next, up to the root. */
function pathFault(top: X509Certificate, path: readonly X509Certificate[], now: Date): 'not-in-force' | 'untrusted' | undefined {
  if (![top, ...path].every((one) => isInForce(one, now))) return 'not-in-force'
  const above = path.at(-1)?.raw.equals(top.raw) === true ? path.slice(0, -1) : path
  const issuers = [...above.slice(1), top]
  return above.length > 0 && above.every((one, at) => issuers[at] !== undefined && hasIssued(issuers[at], one)) ? undefined : 'untrusted'
}

async function payloadOf(text: string, key: KeyObject): Promise<unknown> {
  try {
    const { payload } = await compactVerify(text, key, { algorithms: Object.keys(fitting) })
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch (error) {
    // Signed or not: what is no JSON in UTF-8 is no list.
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) return undefined
    throw error
  }
}
