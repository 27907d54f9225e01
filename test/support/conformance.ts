import { decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { expect } from 'vitest'
import { fillIn } from './citizen.ts'
import { arrive, enrol, isSignIn, tell, type Enrolled, type Told } from './journey.ts'
import { makeRelyingParty, type Checks, type Party, type RelyingParty, type SignedIn } from './relying-party.ts'
import type { TestServer } from './running.ts'
import { leaveAt, type TestClient } from './test-clients.ts'
import { makeVisitor, type Stop } from './visitor.ts'

/** A client as the conformance suite holds it, and somebody who has signed in there. */
export type Stage = {
  at: RelyingParty
  party: Party
  someone: Enrolled
  /** What the token endpoint answered last, as it came. */
  lastTold: () => Told
}

/** The client verifies signatures too, also of what came over a connection of its own (OIDC Core §3.1.3.7 no. 6 lets that be). */
export async function setStage(server: TestServer, { party: partyAt }: TestClient, someone?: Enrolled): Promise<Stage> {
  const party = partyAt(server.issuer)
  const at = await makeRelyingParty(party)
  client.enableNonRepudiationChecks(at.config)
  let last: Told | undefined
  at.config[client.customFetch] = async (url, { body = null, headers, method, redirect }) => {
    const response = await fetch(url, { body: body instanceof Uint8Array ? new Uint8Array(body) : body, headers, method, redirect })
    if (new URL(url).pathname === '/token') last = await tell(response.clone())
    return response
  }
  const lastTold = () => {
    if (last === undefined) throw new Error('the token endpoint was not asked')
    return last
  }
  return { at, party, someone: someone ?? (await enrol(server, at)), lastTold }
}

type Wish = {
  asks?: Readonly<Record<string, string>>
  /** `new` has no cookies of ours, so the person has to sign in. */
  browser?: 'new' | 'signed in'
  /** How the request comes to us; the plans send the browser there themselves, nothing is pushed. */
  reorder?: (url: URL) => URL
}

/** Where an authorization ended, and whether the person had to show a passkey on the way. */
export type Answered = { answer: URL; checks: Checks; asked: boolean }

export async function authorizeAt({ at, someone }: Stage, { asks = {}, browser = 'signed in', reorder = (url) => url }: Wish = {}): Promise<Answered> {
  const visitor = browser === 'new' ? makeVisitor({ leaveAt }) : someone.visitor
  const { url, checks } = await at.begin(asks, { pushed: false })
  const page = await visitor.open(reorder(url))
  const { url: answer } = await arrive(visitor, page, someone.citizen)
  return { answer, checks, asked: isSignIn(page) }
}

export type Flow = Answered & SignedIn & { about: client.UserInfoResponse }

/** What every module of the plans checks on its way: the answer, the tokens, UserInfo (`AbstractOIDCCServerTest`). */
export async function flow(stage: Stage, wish: Wish = {}): Promise<Flow> {
  const answered = await authorizeAt(stage, wish)
  expectCode(stage, answered)
  const signedIn = await stage.at.finish(answered.answer, answered.checks)
  expectTokens(stage, signedIn)
  return { ...answered, ...signedIn, about: await stage.at.userinfo(signedIn) }
}

/** Back where it was sent from, with the code, the state that was sent and who answers, and nothing else. */
function expectCode({ party }: Stage, { answer, checks }: Answered): void {
  expect(`${answer.origin}${answer.pathname}`).toBe(party.redirectUri)
  expect(Object.fromEntries(answer.searchParams)).toEqual({ code: expect.stringMatching(/^[\w-]{43,}$/), state: checks.state, iss: party.issuer })
}

/** An error at the service's address, well-formed as RFC 6749 §4.1.2.1 wants it. */
export function expectError({ party }: Stage, { answer, checks }: Pick<Answered, 'answer' | 'checks'>, error: unknown): void {
  expect(`${answer.origin}${answer.pathname}`).toBe(party.redirectUri)
  const { error_description: description, ...said } = Object.fromEntries(answer.searchParams)
  expect(said).toEqual({ error, state: checks.state, iss: party.issuer })
  expect(description ?? '').toMatch(/^[\x20-\x21\x23-\x5B\x5D-\x7E]*$/)
}

/** What a request that wants no page is told when one would be needed (OIDC Core §3.1.2.6). */
export async function expectSignedOut(stage: Stage, browser: Wish['browser'] = 'signed in'): Promise<void> {
  expectError(stage, await authorizeAt(stage, { asks: { prompt: 'none', state: longState }, browser }).then(withState), 'login_required')
}

/** As long as the suite's own, to see that it comes back whole. */
export const longState = 'a1B2'.repeat(32)
const withState = <Of extends { checks: Checks }>(of: Of): Of => ({ ...of, checks: { ...of.checks, state: longState } })

/** The client library has verified signature, `iss`, `aud`, `exp`, `iat` and `nonce`; here is what it leaves open. */
function expectTokens({ lastTold }: Stage, { tokens, claims }: SignedIn): void {
  const { status, headers } = lastTold()
  expect([status, headers.get('cache-control'), headers.get('content-type')]).toEqual([200, 'no-store', expect.stringMatching(/^application\/json/)])
  expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: expect.any(Number), access_token: expect.stringMatching(/^[\w.~+/-]{43,}=*$/) })
  expect(decodeProtectedHeader(tokens.id_token ?? '')).toMatchObject({ kid: expect.any(String) })
  expect(claims.sub).toMatch(/^[\x20-\x7E]{1,255}$/)
}

