/** What is remembered of somebody we call who may be failing. Times are milliseconds since 1970. */
export type Circuit = Readonly<{ failures: number; restsUntil: number; probing: boolean }>

export const calm: Circuit = { failures: 0, restsUntil: 0, probing: false }

/** So many failures in a row open the circuit. */
const failuresBorne = 5
const shortestRest = 5000
const longestRest = 300_000

/**
 * Whether a call may be made now, and what is then to be remembered. An open circuit lets nobody through until it has rested,
 * and then one call as a probe.
 */
export function admit(circuit: Circuit, now: number): { may: boolean; next: Circuit } {
  if (circuit.failures < failuresBorne) return { may: true, next: circuit }
  if (circuit.probing || now < circuit.restsUntil) return { may: false, next: circuit }
  return { may: true, next: { ...circuit, probing: true } }
}

/** An answer closes the circuit; each failure beyond those borne doubles the rest. */
export function afterCall(circuit: Circuit, outcome: 'answered' | 'failed', now: number): Circuit {
  if (outcome === 'answered') return calm
  const failures = circuit.failures + 1
  if (failures < failuresBorne) return { failures, restsUntil: 0, probing: false }
  const rest = Math.min(longestRest, shortestRest * 2 ** (failures - failuresBorne))
  return { failures, restsUntil: now + rest, probing: false }
}
