import { decodeJwt } from 'jose'

/** What a JWT claims, in seconds; whether it is well-formed and signed the library says. */
export function issuedAt(proof: string): number | undefined {
  try {
    const { iat } = decodeJwt(proof)
    // It may be anything: nobody has looked at it yet.
    return typeof iat === 'number' ? iat : undefined
  } catch {
    return undefined
  }
}
