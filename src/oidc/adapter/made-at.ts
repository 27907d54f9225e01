import { Provider } from 'oidc-provider'
import { issuedAt } from '#oidc/issued-at.ts'

/** When the oldest proof that comes with this request says that it was made. Nobody has looked at them yet. */
export function oldestProof(): Date | undefined {
  const ctx = Provider.ctx
  return oldestOf(ctx?.oidc.params, ctx?.get('DPoP'))
}

/**
 * Of the proofs that are good for one use: a client assertion (RFC 7523 §3) and a DPoP proof (RFC 9449 §11.1). Undefined where one does not say. A request
 * object may be signed once and sent for years (RFC 9101 §10.2 asks for no `jti`), so its age is no sign that a mark was lost.
 */
export function oldestOf(params: Readonly<Record<string, unknown>> | undefined, dpop: string | undefined): Date | undefined {
  const proofs = [params?.['client_assertion'], dpop].filter((proof) => typeof proof === 'string' && proof !== '')
  const times = proofs.map((proof) => issuedAt(String(proof)))
  return times.length === 0 || times.includes(undefined) ? undefined : new Date(Math.min(...times.map(Number)) * 1000)
}
