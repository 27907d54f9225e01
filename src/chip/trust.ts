import type { ChipRefusal } from '#domain/chip/reason.ts'
import type { ChipRules } from '#domain/chip/rules.ts'
import { readCertificate, signedBy, type Certificate } from './certificate.ts'
import { keyUsages } from './extension.ts'
import { attempt, inside, must } from './fault.ts'
import { readPublicKey, type PublicKey } from './public-key.ts'
import { readRevocationList, type RevocationList } from './revocation.ts'

/** A country signing authority (CSCA) that the operator has named. A link certificate counts where it is named too, and only there. */
export type Anchor = Certificate & { publicKey: PublicKey }
export type Trust = { anchors: readonly Anchor[]; lists: readonly RevocationList[] }

/** Whom a running server trusts: what it was started with, until something newer is put in its place. */
export type HeldTrust = { now: () => Trust; replace: (trust: Trust) => void }

export function holdTrust(first: Trust): HeldTrust {
  let trust = first
  return { now: () => trust, replace: (newer) => { trust = newer } }
}

/** How many authorities have lists of which the newest is over: of what they have signed nothing is believed (`crl.outdated`). */
export function outdatedLists({ lists }: Trust, now: Date): number {
  return [...Map.groupBy(lists, ({ issuer }) => issuer.toString('base64')).values()].filter((same) => same.every(({ nextUpdate }) => nextUpdate < now)).length
}

/** How many authorities have certificates of which none is in force: of what they have signed nothing is believed (`authority.expired`). An old one beside a newer is no fault. */
export function authoritiesOutOfForce({ anchors }: Trust, now: Date): number {
  return [...Map.groupBy(anchors, ({ subject }) => subject.toString('base64')).values()].filter((same) => !same.some((anchor) => inForce(anchor, now))).length
}

const inForce = ({ notBefore, notAfter }: Certificate, now: Date): boolean => notBefore <= now && now <= notAfter

type TrustRules = Pick<ChipRules, 'smallestKeys' | 'largest'>

/** Takes certificates and revocation lists as they are named; one that cannot be read is said at once, not when a card comes. */
export function openTrust(files: { certificates: readonly Buffer[]; lists: readonly Buffer[] }, rules: TrustRules): { is: 'open'; trust: Trust } | ChipRefusal {
  return attempt(() => {
    const anchors = files.certificates.map((file) => inside('authority', () => readAnchor(file, rules)))
    const lists = files.lists.map((file) => inside('crl', () => {
      must(file.length <= rules.largest.revocationList, 'file.too-large')
      return readRevocationList(file)
    }))
    return { is: 'open' as const, trust: { anchors, lists } }
  })
}

function readAnchor(file: Buffer, { smallestKeys }: TrustRules): Anchor {
  const certificate = readCertificate(file)
  const { authority, keyUsage } = certificate.extensions
  must(authority === true && keyUsage?.(keyUsages.keyCertSign) === true, 'authority.usage')
  return { ...certificate, publicKey: readPublicKey(certificate.spki, smallestKeys.authority) }
}

type ChainRules = Pick<ChipRules, 'digests' | 'smallestKeys' | 'revocation'>
type Moment = { now: Date; signedAt: Date | undefined }

/** The key of a document signer that an anchor vouches for, is in force and may sign documents (ICAO 9303-11 §5.1, 9303-12 §7.1). */
export function trustedKey(signer: Certificate, trust: Trust, rules: ChainRules, moment: Moment): { publicKey: PublicKey; anchor: Anchor } {
  const anchor = inside('signer', () => anchorOf(signer, trust, rules, moment.now))
  inside('authority', () => {
    must(anchor.notBefore <= moment.now, 'authority.not-yet-valid')
    must(moment.now <= anchor.notAfter, 'authority.expired')
  })
  const publicKey = inside('signer', () => {
    // An authority signs for its own country: with those of several here, none may make signers of another (ICAO 9303-12 §7.1).
    must(signer.country !== undefined && signer.country.toUpperCase() === anchor.country?.toUpperCase(), 'signer.country')
    maySign(signer, moment)
    return readPublicKey(signer.spki, rules.smallestKeys.signer)
  })
  inside('crl', () => notRevoked(signer, trust, rules, moment.now))
  return { publicKey, anchor }
}

/**
 * Authorities change their keys and keep their names: the key identifiers tell which one it was, and the signature proves it. Where they have certified the same
 * key anew, the certificate that is in force counts.
 */
function anchorOf(signer: Certificate, { anchors }: Trust, rules: ChainRules, now: Date): Anchor {
  must(anchors.length > 0, 'trust.empty')
  must(rules.digests.includes(signer.signed.scheme.digest), 'algorithm.weak')
  const named = anchors.filter(({ subject, extensions }) => subject.equals(signer.issuer) && sameKey(extensions.subjectKey, signer.extensions.authorityKey))
  must(named.length > 0, 'authority.unknown')
  const signing = named.filter(({ publicKey }) => signedBy(publicKey, signer.signed))
  const anchor = signing.find((one) => inForce(one, now)) ?? signing[0]
  must(anchor !== undefined, 'signer.signature')
  return anchor
}

const sameKey = (one: string | undefined, other: string | undefined): boolean => one === undefined || other === undefined || one === other

function maySign({ extensions, notBefore, notAfter }: Certificate, { now, signedAt }: Moment): void {
  const { keyUsage, authority, extendedUsage, signsFrom, signsUntil } = extensions
  must(keyUsage?.(keyUsages.digitalSignature) === true && authority !== true && extendedUsage === undefined, 'signer.usage')
  must(notBefore <= now, 'signer.not-yet-valid')
  must(now <= notAfter, 'signer.expired')
  if (signedAt === undefined) return
  const from = Math.max(...[notBefore, signsFrom ?? notBefore].map(Number))
  const until = Math.min(...[notAfter, signsUntil ?? notAfter, now].map(Number))
  must(from <= signedAt.getTime() && signedAt.getTime() <= until, 'signer.signing-time')
}

/**
 * The lists of an authority are signed by any of its keys that is named here, and cover what all of its keys have signed (ICAO 9303-12 §5). A certificate
 * on any of them is revoked, however old the list; whether it is old is asked of the newest.
 */
function notRevoked(signer: Certificate, { anchors, lists }: Trust, { digests, revocation }: ChainRules, now: Date): void {
  const authorities = anchors.filter(({ subject, extensions }) => subject.equals(signer.issuer) && extensions.keyUsage?.(keyUsages.crlSign) === true)
  const named = lists.filter(({ issuer }) => issuer.equals(signer.issuer))
  for (const { signed } of named) {
    must(digests.includes(signed.scheme.digest), 'algorithm.weak')
    must(authorities.some(({ publicKey }) => signedBy(publicKey, signed)), 'crl.signature')
  }
  must(!named.some(({ revoked }) => revoked.has(signer.serial)), 'signer.revoked')
  const newest = named.toSorted((one, other) => Number(other.thisUpdate) - Number(one.thisUpdate))[0]
  if (newest === undefined) return must(revocation.missing === 'accept', 'crl.missing')
  must(newest.thisUpdate <= now, 'crl.not-yet-valid')
  must(now <= newest.nextUpdate || revocation.outdated === 'accept', 'crl.outdated')
}
