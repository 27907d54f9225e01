import { Provider } from 'oidc-provider'
import { issuedAt } from '#oidc/issued-at.ts'

/**
 * When the oldest proof that comes with this request says that it was made: client assertion, DPoP proof or request object. Undefined
 * where one does not say. Nobody has looked at them yet.
 */
export function oldestProof(): Date | undefined {
  const ctx = Provider.ctx
  const { client_assertion: assertion, request } = ctx?.oidc.params ?? {}
  const proofs = [assertion, request, ctx?.get('DPoP')].filter((proof) => typeof proof === 'string' && proof !== '')
  const times = proofs.map((proof) => issuedAt(String(proof)))
  return times.length === 0 || times.includes(undefined) ? undefined : new Date(Math.min(...times.map(Number)) * 1000)
}
