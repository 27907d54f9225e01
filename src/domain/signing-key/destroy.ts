import { hours, type KeyRules } from './rules.ts'
import type { KeyStanding } from './standing.ts'

export type DestroyFault = { is: 'unknown-key' } | { is: 'in-use' } | { is: 'only-key' } | { is: 'tokens-live'; until: Date | undefined }

type Known = {
  standing: readonly KeyStanding[]
  /** Since when the public log calls it retired. */
  retiredAt: Date | undefined
  /** The longest life of what it may have signed. */
  longestSeconds: number
  rules: Pick<KeyRules, 'keptHours'>
  now: Date
}

/** Why a key may not be destroyed: somebody may still need it (K03; it was the end of fourteen hours of one large sign-in service). */
export function destroyFault(kid: string, { standing, retiredAt, longestSeconds, rules, now }: Known): DestroyFault | undefined {
  const key = standing.find((one) => one.kid === kid && one.held)
  if (key === undefined) return { is: 'unknown-key' }
  if (key.state !== 'retired' && key.state !== 'revoked') return { is: 'in-use' }
  if (!standing.some((one) => one.held && one.state === 'active' && one.alg === key.alg)) return { is: 'only-key' }
  // What it has signed verifies nowhere any more.
  if (key.state === 'revoked') return undefined
  const until = retiredAt && new Date(retiredAt.getTime() + longestSeconds * 1000 + hours(rules.keptHours))
  return until === undefined || now < until ? { is: 'tokens-live', until } : undefined
}
