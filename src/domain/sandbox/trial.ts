import { z } from 'zod'
import { clocksApart } from '#kernel/clock.ts'
import { accountId, clientId, type AccountId, type ClientId } from '#kernel/id.ts'
import { hostileJwk } from './fault.ts'

/** What a program has to look at before it believes anything, in the order in which it does (RFC 9207 §2.4; OIDC Core §3.1.3.7, §5.3.2). */
export const checkNames = [
  'pushed', 'state', 'answer-iss', 'code', 'token', 'alg', 'key', 'signature', 'iss', 'aud', 'nonce', 'exp', 'iat', 'acr', 'at-hash', 'userinfo-sub',
] as const
export type CheckName = (typeof checkNames)[number]

/** `found` and `wanted`: what was there, and what had to be. */
const check = z.object({ name: z.enum(checkNames), passed: z.boolean(), found: z.string().optional(), wanted: z.string().optional() })
export type Check = z.output<typeof check>

const anything = z.record(z.string(), z.unknown()).readonly()

/** One message as it went: by which way, and what was in it. Secrets are left out. */
const message = z.object({ step: z.enum(['push', 'authorize', 'answer', 'token', 'userinfo']), to: z.string().optional(), status: z.int().optional(), content: anything })
export type Message = z.output<typeof message>

const decoded = z.object({ header: anything, payload: anything })
export type Decoded = z.output<typeof decoded>

/** A sign-in that the portal did in place of a program, from the first message to the last check that could be made. */
const trial = z.object({ client: clientId, at: z.int(), messages: z.array(message).readonly(), idToken: decoded.optional(), checks: z.array(check).readonly() })
export type Trial = z.output<typeof trial>

export type Trials = {
  /** Where the browser goes; `undefined` where the client is not this owner's. What could not even be asked is a report at once. */
  begin: (owner: AccountId, client: ClientId) => Promise<{ to: string } | { report: string } | undefined>
  /** With the parameters that came back, once; answers under which name the report is kept for a while. */
  finish: (owner: AccountId, answer: Readonly<Record<string, string>>) => Promise<{ client: ClientId; report: string } | undefined>
  report: (owner: AccountId, name: string) => Promise<Trial | undefined>
}

/** What was asked for and has to come back. */
const wanted = z.object({ issuer: z.string(), client: z.string(), state: z.string(), nonce: z.string(), acr: z.string() })
export type Wanted = z.output<typeof wanted>

/** A sign-in on its way, and one that came to its end, each as it is kept for its owner. */
export const pendingTrial = z.object({ owner: accountId, client: clientId, wanted, verifier: z.string(), dpop: hostileJwk.optional(), messages: z.array(message).readonly() })
export type PendingTrial = z.output<typeof pendingTrial>
export const keptTrial = z.object({ owner: accountId, trial })
export type KeptTrial = z.output<typeof keptTrial>

/** `none`: it is signed by nobody. `unknown-key`: by a key that is not published. */
export type Signature = 'good' | 'bad' | 'unknown-key' | 'none'

const same = (name: CheckName, found: unknown, wanted: string): Check => ({ name, passed: found === wanted, found: textOf(found), wanted })

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The answer at the redirect URI, before anything in it is used. An answer of another issuer ends it here. */
export function checkAnswer(answer: Readonly<Record<string, string>>, { state, issuer }: Pick<Wanted, 'state' | 'issuer'>): readonly Check[] {
  const reason = [answer['error'], answer['error_description']].filter((text) => text !== undefined).join(': ')
  return [
    same('state', answer['state'], state),
    same('answer-iss', answer['iss'], issuer),
    { name: 'code', passed: answer['code'] !== undefined, found: answer['code'] === undefined ? reason : undefined },
  ]
}

/** Strong enough for what we ask for everywhere; `none` is no algorithm. */
const algorithms: readonly unknown[] = ['ES256', 'EdDSA', 'PS256', 'RS256']

type Facts = { token: Decoded; wanted: Wanted; signature: Signature; /** What `at_hash` has to be. */ atHash: string; now: number; acrs: readonly string[] }

/** OIDC Core §3.1.3.7 on one ID token. `acrs` are those that are as good as the one that was asked for. */
export function checkIdToken({ token: { header, payload }, wanted, signature, atHash, now, acrs }: Facts): readonly Check[] {
  const { iss, aud, nonce, exp, iat, acr, at_hash: hash } = payload
  return [
    { name: 'alg', passed: algorithms.includes(header['alg']), found: textOf(header['alg']), wanted: algorithms.join(', ') },
    { name: 'key', passed: header['kid'] !== undefined && signature !== 'unknown-key' && signature !== 'none', found: textOf(header['kid']) },
    { name: 'signature', passed: signature === 'good' },
    same('iss', iss, wanted.issuer),
    same('aud', aud, wanted.client),
    same('nonce', nonce, wanted.nonce),
    { name: 'exp', passed: typeof exp === 'number' && exp > now - clocksApart, found: timeOf(exp), wanted: `> ${String(timeOf(now))}` },
    { name: 'iat', passed: typeof iat === 'number' && iat <= now + clocksApart, found: timeOf(iat), wanted: `≤ ${String(timeOf(now))}` },
    { name: 'acr', passed: typeof acr === 'string' && acrs.includes(acr), found: textOf(acr), wanted: wanted.acr },
    // OIDC Core §3.1.3.6: it may be left out at the token endpoint.
    ...(hash === undefined ? [] : [same('at-hash', hash, atHash)]),
  ]
}

export function checkUserInfo(sub: unknown, idTokenSub: unknown): Check {
  return same('userinfo-sub', sub, String(idTokenSub))
}

function timeOf(seconds: unknown): string | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : textOf(seconds)
}

/** What is on its way is taken once; a report may be read again for a while. */
export type TrialStore = {
  put: (state: string, pending: PendingTrial) => Promise<void>
  take: (state: string) => Promise<PendingTrial | undefined>
  keep: (name: string, report: KeptTrial) => Promise<void>
  find: (name: string) => Promise<KeptTrial | undefined>
}
