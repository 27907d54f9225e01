import { randomUUID } from 'node:crypto'
import { importJWK, SignJWT, type JWTPayload } from 'jose'
import type { AccountId } from '#kernel/id.ts'
import { personalNumber } from '#domain/registry/person.ts'
import { agree, register, tap, type Citizen } from './citizen.ts'
import type { Checks, Party, RelyingParty, SignedIn } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { leaveAt } from './test-clients.ts'
import { makeVisitor, type Stop, type Visitor } from './visitor.ts'

/** Somebody with an account, and the browser in which they opened it: it is still signed in. */
export type Enrolled = { citizen: Citizen; visitor: Visitor }

/** Registers the next person of the population at this service. */
export async function enrol(server: TestServer, at: RelyingParty, fits?: Parameters<TestServer['nextPerson']>[0]): Promise<Enrolled> {
  const citizen = server.citizen(server.nextPerson(fits))
  const visitor = makeVisitor({ leaveAt })
  const { url } = await at.begin()
  const end = await agree(visitor, await register(visitor, await visitor.open(url), citizen))
  if (end.url.searchParams.get('code') === null) throw new Error(`the registration did not end at the service but at ${end.url.pathname}`)
  return { citizen, visitor }
}

/** From whatever page the service led to: one tap where the page asks for it, consent where it is asked. */
export async function arrive(visitor: Visitor, page: Stop, { authenticator }: Pick<Citizen, 'authenticator'>): Promise<Stop> {
  return agree(visitor, isSignIn(page) ? await tap(visitor, page, authenticator) : page)
}

export function isSignIn({ text }: Stop): boolean {
  return text.includes('/passkey"') && text.includes('id="passkey-options"')
}

/** One authorization, up to the answer that the service would hear. */
export async function authorize(at: RelyingParty, { citizen, visitor }: Enrolled, parameters: Readonly<Record<string, string>> = {}): Promise<{ answer: URL; checks: Checks }> {
  const { url, checks } = await at.begin(parameters)
  const { url: answer } = await arrive(visitor, await visitor.open(url), citizen)
  return { answer, checks }
}

export async function signIn(at: RelyingParty, who: Enrolled, parameters: Readonly<Record<string, string>> = {}): Promise<SignedIn> {
  const { answer, checks } = await authorize(at, who, parameters)
  return at.finish(answer, checks)
}

/** An answer to a program, whatever it is. */
export type Told = { status: number; headers: Headers; text: string; json: Record<string, unknown> }

export async function tell(response: Response): Promise<Told> {
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** Posts a form as a program would; a text is sent as it stands. */
export async function post(url: string, fields: Readonly<Record<string, string>> | string, headers: Record<string, string> = {}): Promise<Told> {
  const body = typeof fields === 'string' ? fields : new URLSearchParams({ ...fields }).toString()
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return tell(await fetch(url, { method: 'POST', body, redirect: 'manual', headers: { ...type, ...headers } }))
}

export const get = async (url: string, headers: Record<string, string> = {}): Promise<Told> => tell(await fetch(url, { redirect: 'manual', headers }))

/** A client assertion (RFC 7523 §3) as it should be, but for what is overridden; `undefined` leaves a claim out. */
export async function assertionOf(party: Party, claims: { [Claim in keyof JWTPayload]: JWTPayload[Claim] | undefined } = {}, header: Record<string, unknown> = {}): Promise<Record<string, string>> {
  if (party.proof.method !== 'private_key_jwt') throw new Error('this client has no key')
  const now = Math.floor(Date.now() / 1000)
  const usual = { iss: party.clientId, sub: party.clientId, aud: party.issuer, jti: randomUUID(), iat: now, exp: now + 60 }
  const alg = party.proof.jwk.alg ?? 'ES256'
  const said = Object.fromEntries(Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined))
  const jwt = await new SignJWT(said).setProtectedHeader({ alg, ...header }).sign(await importJWK(party.proof.jwk, alg))
  return { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: jwt }
}

/** What redeems a code (RFC 6749 §4.1.3), without the client's proof. */
export function redemption(party: Party, answer: URL, { verifier }: Checks): Record<string, string> {
  return { grant_type: 'authorization_code', code: answer.searchParams.get('code') ?? '', redirect_uri: party.redirectUri, code_verifier: verifier, client_id: party.clientId }
}

/** A complete authorization request as a form, for those who push it by hand. */
export function authorization(party: Party): Record<string, string> {
  return {
    client_id: party.clientId, response_type: 'code', redirect_uri: party.redirectUri, scope: 'openid', state: 'a-state', nonce: 'a-nonce',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256',
  }
}

/** Whose account it is, as an operator would find it: by the number. */
export async function accountOf({ house }: Pick<TestServer, 'house'>, { citizen }: { citizen: Pick<Citizen, 'number'> }): Promise<AccountId> {
  const person = await house.registry.findByNumber(personalNumber.parse(citizen.number))
  const account = person && (await house.accounts.findByPerson(person.id))
  if (account === undefined) throw new Error('this person has no account')
  return account.id
}
