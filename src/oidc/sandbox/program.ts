import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, CompactSign, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT, type JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { HostileJwk } from '#domain/sandbox/fault.ts'
import type { Decoded, Signature } from '#domain/sandbox/trial.ts'
import { publicHalf } from '#oidc/hostile/make-key.ts'

/** Speaks to the sandbox as a program does: over HTTP, with an assertion, and a proof of possession where the profile wants one. */
export type Line = {
  /** Where the sandbox listens inside of this machine; what it is called is `issuer`. */
  inside: string
  issuer: string
  /** The key that the portal's programs prove themselves with. */
  key: HostileJwk
}

export type Heard = { status: number; body: Record<string, unknown>; nonce: string | undefined }

const patience = 15_000
const anyObject = z.record(z.string(), z.unknown())

/** RFC 7523 §3, as our own pages for relying parties ask for it. */
async function assertionOf({ key, issuer }: Line, client: string, now: number): Promise<Record<string, string>> {
  const claims = { iss: client, sub: client, aud: issuer, jti: randomUUID(), iat: now, exp: now + 60 }
  const assertion = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: key['kid'] ?? '' }).sign(await importJWK(key, 'ES256'))
  return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion }
}

type Proof = { dpop: HostileJwk; method: 'GET' | 'POST'; path: string; now: number; nonce?: string | undefined; token?: string | undefined }

/** RFC 9449 §4.2. */
async function proofOf({ issuer }: Line, { dpop, method, path, now, nonce, token }: Proof): Promise<Record<string, string>> {
  const { kty = '', crv = '', x = '', y = '' } = publicHalf(dpop)
  const claims = {
    jti: randomUUID(), htm: method, htu: `${issuer}${path}`, iat: now, ...(nonce !== undefined && { nonce }),
    ...(token !== undefined && { ath: createHash('sha256').update(token).digest('base64url') }),
  }
  const jwt = await new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }).sign(await importJWK(dpop, 'ES256'))
  return { dpop: jwt }
}

export type Asking = { path: string; form?: Record<string, string>; /** Who proves itself: with a new assertion in each try (RFC 7523 §3). */ client?: string; token?: string | undefined; dpop?: HostileJwk | undefined; now: number }

/** One request; a DPoP nonce that is asked for is answered once (RFC 9449 §8). */
export async function ask(line: Line, asking: Asking): Promise<Heard> {
  const first = await askOnce(line, asking)
  return asking.dpop && first.body['error'] === 'use_dpop_nonce' ? askOnce(line, asking, first.nonce) : first
}

async function askOnce(line: Line, { path, form, client, token, dpop, now }: Asking, nonce?: string): Promise<Heard> {
  const method = form === undefined ? 'GET' : 'POST'
  const proof = dpop && (await proofOf(line, { dpop, method, path, now, nonce, token }))
  const assertion = client === undefined ? {} : await assertionOf(line, client, now)
  const answer = await fetch(`${line.inside}${path}`, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
    headers: { ...proof, ...(token !== undefined && { authorization: `${dpop ? 'DPoP' : 'Bearer'} ${token}` }), ...(form && { 'content-type': 'application/x-www-form-urlencoded' }) },
    ...(form && { body: new URLSearchParams({ ...form, ...assertion }).toString() }),
  })
  return { status: answer.status, body: objectIn(await answer.text()), nonce: answer.headers.get('dpop-nonce') ?? undefined }
}

function objectIn(text: string): Record<string, unknown> {
  try {
    return anyObject.catch({}).parse(JSON.parse(text))
  } catch {
    return {}
  }
}

const keySet: z.ZodType<JSONWebKeySet> = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** Whether the token is signed by a key that is published, whatever else it says. */
export async function signatureOf(line: Line, idToken: string, now: number): Promise<Signature> {
  if (decoded(idToken)?.header['alg'] === 'none') return 'none'
  const { body } = await ask(line, { path: '/jwks', now })
  const keys = keySet.safeParse(body)
  try {
    // Times are looked at elsewhere: a token of yesterday may be signed well.
    await jwtVerify(idToken, createLocalJWKSet(keys.success ? keys.data : { keys: [] }), { currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER })
    return 'good'
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown-key'
    return error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed ? 'good' : 'bad'
  }
}

export function decoded(jwt: string): Decoded | undefined {
  try {
    return { header: { ...decodeProtectedHeader(jwt) }, payload: decodeJwt(jwt) }
  } catch {
    return undefined
  }
}

/** OIDC Core §3.1.3.6, for the algorithms whose hash is SHA-256. */
export const atHashOf = (accessToken: string): string => createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url')

/** RFC 9449 §10: the code is bound to this key from the request on. */
export const boundTo = (dpop: HostileJwk): Promise<string> => calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x: dpop['x'] ?? '', y: dpop['y'] ?? '' })
