import { z } from 'zod'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { epochSeconds, type Clock } from '#kernel/clock.ts'

/**
 * What the sandbox can be told to do wrong for one client, so that its program shows whether it notices. `at` is where the fault
 * shows: in the answer at the redirect URI, in the answer of the token endpoint, in the ID token itself, or in the time that
 * programs wait.
 */
export const faults = {
  /** The person turned back (RFC 6749 §4.1.2.1). */
  'access-denied': { at: 'answer' },
  /** `iss` of the answer names another server: a mix-up (RFC 9207 §2.4). */
  'answer-iss': { at: 'answer' },
  /** The code is over when it comes (RFC 6749 §5.2). */
  'expired-code': { at: 'token' },
  /** The code was used already (RFC 6749 §4.1.2). */
  'code-used': { at: 'token' },
  slow: { at: 'time' },
  /** Everything below: OIDC Core §3.1.3.7. Signed by a key that was published a moment ago. */
  'rotated-key': { at: 'id-token' },
  'no-kid': { at: 'id-token' },
  'foreign-key': { at: 'id-token' },
  unsigned: { at: 'id-token' },
  iss: { at: 'id-token' },
  aud: { at: 'id-token' },
  nonce: { at: 'id-token' },
  expired: { at: 'id-token' },
  /** Less was shown than was asked for. */
  acr: { at: 'id-token' },
} as const satisfies Record<string, { at: 'answer' | 'token' | 'id-token' | 'time' }>

export type Fault = keyof typeof faults
type FaultsAt<Place> = { [Name in Fault]: (typeof faults)[Name]['at'] extends Place ? Name : never }[Fault]
export type AnswerFault = FaultsAt<'answer'>
export type IdTokenFault = FaultsAt<'id-token'>
export type TokenFault = FaultsAt<'token'>

const isName = (name: string): name is Fault => Object.hasOwn(faults, name)
export const faultNames: readonly Fault[] = Object.keys(faults).filter(isName)
export const isTokenFault = (fault: Fault): fault is TokenFault => faults[fault].at === 'token'
export const isIdTokenFault = (fault: Fault): fault is IdTokenFault => faults[fault].at === 'id-token'
export const isAnswerFault = (fault: Fault): fault is AnswerFault => faults[fault].at === 'answer'

/** With these a program is right to go on; with all others it is right to stop. */
export const harmless: ReadonlySet<Fault> = new Set<Fault>(['rotated-key', 'slow'])

/** Nobody finds a fault tomorrow that was forgotten today. */
export const faultSeconds = { usual: 900, most: 3600 }

/** A private key as RFC 7517 writes it. */
export const hostileJwk = z.record(z.string(), z.string()).readonly()
export type HostileJwk = z.output<typeof hostileJwk>

/** One client's fault until then, in seconds since 1970. `staged` signs where the key was rotated. */
export const switchedOn = z.object({ fault: z.enum(faultNames), until: z.int(), staged: hostileJwk.optional() })
export type SwitchedOn = z.output<typeof switchedOn>

/** Whose staged key it is. A developer has one at a time by hand, and one of a self-test: for those places are kept free. */
export type StagedBy = { owner: AccountId; by: 'hand' | 'self-test' }

export type FaultStore = {
  /** What is switched on for this client now. */
  find: (client: ClientId) => Promise<SwitchedOn | undefined>
  /**
   * In place of what was on. A staged key is to be published from here on, in place of the last one of the same developer, whose other client
   * then has no such fault any more; `false`, and nothing is changed, where as many are published for others as may be at one time.
   */
  switchOn: (client: ClientId, on: SwitchedOn, whose: StagedBy) => Promise<boolean>
  switchOff: (client: ClientId) => Promise<void>
  /** The keys that are published beside the server's own, until what they signed is over. */
  staged: () => Promise<readonly HostileJwk[]>
}

type Tools = { faults: Pick<FaultStore, 'switchOn'>; clock: Clock; stageKey: (client: ClientId) => Promise<HostileJwk> }

/** Switches a fault on for a while; `false` where no further key can be staged now. */
export async function switchOn(tools: Tools, client: ClientId, { fault, owner, seconds = faultSeconds.usual }: { fault: Fault; owner: AccountId; seconds?: number }): Promise<boolean> {
  const until = epochSeconds(tools.clock.now()) + Math.min(Math.max(1, seconds), faultSeconds.most)
  const staged = fault === 'rotated-key' ? await tools.stageKey(client) : undefined
  return tools.faults.switchOn(client, { fault, until, ...(staged && { staged }) }, { owner, by: 'hand' })
}
