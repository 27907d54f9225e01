import { createHmac, type KeyObject } from 'node:crypto'
import { verifyAuthenticationResponse } from '@simplewebauthn/server'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { passkeyId, type ApplicationId, type ApprovalId, type InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken } from '#kernel/random.ts'
import type { Evidence } from '#domain/assurance/evidence.ts'
import type { ChallengePurpose, ChallengeStore, Passkey, PasskeyStore, RelyingParty } from './passkey.ts'
import { challengeSeconds } from './passkey.ts'
import { fromForeignFrame, type Assertion } from './response.ts'

/** `PublicKeyCredentialRequestOptionsJSON` (WebAuthn L3 §5.1.5), the part that we send. */
export type SignInOptions = {
  challenge: string
  rpId: string
  timeout: number
  userVerification: 'required'
  allowCredentials: readonly { id: string; type: 'public-key'; transports: readonly string[] }[]
}

/**
 * What an assertion is for: signing in, saying yes to one request that waits on our own pages, or showing at a desk that the account is theirs.
 * None counts as another (W03).
 */
export type Occasion = InteractionId | { approval: ApprovalId } | { desk: ApplicationId }

function challengeOf(occasion: Occasion): [ChallengePurpose, InteractionId | ApprovalId | ApplicationId] {
  if (typeof occasion === 'string') return ['sign-in', occasion]
  return 'desk' in occasion ? ['desk-sign', occasion.desk] : ['approval', occasion.approval]
}

type BeginTools = { challenges: Pick<ChallengeStore, 'put'>; rp: RelyingParty }

/** Makes the challenge of one page. Without `allowed`, any passkey that the device knows for us will do. */
export async function beginSignIn(
  tools: BeginTools,
  occasion: Occasion,
  allowed: readonly Pick<Passkey, 'id' | 'transports'>[] = [],
): Promise<SignInOptions> {
  const challenge = secretToken()
  await tools.challenges.put(...challengeOf(occasion), challenge)
  return signInOptions(tools.rp, challenge, allowed)
}

/** What a browser is asked for with a challenge that was made elsewhere. */
export function signInOptions(rp: RelyingParty, challenge: string, allowed: readonly Pick<Passkey, 'id' | 'transports'>[]): SignInOptions {
  return {
    challenge,
    rpId: rp.id,
    timeout: challengeSeconds * 1000,
    userVerification: 'required',
    allowCredentials: allowed.map(({ id, transports }) => ({ id, type: 'public-key', transports: transports.toSorted() })),
  }
}

/**
 * What an unknown number is answered with: credentials that look real and stay the same, so that asking says nothing about
 * who has an account (WebAuthn L3 §14.6.2). Real accounts have one or two; so do these.
 */
export function decoys(key: KeyObject, number: string): readonly Pick<Passkey, 'id' | 'transports'>[] {
  const digest = (label: string) => createHmac('sha256', key).update(`${label}:${number}`).digest()
  const count = digest('count').readUInt8(0) % 4 === 0 ? 2 : 1
  return Array.from({ length: count }, (_, at) => {
    // The lengths of credential ids that the common platforms make: 20 bytes (Apple), 16 and 32 (Google, Windows).
    const length = [16, 20, 32, 32][digest(`length-${at}`).readUInt8(0) % 4]
    return { id: passkeyId.parse(digest(`id-${at}`).subarray(0, length).toString('base64url')), transports: ['hybrid', 'internal'] }
  })
}

type FinishTools = {
  challenges: Pick<ChallengeStore, 'take'>
  passkeys: Pick<PasskeyStore, 'find' | 'advance'>
  rp: RelyingParty
  clock: Clock
}

/**
 * Checks one assertion (WebAuthn L3 §7.2) and answers whose passkey it was and what that proves. The challenge is spent
 * whatever the outcome. `also` answers one that was set aside, too, which the caller lets object and nothing else. Throws `passkey.challenge-spent`, `.not-recognised`, `.removed` (`since`), `.not-verified`,
 * `.counter-stale`.
 */
export async function finishSignIn(
  tools: FinishTools,
  occasion: Occasion,
  answer: Assertion,
  also?: 'set-aside',
): Promise<{ passkey: Passkey; evidence: Evidence }> {
  const challenge = await tools.challenges.take(...challengeOf(occasion))
  if (challenge === undefined) throw new Problem('passkey.challenge-spent')
  return prove(tools, challenge, answer, also)
}

type ProveTools = Pick<FinishTools, 'passkeys' | 'rp' | 'clock'>

/**
 * Checks one assertion over this very challenge, which the caller sees to it is answered once. Throws `passkey.not-recognised`, `.removed`
 * (`since`), `.not-verified`, `.counter-stale`.
 */
export async function prove(tools: ProveTools, challenge: string, answer: Assertion, also?: 'set-aside'): Promise<{ passkey: Passkey; evidence: Evidence }> {
  const passkey = await tools.passkeys.find(answer.id)
  if (passkey === undefined) throw new Problem('passkey.not-recognised')

  const proof = await verify(tools.rp, challenge, passkey, answer)
  const at = tools.clock.now()
  if (passkey.removedAt && passkey.setAside && also === 'set-aside') return { passkey, evidence: evidenceOf(passkey, at) }
  if (passkey.removedAt) throw removed(passkey.removedAt)

  if (!(await tools.passkeys.advance(passkey.id, { ...proof, at }))) throw new Problem('passkey.counter-stale')
  return { passkey, evidence: evidenceOf(passkey, at) }
}

/** With when, so that the person is told. */
export const removed = (since: Date): Problem => new Problem('passkey.removed', { detail: { since: since.toISOString() } })

function evidenceOf(passkey: Passkey, at: Date): Evidence {
  return {
    means: 'passkey',
    passkey: passkey.id,
    userVerified: true,
    backupEligible: passkey.backupEligible,
    hardwareBound: passkey.hardwareBound,
    at: epochSeconds(at),
  }
}

async function verify(rp: RelyingParty, challenge: string, passkey: Passkey, answer: Assertion) {
  const userHandle = Buffer.from(passkey.account).toString('base64url')
  if (answer.response.userHandle !== undefined && answer.response.userHandle !== userHandle) throw new Problem('passkey.not-verified')
  try {
    if (fromForeignFrame(answer.response.clientDataJSON)) throw new Problem('passkey.not-verified')
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: toLibrary(answer),
      expectedChallenge: challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserVerification: true,
      // Counters are compared by the store, in the statement that advances them; the library would compare a value read earlier.
      credential: { id: passkey.id, publicKey: passkey.publicKey, counter: 0 },
    })
    const eligible = authenticationInfo.credentialDeviceType === 'multiDevice'
    if (!verified || eligible !== passkey.backupEligible) throw new Problem('passkey.not-verified')
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
  } catch (cause) {
    // The library speaks by throwing; every reason is the same to us, and kept for the log.
    throw cause instanceof Problem ? cause : new Problem('passkey.not-verified', { cause })
  }
}

function toLibrary({ authenticatorAttachment, response: { userHandle, ...response }, ...answer }: Assertion) {
  return {
    ...answer,
    ...(authenticatorAttachment && { authenticatorAttachment }),
    response: { ...response, ...(userHandle !== undefined && { userHandle }) },
  }
}