/** Members and types of the standard claims (OIDC Core §5.1), as far as they are there. */
export function expectStandardClaims(about: Readonly<Record<string, unknown>>): void {
  const { sub, address, email_verified: emailVerified, phone_number_verified: phoneVerified, updated_at: updatedAt, birthdate, ...rest } = about
  expect(sub).toEqual(expect.any(String))
  if (birthdate !== undefined) expect(birthdate).toMatch(/^(\d{4}|0000)(-\d\d-\d\d)?$/)
  if (updatedAt !== undefined) expect(updatedAt).toSatisfy((at) => Number.isInteger(at) && Number(at) > 0)
  for (const verified of [emailVerified, phoneVerified]) if (verified !== undefined) expect(verified).toBeTypeOf('boolean')
  if (address !== undefined) {
    expect(address).toBeTypeOf('object')
    expect(address).toSatisfy((parts: object) => Object.keys(parts).length > 0 && Object.values(parts).every((part) => typeof part === 'string'))
  }
  for (const [claim, value] of Object.entries(rest)) expect([claim, typeof value]).toEqual([claim, 'string'])
}

/** An issuer as it is in the world, behind a proxy that ends TLS; the tests themselves knock at the port. */
export const httpsIssuer = 'https://id.example'

export async function metadataAt({ issuer }: TestServer): Promise<oauth.AuthorizationServer> {
  return oauth.processDiscoveryResponse(new URL(httpsIssuer), await fetch(`${issuer}/.well-known/openid-configuration`))
}

/** Every address that discovery names. */
export function endpointsOf(told: object): Record<string, string> {
  const entries = Object.entries(told).filter(([name]) => name.endsWith('_endpoint') || name.endsWith('_uri'))
  return Object.fromEntries(entries.map(([name, address]) => [name, String(address)]))
}

/** The plans' request to sign out, which names no client but by the hint; `undefined` leaves a parameter out. */
export function leave({ at, someone }: Stage, { tokens }: SignedIn, change: Readonly<Record<string, string | undefined>> = {}): Promise<Stop> {
  const usual = { id_token_hint: tokens.id_token, post_logout_redirect_uri: out, state: longState }
  const asked = Object.entries({ ...usual, ...change }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  const url = client.buildEndSessionUrl(at.config, Object.fromEntries(asked))
  url.searchParams.delete('client_id')
  return someone.visitor.open(url)
}

/** What the client `first` has registered as the way back. */
export const out = 'http://localhost:1/first/out'

export const confirmLeave = ({ someone }: Stage, page: Stop): Promise<Stop> => fillIn(someone.visitor, page, '/end-session/confirm', { logout: 'yes' })
