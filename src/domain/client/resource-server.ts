import { z } from 'zod'

const bilingual = z.strictObject({ vi: z.string().min(1).max(200), en: z.string().min(1).max(200) })

/**
 * A client that is also a resource server: the API that access tokens are for (RFC 8707 §2). Its scopes are shown to people in
 * words. `opaque` tokens are asked about by introspection and die when they are revoked; `jwt` (RFC 9068) are read by the API itself and
 * live out their few minutes.
 */
export const resourceServer = z.strictObject({
  identifier: z.url({ protocol: /^https$/ }).max(500).refine((uri) => !uri.includes('#') && !uri.includes('?'), 'without query and fragment'),
  scopes: z.array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9._:-]{0,63}$/), label: bilingual })).min(1).max(50),
  access_token: z.enum(['opaque', 'jwt']).default('opaque'),
  access_token_signing_alg: z.enum(['ES256', 'EdDSA', 'PS256']).default('ES256'),
  /** Seconds; a token that nobody can call back is short. */
  access_token_seconds: z.int().min(30).max(600).default(300),
})
export type ResourceServer = z.infer<typeof resourceServer>
