import { X509Certificate } from 'node:crypto'
import type { VerifiedRegistrationResponse } from '@simplewebauthn/server'
import { decodeAttestationObject, getCertificateInfo, isoBase64URL, isoCBOR } from '@simplewebauthn/server/helpers'
import { inForce, issued } from '#domain/client/certificate.ts'
import type { Anchor } from './authenticators.ts'

/**
 * What the library looks at. With any other format it would trust roots of its own and ask addresses that stand in
 * certificates; and of those formats none belongs to a security key that verifies its holder.
 */
const formats: ReadonlySet<string> = new Set(['none', 'packed'])

/** The same credential without a statement that is not looked at, as a browser hands it on where none was asked for (WebAuthn L3 §5.1.3). */
export function withoutUnread(attestationObject: string): string {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  if (formats.has(decoded.get('fmt'))) return attestationObject
  const without = new Map<string, string | Uint8Array | Map<string, string>>([
    ['fmt', 'none'], ['attStmt', new Map<string, string>()], ['authData', decoded.get('authData')],
  ])
  return isoBase64URL.fromBuffer(isoCBOR.encode(without))
}

type Registered = Pick<
  NonNullable<VerifiedRegistrationResponse['registrationInfo']>, 'fmt' | 'aaguid' | 'attestationObject' | 'credentialDeviceType'
>

/**
 * Whether a credential, whose statement's own signature has been checked, has shown that it cannot leave its hardware: it may not be
 * copied (WebAuthn L3 §6.1.3 BE) and an anchor vouches for its model (§7.1 steps 22 to 24). Throws for certificates that cannot be read.
 */
export function isHardwareBound(registered: Registered, anchors: readonly Anchor[], now: Date): boolean {
  const { fmt, aaguid, attestationObject, credentialDeviceType } = registered
  if (fmt !== 'packed' || credentialDeviceType !== 'singleDevice') return false
  // A statement without certificates is signed by the credential itself and shows nothing about where it lives (§6.5.4 Self).
  const [leaf, ...above] = decodeAttestationObject(attestationObject).get('attStmt').get('x5c') ?? []
  if (leaf === undefined || above.length > longestChain) return false
  const path = { leaf: new X509Certificate(leaf), above: above.map((one) => new X509Certificate(one)) }
  const own = isAttestationOf(leaf, aaguid)
  return anchors.filter(({ aaguids }) => aaguids.includes(aaguid)).some(({ certificate }) => {
    const top = new X509Certificate(certificate)
    // Named itself, a certificate need not say its model: the operator has.
    return inForce(top, now) && (same(top, path.leaf) || (own && leadsTo(top, path, now)))
  })
}

const longestChain = 4

/** RFC 5280 §6.1 over the certificates in the order in which they came (WebAuthn L3 §8.2): each in force and issued by the next, up to `top`. */
function leadsTo(top: X509Certificate, { leaf, above }: { leaf: X509Certificate; above: readonly X509Certificate[] }, now: Date): boolean {
  let current = leaf
  for (const next of [...above, undefined]) {
    if (!inForce(current, now)) return false
    if (issued(top, current)) return true
    if (next === undefined || !issued(next, current)) return false
    current = next
  }
  return false
}

const same = (one: X509Certificate, other: X509Certificate): boolean => one.raw.equals(other.raw)

/** id-fido-gen-ce-aaguid (WebAuthn L3 §8.2.1) and basicConstraints (RFC 5280 §4.2.1.9). */
const oids = { model: '1.3.6.1.4.1.45724.1.1.4', constraints: '2.5.29.19' }

/**
 * WebAuthn L3 §8.2.1, the part that the library leaves open: the certificate says that it is no authority, and for which model it
 * speaks. Without the latter, keys of one model could pass for those of another below the same root.
 */
function isAttestationOf(leaf: Uint8Array<ArrayBuffer>, aaguid: string): boolean {
  const { basicConstraintsCA, parsedCertificate: { tbsCertificate: { extensions = [] } } } = getCertificateInfo(leaf)
  const said = extensions.find(({ extnID }) => extnID === oids.model)
  const expected = Buffer.from(`0410${aaguid.replaceAll('-', '')}`, 'hex')
  return !basicConstraintsCA
    && extensions.some(({ extnID }) => extnID === oids.constraints)
    && said !== undefined && expected.equals(Buffer.from(said.extnValue.buffer))
}
