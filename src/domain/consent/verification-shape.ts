/**
 * What a `verification` element is made of (OpenID Identity Assurance Schema Definition 1.0 §5.4), as far as it can be true here.
 * One table: requests are read by it, and answers are cut by it. Other elements are known to nobody here.
 */
export type Shape =
  | { is: 'text' | 'time' }
  /** The type of an evidence: a request names exactly one (OIDC4IDA §5.5). */
  | { is: 'type' }
  /** Given as it is or not at all; nothing in a request for it filters (OIDC4IDA §5.5, `assurance_details`). */
  | { is: 'whole' }
  /** Without a required member the object is no valid one, so it comes with what is asked of it. */
  | { is: 'object'; members: Readonly<Record<string, Shape>>; required: readonly string[] }
  /** A request lists alternatives; each entry of the answer fits one of them. */
  | { is: 'list'; of: Shape }

const text: Shape = { is: 'text' }
const time: Shape = { is: 'time' }
const list = (of: Shape): Shape => ({ is: 'list', of })

function object<Members extends Readonly<Record<string, Shape>>>(members: Members, ...required: readonly string[]) {
  return { is: 'object', members, required } as const satisfies Shape
}

const place = { formatted: text, street_address: text, locality: text, region: text, postal_code: text, country: text }

const evidence = object({
  type: { is: 'type' } as const,
  check_details: list(object({ check_method: text, organization: text, check_id: text, txn: text, time }, 'check_method')),
  time,
  record: object({
    type: text,
    source: object({ name: text, ...place, country_code: text, jurisdiction: text }),
    created_at: time,
    date_of_expiry: time,
  }, 'type'),
  document_details: object({
    type: text,
    document_number: text,
    serial_number: text,
    date_of_issuance: time,
    date_of_expiry: time,
    issuer: object({ name: text, ...place, country_code: text, jurisdiction: text }),
  }, 'type'),
}, 'type')

export const verificationShape = object({
  trust_framework: text,
  assurance_level: text,
  assurance_process: object({ policy: text, procedure: text, assurance_details: { is: 'whole' } as const }),
  time,
  verification_process: text,
  evidence: list(evidence),
}, 'trust_framework')
