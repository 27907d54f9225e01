import { z } from 'zod'
import { placesFault, residentOf } from './place-question.ts'
import { verificationShape, type Shape } from './verification-shape.ts'

/** Enough for every framework and level at once; more would be a way to make answers long. */
const mostAlternatives = 10
const mostValues = 100

const asked = { essential: z.boolean().optional(), purpose: z.string().min(3).max(300).optional() }
const constrained = { ...asked, value: z.string().optional(), values: z.array(z.string()).min(1).max(mostValues).optional() }
const onTimesOnly = z.undefined('max_age is for times').optional()

/** The schema of a request for an element of this shape. What it does not name is passed over (OIDC Core §5.5.1). */
function requestOf(shape: Shape): z.ZodType {
  switch (shape.is) {
    case 'text': return z.looseObject({ ...constrained, max_age: onTimesOnly }).nullable()
    case 'time': return z.looseObject({ ...constrained, max_age: z.int().nonnegative().optional() }).nullable()
    case 'type': return z.looseObject({ ...asked, value: z.string(), values: z.undefined('names one type only').optional(), max_age: onTimesOnly })
    case 'whole': return z.unknown()
    case 'object': return z.looseObject(membersOf(shape)).nullable()
    case 'list': return listOf(shape)
  }
}

/** A list may be asked for without a word about its entries, unless each has to say its type. */
function listOf({ of }: Extract<Shape, { is: 'list' }>): z.ZodType {
  const entries = z.array(of.is === 'object' ? z.looseObject(membersOf(of)) : requestOf(of)).min(1).max(mostAlternatives)
  return of.is === 'object' && Object.values(of.members).some(mustBeNamed) ? entries : entries.nullable()
}

/** A request has to name what evidence it is (§5.5) and, in the outermost object, the framework (§5.4). */
const mustBeNamed = (shape: Shape): boolean => shape.is === 'type'

function membersOf({ members }: Extract<Shape, { is: 'object' }>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(members).map(([name, shape]) =>
    [name, mustBeNamed(shape) ? requestOf(shape) : requestOf(shape).optional()]))
}

const verification = z.looseObject({ ...membersOf(verificationShape), trust_framework: requestOf(verificationShape.members.trust_framework) })
const claim = z.looseObject({ ...asked, value: z.unknown().optional(), values: z.array(z.unknown()).min(1).max(mostValues).optional() }).nullable()

const one = z.strictObject({
  verification,
  claims: z.record(z.string().max(64), claim)
    .refine((claims) => Object.keys(claims).length > 0, 'must name at least one claim')
    .superRefine((claims, context) => {
      const fault = Object.hasOwn(claims, residentOf) ? placesFault(claims[residentOf]) : undefined
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
    }),
})
const several = z.array(one).min(1).max(mostAlternatives)

/** A request for verified claims (OIDC4IDA §5.4, §5.5): which claims, and what of their verification. */
export type VerifiedClaimsRequest = z.infer<typeof one>

/** What is asked by the member `verified_claims`, one object or a list of them (OIDC4IDA §5.6); none where it cannot be read. */
export function readVerifiedClaims(value: unknown): readonly VerifiedClaimsRequest[] {
  return several.safeParse(Array.isArray(value) ? value : [value]).data ?? []
}

/** Why `verified_claims` cannot be read, and where; names that are not ours stay out of the sentence. */
export function verifiedClaimsFault(value: unknown): string | undefined {
  const issue = several.safeParse(Array.isArray(value) ? value : [value]).error?.issues[0]
  const path = issue?.path.slice(Array.isArray(value) ? 0 : 1).filter((part) => /^\w{1,40}$/.test(String(part)))
  return issue && ['verified_claims', ...(path ?? [])].join('.') + `: ${issue.message}`
}
