import { hash, randomUUID, sign as signature, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, SignJWT, type JWK } from 'jose'
import * as client from 'openid-client'
import { arrive, assertionOf, authorization, post, redemption, tell, type Enrolled, type Told } from './journey.ts'
import type { Checks, Party } from './relying-party.ts'

/** Who holds a key to prove possession with (RFC 9449); its messages are made by hand, so that they can be stolen and bent. */
export type Holder = { jwk: JWK; key: KeyObject; thumbprint: string }

export async function makeHolder(): Promise<Holder> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const jwk = { kty, crv, x, y }
  return { jwk, key: privateKey, thumbprint: await calculateJwkThumbprint(jwk) }
}

export type Claims = Readonly<Record<string, unknown>>
type Aim = { url: string; method?: string; token?: string; nonce?: string | undefined }

/** A proof as it should be, but for the claims and the header that are overridden; `undefined` leaves one out. */
export async function proofBy({ jwk, key }: Holder, { url, method = 'POST', token, nonce }: Aim, claims: Claims = {}, header: Claims = {}): Promise<string> {
  const ath = token === undefined ? undefined : hash('sha256', token, 'base64url')
  const usual = { htm: method, htu: url, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ath, nonce }
  return new SignJWT(said({ ...usual, ...claims })).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header }).sign(key)
}

export const said = (claims: Claims): Record<string, unknown> => Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))

/** Posts with a proof, and once more with the nonce where the server wants its own (RFC 9449 §8). */
export async function postProven(holder: Holder, url: string, fields: () => Promise<Record<string, string>>): Promise<Told> {
  const first = await post(url, await fields(), { dpop: await proofBy(holder, { url }) })
  const nonce = first.headers.get('dpop-nonce') ?? undefined
  return first.json['error'] === 'use_dpop_nonce' ? post(url, await fields(), { dpop: await proofBy(holder, { url, nonce }) }) : first
}

/** The nonce that proofs at the token endpoint carry now. */
export async function nonceOf(holder: Holder, party: Party): Promise<string> {
  const url = `${party.issuer}/token`
  const told = await post(url, { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x', ...(await assertionOf(party)) }, { dpop: await proofBy(holder, { url }) })
  const nonce = told.headers.get('dpop-nonce')
  if (nonce === null) throw new Error(`no nonce was given but ${told.text}`)
  return nonce
}

type Begun = { answer: URL; checks: Checks }

/**
 * One authorization of a client that pushes by hand, up to the answer: bound to a key from the start (RFC 9449 §10), or to none when there is no
 * `holder`.
 */
export async function authorizeBy(holder: Holder | undefined, { party, who, parameters = {} }: { party: Party; who: Enrolled; parameters?: Readonly<Record<string, string>> }): Promise<Begun> {
  const checks = { state: client.randomState(), nonce: client.randomNonce(), verifier: client.randomPKCECodeVerifier() }
  const own = { state: checks.state, nonce: checks.nonce, code_challenge: await client.calculatePKCECodeChallenge(checks.verifier) }
  const url = `${party.issuer}/par`
  const proof = party.proof.method === 'none' ? {} : await assertionOf(party)
  const fields = { ...authorization(party), ...own, ...parameters, ...proof }
  const told = await post(url, fields, holder && { dpop: await proofBy(holder, { url }) })
  const query = new URLSearchParams({ client_id: party.clientId, request_uri: String(told.json['request_uri']) })
  if (told.status !== 201) throw new Error(`the request was not taken: ${told.text}`)
  const page = await who.visitor.open(`${party.issuer}/authorize?${query.toString()}`)
  return { answer: (await arrive(who.visitor, page, who.citizen)).url, checks }
}

/** A token that is bound to this holder's key. */
export async function tokenOf(holder: Holder, from: { party: Party; who: Enrolled; parameters?: Readonly<Record<string, string>> }, more: Record<string, string> = {}): Promise<string> {
  const told = await redeem(holder, from.party, await authorizeBy(holder, from), more)
  if (told.status !== 200) throw new Error(`no token was given but ${told.text}`)
  return String(told.json['access_token'])
}

/** Redeems a code as the client whose key it is would, proven by this holder. */
export function redeem(holder: Holder, party: Party, { answer, checks }: Begun, more: Record<string, string> = {}): Promise<Told> {
  return postProven(holder, `${party.issuer}/token`, async () => ({ ...redemption(party, answer, checks), ...(await assertionOf(party)), ...more }))
}

/** Asks with a token and whatever else is in the headers. */
export async function ask(url: string, headers: Record<string, string>, method = 'GET'): Promise<Told> {
  return tell(await fetch(url, { method, headers, redirect: 'manual' }))
}

/** Headers of one who holds a token and the key it is bound to. */
export async function bearing(holder: Holder, token: string, url: string, method = 'GET'): Promise<Record<string, string>> {
  return { authorization: `DPoP ${token}`, dpop: await proofBy(holder, { url, method, token }) }
}

const encoded = (part: string | Buffer) => Buffer.from(part).toString('base64url')

/** A JWS of any bytes whatever, signed by this key: what a library refuses to make (P13). */
export function signedBytes(key: KeyObject, header: string | Buffer, payload: string | Buffer): string {
  const input = `${encoded(header)}.${encoded(payload)}`
  return `${input}.${signature('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
