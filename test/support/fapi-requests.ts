import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, createRemoteJWKSet, exportJWK, importJWK, jwtVerify, SignJWT, type JWTPayload } from 'jose'
import { expect } from 'vitest'
import type { Certified } from './certificates.ts'
import type { Actor } from './fapi.ts'
import { arrive, assertionOf, type Told } from './journey.ts'
import { call } from './tls-client.ts'
import type { Stop } from './visitor.ts'

/** Requests of the plans by hand, each right but for what is changed: the client library would not send most of these. */
type Signed = { alg?: string; typ?: string }
type Claims = { [Claim in keyof JWTPayload]: JWTPayload[Claim] | undefined }

/** A proof of possession (RFC 9449 §4.2). */
export type ProofChange = { key?: CryptoKeyPair; claims?: Claims; header?: Record<string, unknown>; /** What is sent instead of the signed proof. */ sent?: (jwt: string) => string }
export type Change = {
  /** Form fields; `undefined` leaves one out. */
  fields?: Record<string, string | undefined>
  assertion?: 'none' | { claims?: Claims; header?: Record<string, unknown> }
  proof?: 'none' | ProofChange
  as?: 'none' | Certified
  /** What our server asked the proof to carry. */
  nonce?: string | undefined
}
export type Asking = Change & {
  /** Parameters of the authorization request, wherever they are written. */
  asks?: Record<string, string | undefined>
  /** Claims and header of the request object, where requests are signed, and what is sent instead of it. */
  object?: { claims?: Claims; header?: Signed; sent?: (jwt: string, claims: JWTPayload) => string | Promise<string> }
}

export const now = (): number => Math.floor(Date.now() / 1000)
export const only = <Value>(all: Record<string, Value | undefined>): Record<string, Value> =>
  Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))

export async function proofFor(actor: Actor, { method, url, token, nonce }: { method: string; url: string; token?: string; nonce?: string | undefined }, change: ProofChange = {}): Promise<string> {
  const { key = actor.key, claims = {}, header = {}, sent = (jwt) => jwt } = change
  const ath = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url')
  const said = only({ jti: randomUUID(), htm: method, htu: url, iat: now(), ath, nonce, ...claims })
  const protectedHeader = { typ: 'dpop+jwt', alg: 'ES256', jwk: await exportJWK(key.publicKey), ...header }
  return sent(await new SignJWT(said).setProtectedHeader(protectedHeader).sign(key.privateKey))
}

export const thumbprint = async (key: CryptoKeyPair): Promise<string> => calculateJwkThumbprint(await exportJWK(key.publicKey))

/** Posts to an endpoint as this client; once more with a nonce where one is asked for, as the plans do (RFC 9449 §8). */
export async function send(actor: Actor, path: string, fields: Record<string, string | undefined>, change: Change = {}): Promise<Told> {
  const { assertion = {}, proof = {}, as = actor.certificate, nonce } = change
  const url = `${actor.party.issuer}${path}`
  const headers = actor.variant.bound === 'mtls' || proof === 'none' ? {} : { dpop: await proofFor(actor, { method: 'POST', url, nonce }, proof) }
  const identity = actor.variant.authentication === 'mtls' || assertion === 'none' ? {} : await assertionOf(actor.party, assertion.claims, assertion.header)
  const told = await call(url, { fields: only({ client_id: actor.party.clientId, ...fields, ...identity, ...change.fields }), headers, as: as === 'none' ? undefined : as })
  const next = told.headers.get('dpop-nonce') ?? undefined
  return told.json['error'] === 'use_dpop_nonce' && nonce === undefined ? send(actor, path, fields, { ...change, nonce: next }) : told
}

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const usual = ({ party }: Actor): Record<string, string> => ({
  client_id: party.clientId, response_type: 'code', redirect_uri: party.redirectUri, scope: 'openid', state: 'the-state', nonce: 'the-nonce',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
})

/** Pushes a request (RFC 9126 §2.1), in a request object where this client signs. */
export async function push(actor: Actor, { asks = {}, object = {}, ...change }: Asking = {}): Promise<Told> {
  const asked = only({ ...usual(actor), ...asks })
  return send(actor, '/par', actor.variant.signed ? { request: await requestObject(actor, { response_mode: 'jwt', ...asked }, object) } : asked, change)
}

