import { z } from 'zod'
import type { Attribute } from './catalogue.ts'
import type { Item } from './decision.ts'
import { reach } from './selection.ts'
import { verificationShape } from './verification-shape.ts'
import { documentEvidence, numberOfDocument, tellable, type Told } from './verification.ts'
import type { VerifiedClaimsRequest } from './verified-claims-request.ts'

const verifiedClaims = 'verified_claims'

/** That verified claims come with how they were verified is one thing more that is sent, and people are asked about it like the rest. */
const attribute: Attribute = {
  id: 'verification', claims: [verifiedClaims], masked: false, sensitive: false, baseline: true,
  label: { vi: 'Cách danh tính của bạn được xác minh', en: 'How your identity was verified' },
}

type Asked = { verification: VerifiedClaimsRequest['verification']; /** The claims that come with it. */ claims: readonly string[] }

/**
 * What of the verification these requests would be told. What is insisted on there may leave it all untold, but never makes it more; and
 * what an account gains later is agreed to now.
 */
export function extentOf(requests: readonly Asked[]): readonly Told[] {
  const asked = new Set(requests.flatMap(({ verification, claims }) =>
    pathsOf(verification).filter((path) => path !== numberOfDocument.path || claims.includes(numberOfDocument.with))))
  return tellable.filter((path) => asked.has(path))
}

/** Documents apart from all other evidence, for whoever agreed to the one was not asked about the other. */
function pathsOf(verification: Asked['verification']): readonly string[] {
  const { evidence } = verification
  const alternatives: readonly unknown[] = Array.isArray(evidence) ? evidence : []
  const paths = (some: readonly unknown[]) => reach(verificationShape, { ...verification, evidence: some })
  const documents = paths(alternatives.filter(isDocument)).map((path) => path.replace(/^evidence\./, 'document.'))
  return [...paths(alternatives.filter((one) => !isDocument(one))), ...documents]
}

const document = z.looseObject({ type: z.looseObject({ value: z.literal(documentEvidence) }) })
const isDocument = (alternative: unknown): boolean => document.safeParse(alternative).success

/** What a request for verified claims asks of these items, one request a row; rows without any are answered by nobody. */
type Row = { request: VerifiedClaimsRequest; told: readonly { item: Item; essential: boolean }[] }

function rowOf(request: VerifiedClaimsRequest, items: readonly Item[], verifiable: readonly string[]): Row {
  const told = items.flatMap((item) => {
    const claims = item.claims.filter((claim) => verifiable.includes(claim) && Object.hasOwn(request.claims, claim))
    const essential = item.basis === 'law' || (item.essential && claims.some((claim) => request.claims[claim]?.essential === true))
    return claims.length === 0 ? [] : [{ item, essential }]
  })
  return { request, told }
}

/**
 * One more line of the consent page where verified claims are asked for: on the ground and for the purpose of the claims that they verify.
 * It is a duty only where all of them are, and may be left out where all of them may.
 */
export function verificationItems(items: readonly Item[], requests: readonly VerifiedClaimsRequest[], verifiable: readonly string[]): readonly Item[] {
  const rows = requests.map((request) => rowOf(request, items, verifiable)).filter(({ told }) => told.length > 0)
  const told = rows.flatMap((row) => row.told)
  const byConsent = told.filter(({ item }) => item.basis === 'consent')
  const ground = byConsent.find(({ essential }) => essential) ?? byConsent[0] ?? told[0]
  if (ground === undefined) return []
  const { basis, purpose, reference } = ground.item
  const extent = extentOf(rows.map(({ request: { verification }, told: some }) => ({ verification, claims: some.flatMap(({ item }) => item.claims) })))
  return [{ attribute, claims: attribute.claims, essential: told.some(({ essential }) => essential), basis, purpose, reference, extent }]
}

/** What a grant says beside `verified_claims` itself, for each part of the verification that may be told. */
export function extentNames(extent: readonly string[] = []): readonly string[] {
  return extent.map((path) => `${verifiedClaims}:${path}`)
}

/** Under which names a grant would hold what these requests ask of the verification. */
export function verificationNames(requests: readonly VerifiedClaimsRequest[]): readonly string[] {
  return requests.length === 0 ? [] : [verifiedClaims, ...extentNames(extentOf(requests.map(({ verification, claims }) => ({ verification, claims: Object.keys(claims) }))))]
}

/** Whether all that a request would be told of the verification lies within the names that were granted. */
export function isVerificationGranted({ verification, claims }: VerifiedClaimsRequest, granted: ReadonlySet<string>): boolean {
  const told = Object.keys(claims).filter((claim) => granted.has(claim))
  return [verifiedClaims, ...extentNames(extentOf([{ verification, claims: told }]))].every((name) => granted.has(name))
}
