import { z } from 'zod'
import { disclose, type Subject } from './disclosure.ts'

export const trustFramework = 'vn_eid'

/** `null` asks for the element; `value` and `values` only accept it when it is one of these (OIDC4IDA §6.3). */
const constrained = z.union([z.null(), z.strictObject({ value: z.string().optional(), values: z.array(z.string()).min(1).optional(), essential: z.boolean().optional() })])

/** A request for verified claims (OpenID Connect for Identity Assurance 1.0 §6). Evidence details are always given. */
export const verifiedClaimsRequest = z.strictObject({
  verification: z.strictObject({
    trust_framework: constrained,
    assurance_level: constrained.optional(),
    time: z.null().optional(),
    evidence: z.array(z.unknown()).optional(),
  }),
  claims: z.record(z.string(), z.union([z.null(), z.strictObject({ essential: z.boolean().optional(), purpose: z.string().optional() })])).refine(
    (claims) => Object.keys(claims).length > 0,
    'verified_claims.claims must name at least one claim',
  ),
})
export type VerifiedClaimsRequest = z.infer<typeof verifiedClaimsRequest>

/** `verification` says how identity was proven, `claims` what (OIDC4IDA §5). */
export type VerifiedClaims = { verification: object; claims: Readonly<Record<string, unknown>> }

/**
 * The verified claims that answer a request, or `undefined` when nothing may be said: a framework or level that is not ours,
 * or no claim that was granted (OIDC4IDA §6.2: the whole element is left out). It speaks of how identity was *proven*,
 * never of how the person signed in (docs/decisions/0005).
 */
export function answerVerifiedClaims(request: VerifiedClaimsRequest, subject: Subject, granted: ReadonlySet<string>): VerifiedClaims | undefined {
  const assuranceLevel = `level_${subject.level}`
  const { verification, claims } = request
  if (!accepts(verification.trust_framework, trustFramework) || !accepts(verification.assurance_level, assuranceLevel)) return undefined
  const values = disclose(subject, Object.keys(claims).filter((claim) => granted.has(claim)))
  if (Object.keys(values).length === 0) return undefined
  return {
    verification: {
      trust_framework: trustFramework,
      assurance_level: assuranceLevel,
      time: byDay(subject.openedAt),
      evidence: [evidence(subject)],
    },
    claims: values,
  }
}

function accepts(constraint: z.infer<typeof constrained> | undefined, value: string): boolean {
  if (constraint === null || constraint === undefined) return true
  if (constraint.value !== undefined && constraint.value !== value) return false
  return constraint.values === undefined || constraint.values.includes(value)
}

/** To the day: a moment is as good as a name, and two services could know the same person by it (D01). */
function byDay(at: Date): string {
  return `${at.toISOString().slice(0, 10)}T00:00:00Z`
}

/** What the claims were checked against: the population register, and when it was last asked. */
function evidence({ person }: Subject): object {
  return {
    type: 'electronic_record',
    check_details: [{ check_method: 'data', organization: 'Định Danh' }],
    time: byDay(new Date(person.source.confirmedAt)),
    record: {
      type: 'population_register',
      source: { name: 'Cơ sở dữ liệu quốc gia về dân cư', country_code: 'VNM' },
    },
  }
}
