import { z } from 'zod'

const member = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
/** One public key on P-256 and nothing else: with a private part in it, it is refused as a whole (RFC 7518 §6.2). */
export const publicKey = z.strictObject({
  kty: z.literal('EC'), crv: z.literal('P-256'), x: member, y: member, kid: z.string().min(1).max(64).regex(/^[A-Za-z0-9_-]+$/), use: z.literal('sig'), alg: z.literal('ES256'),
})
export type PublicKey = z.infer<typeof publicKey>