/** A signed request object (RFC 9101), or what was made of it. */
export async function requestObject({ party }: Actor, asked: Record<string, string>, { claims = {}, header = {}, sent = (jwt) => jwt }: NonNullable<Asking['object']>): Promise<string> {
  if (party.proof.method !== 'private_key_jwt') throw new Error('signed by a key of the client')
  const made = now()
  const said = only({ ...asked, iss: party.clientId, aud: party.issuer, iat: made, nbf: made, exp: made + 60, jti: randomUUID(), ...claims })
  const alg = header.alg ?? party.proof.jwk.alg ?? 'ES256'
  return sent(await new SignJWT(said).setProtectedHeader({ typ: 'oauth-authz-req+jwt', kid: party.proof.jwk.kid ?? '', ...header, alg }).sign(await importJWK(party.proof.jwk, alg)), said)
}

/** Where the browser is sent for a pushed request; `beside` are parameters next to it. */
export function startOf({ party }: Actor, { json }: Told, beside: Record<string, string> = {}): URL {
  const url = new URL('/authorize', party.issuer)
  url.search = new URLSearchParams({ client_id: party.clientId, request_uri: String(json['request_uri']), ...beside }).toString()
  return url
}

/** The person goes through with it. */
export const visit = async ({ someone }: Actor, url: URL): Promise<Stop> => arrive(someone.visitor, await someone.visitor.open(url), someone.citizen)

/** What the client hears at its address, its signature verified where it is signed (JARM §2.4); `aud` and `exp` are then as they must be. */
export async function heard({ party, variant }: Actor, { url }: Stop): Promise<Record<string, unknown>> {
  expect(`${url.origin}${url.pathname}`).toBe(party.redirectUri)
  const parameters = Object.fromEntries(url.searchParams)
  if (!variant.signed) return parameters
  expect(Object.keys(parameters)).toEqual(['response'])
  const keys = createRemoteJWKSet(new URL('/jwks', party.issuer))
  const { payload } = await jwtVerify(parameters['response'] ?? '', keys, { issuer: party.issuer, audience: party.clientId, requiredClaims: ['exp'], algorithms: ['ES256'] })
  const { aud: _aud, exp: _exp, iat: _iat, ...said } = payload
  return said
}

/** From the request to what the client hears, which is a code. */
export async function authorize(actor: Actor, { beside = {}, ...asking }: Asking & { beside?: Record<string, string> } = {}): Promise<{ code: string; said: Record<string, unknown> }> {
  const told = await push(actor, asking)
  expect(told.json).toMatchObject({ request_uri: expect.stringContaining('urn:ietf:params:oauth:request_uri:'), expires_in: expect.any(Number) })
  expect(told.status).toBe(201)
  const said = await heard(actor, await visit(actor, startOf(actor, told, beside)))
  expect(said).toMatchObject({ code: expect.stringMatching(/^[\w-]{43,}$/), iss: actor.party.issuer })
  return { code: String(said['code']), said }
}

export const redeem = (actor: Actor, code: string, change: Change = {}): Promise<Told> =>
  send(actor, '/token', { grant_type: 'authorization_code', code, redirect_uri: actor.party.redirectUri, code_verifier: verifier }, change)

export async function tokensOf(actor: Actor, asking: Asking = {}): Promise<Record<string, string>> {
  const { status, json } = await redeem(actor, (await authorize(actor, asking)).code)
  expect([status, json['token_type']]).toEqual([200, actor.variant.bound === 'dpop' ? 'DPoP' : 'Bearer'])
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]))
}

/** The plans' protected resource is our UserInfo. */
export async function resource(actor: Actor, token: string, change: ProofChange & { as?: 'none' | Certified; scheme?: string; headers?: (proof: string) => Record<string, string | string[]> } = {}): Promise<Told> {
  const { as = actor.certificate, scheme = actor.variant.bound === 'dpop' ? 'DPoP' : 'Bearer', headers = (dpop) => ({ dpop }), ...proof } = change
  const url = `${actor.party.issuer}/userinfo`
  const proven = actor.variant.bound === 'dpop' ? headers(await proofFor(actor, { method: 'GET', url, token }, proof)) : {}
  return call(url, { headers: { authorization: `${scheme} ${token}`, ...proven }, as: as === 'none' ? undefined : as })
}

/** A refusal as RFC 6749 §5.2 and RFC 9126 §2.3 want it, for one of these reasons. */
export function expectRefused({ status, headers, json }: Told, ...errors: readonly string[]): void {
  expect(errors).toContain(json['error'])
  expect(status).toBe(json['error'] === 'invalid_client' ? 401 : 400)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(json['error_description'] ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/)
}
