import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'

/** What an answer must be besides signed. Ages are seconds. */
export type Expected = { issuer: string; audience: string; type: string; oldest: number; now: Date }

/** The claims of an answer that one of these keys has signed as expected (RFC 7515, RFC 7519); `undefined` for any other. */
export async function readSignedAnswer(keys: JSONWebKeySet, text: string, { issuer, audience, type, oldest, now }: Expected): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtVerify(text, createLocalJWKSet(keys), {
      issuer, audience, typ: type, algorithms: ['ES256', 'PS256', 'EdDSA'], maxTokenAge: oldest, clockTolerance: 5, currentDate: now, requiredClaims: ['iat', 'jti'],
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
