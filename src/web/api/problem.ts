import { z } from 'zod'
import { oauthErrors } from '#oidc/errors.ts'
import type { Told } from '#web/problem/page.ts'

/** RFC 9457. `type` names what happened for programs, and does not change. */
export const problemShape = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** To be named when help is asked for. */
  reference: z.string(),
  /** What is wrong with which member of what was sent. */
  errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).optional(),
})

/** What programs are told of a problem: never more than the reason. */
export function apiProblem({ code, detail, rule }: Told, { reference, cause }: { reference: string; cause: unknown }): z.input<typeof problemShape> {
  const fault = detail['fault']
  return {
    type: `urn:vn:eid:problem:${code}`,
    title: oauthErrors[code].description,
    status: rule.status,
    ...(typeof fault === 'string' && { detail: fault }),
    reference,
    ...(cause instanceof z.ZodError && { errors: cause.issues.map(({ path, message }) => ({ pointer: path.map((part) => `/${String(part)}`).join(''), detail: message })) }),
  }
}

/** How a program is told to prove itself (RFC 9449 §7.1; RFC 6750 §3). */
export function challengeOf({ code, detail }: Told): string | undefined {
  const algorithms = 'algs="ES256 EdDSA PS256"'
  if (code === 'api.unauthorized') return `DPoP error="invalid_token", ${algorithms}`
  if (code === 'reader.not-paired') return 'Bearer error="invalid_token"'
  return code === 'api.scope-missing' ? `DPoP error="insufficient_scope", scope="${detail['scope'] ?? ''}", ${algorithms}` : undefined
}
