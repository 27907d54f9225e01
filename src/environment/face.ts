import type { z } from 'zod'
import type { Rule } from './fault.ts'
import { belongs } from './pem.ts'
import type { readers } from './settings.ts'

const ofFaces = ['FACE_MATCHER_JWKS_FILE', 'FACE_MATCHER_CERT_FILE', 'FACE_MATCHER_KEY_FILE', 'FACE_MATCHER_CA_FILE'] as const

/** The service that compares faces: its word makes level 3, so it is known by its keys, and knows us by ours. */
export const faceRules: readonly Rule[] = [
  {
    variable: 'FACE_MATCHER_JWKS_FILE',
    problem: 'is missing although FACE_MATCHER_URL is set: what nobody signed is not believed',
    broken: (env) => env.FACE_MATCHER_URL !== undefined && !('FACE_MATCHER_JWKS_FILE' in env),
  },
  {
    variable: 'FACE_MATCHER_URL',
    problem: 'is missing although another variable of the service that compares faces is set',
    broken: (env) => env.FACE_MATCHER_URL === undefined && ofFaces.some((name) => name in env),
  },
  {
    variable: 'FACE_MATCHER_KEY_FILE',
    problem: 'and FACE_MATCHER_CERT_FILE come together',
    broken: (env) => ('FACE_MATCHER_KEY_FILE' in env) !== ('FACE_MATCHER_CERT_FILE' in env),
  },
  {
    variable: 'FACE_MATCHER_KEY_FILE',
    problem: 'is encrypted, broken or does not belong to the certificate in FACE_MATCHER_CERT_FILE',
    broken: ({ FACE_MATCHER_CERT_FILE: cert, FACE_MATCHER_KEY_FILE: key }) => cert !== undefined && key !== undefined && !belongs(key, cert),
  },
  {
    variable: 'FACE_MATCHER_URL',
    problem: 'must begin with https:// unless its host is localhost, and in production always, with FACE_MATCHER_CERT_FILE',
    broken: ({ FACE_MATCHER_URL: url, FACE_MATCHER_CERT_FILE: cert, NODE_ENV }) => url !== undefined && (NODE_ENV === 'production'
      ? !url.startsWith('https:') || cert === undefined : /^http:\/\/(?!localhost[:/])/.test(url)),
  },
]

/** How the service is reached; certificates and keys in PEM. */
export type FaceService = Readonly<{ url: string; keys: PublicKeys; cert?: string; key?: string; authorities?: string }>
type PublicKeys = NonNullable<Parsed['FACE_MATCHER_JWKS_FILE']>

type Parsed = z.output<z.ZodObject<typeof readers>>

export function faceMatcherOf(env: Parsed): { faceMatcher?: FaceService } {
  const { FACE_MATCHER_URL: url, FACE_MATCHER_JWKS_FILE: keys, FACE_MATCHER_CERT_FILE: cert, FACE_MATCHER_KEY_FILE: key, FACE_MATCHER_CA_FILE: authorities } = env
  if (url === undefined || keys === undefined) return {}
  return {
    faceMatcher: Object.freeze({
      url, keys, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(authorities !== undefined && { authorities }),
    }),
  }
}
