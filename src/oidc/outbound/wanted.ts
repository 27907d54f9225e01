import { z } from 'zod'

/** Where a client's signature may stand in a request: its assertion (RFC 7523 §3) and its request object (RFC 9101 §2). */
type Parameters = Readonly<Record<string, unknown>>

const signedHeader = z.looseObject({ kid: z.string(), enc: z.undefined().optional() })
const speaker = z.looseObject({ iss: z.unknown().optional(), sub: z.unknown().optional(), client_id: z.unknown().optional() })

/**
 * The `kid` of each signature that claims to be this client's. Nothing is verified here: it only says which key the library
 * will look for. What is encrypted names a key of ours.
 */
export function wantedKeys({ client_assertion: assertion, request }: Parameters, client: string): readonly string[] {
  return [assertion, request].flatMap((jwt) => {
    const [head = '', body = ''] = typeof jwt === 'string' ? jwt.split('.') : []
    const header = signedHeader.safeParse(decoded(head))
    const claims = speaker.safeParse(decoded(body))
    if (!header.success || !claims.success) return []
    const { iss, sub, client_id: named } = claims.data
    return [iss, sub, named].includes(client) ? [header.data.kid] : []
  })
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
