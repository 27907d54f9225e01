import { isDeepStrictEqual } from 'node:util'
import { disclose, type Subject } from './disclosure.ts'
import { isGranted, placesIn, residentOf } from './place-question.ts'
import { select } from './selection.ts'
import { numberOfDocument, verificationOf } from './verification.ts'
import { verificationShape } from './verification-shape.ts'
import type { VerifiedClaimsRequest } from './verified-claims-request.ts'

/** `verification` says how identity was proven, `claims` what (Schema Definition §5.2). */
export type VerifiedClaims = { verification: unknown; claims: Readonly<Record<string, unknown>> }

type Circumstances = { subject: Subject; granted: ReadonlySet<string>; now: Date }

/**
 * The verified claims that answer one request, or `undefined` when nothing may be said: something was insisted on that is not so,
 * or no claim is left (OIDC4IDA §5.7; `essential` changes nothing there). It speaks of how identity was *proven*, never of how
 * the person signed in (docs/decisions/0005).
 */
export function answerVerifiedClaims(request: VerifiedClaimsRequest, { subject, granted, now }: Circumstances): VerifiedClaims | undefined {
  const numbers = Object.hasOwn(request.claims, numberOfDocument.with) && granted.has(numberOfDocument.with)
  const verification = select(verificationShape, { template: request.verification, fact: verificationOf(subject, { numbers }), now: now.getTime() })
  if (verification.is === 'unmet') return undefined
  const claims = claimsFor(request.claims, subject, granted)
  return Object.keys(claims).length === 0 ? undefined : { verification: verification.value, claims }
}

function claimsFor(asked: VerifiedClaimsRequest['claims'], subject: Subject, granted: ReadonlySet<string>): Record<string, unknown> {
  const names = Object.keys(asked).filter((claim) => isGranted(claim, asked[claim], granted))
  const values = disclose(subject, names, placesIn(asked[residentOf]))
  return Object.fromEntries(Object.entries(values).filter(([claim, value]) => claim === residentOf || isAccepted(asked[claim], value)))
}

/** A claim that is not what was insisted on is left out, and it alone (OIDC4IDA §5.7.3). */
function isAccepted(how: VerifiedClaimsRequest['claims'][string] | undefined, value: unknown): boolean {
  if (how?.value !== undefined && !isDeepStrictEqual(how.value, value)) return false
  return how?.values === undefined || how.values.some((one) => isDeepStrictEqual(one, value))
}
