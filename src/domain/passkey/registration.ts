import { verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken } from '#kernel/random.ts'
import { algorithms, challengeSeconds, type ChallengeStore, type Passkey, type RelyingParty } from './passkey.ts'
import { fromForeignFrame, type Attestation } from './response.ts'

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn L3 §5.1.4), the part that we send. */
export type RegisterOptions = {
  challenge: string
  rp: { id: string; name: string }
  user: { id: string; name: string; displayName: string }
  pubKeyCredParams: readonly { type: 'public-key'; alg: number }[]
  timeout: number
  attestation: 'none'
  authenticatorSelection: { residentKey: 'required'; requireResidentKey: true; userVerification: 'required' }
  excludeCredentials: readonly { id: string; type: 'public-key'; transports: readonly string[] }[]
}

type BeginTools = { challenges: Pick<ChallengeStore, 'put'>; rp: RelyingParty }

/** `label` is what the person's device will show beside the passkey; it stays on the device. */
export async function beginRegistration(
  tools: BeginTools,
  interaction: InteractionId,
  { account, label, known = [] }: { account: AccountId; label: string; known?: readonly Passkey[] },
): Promise<RegisterOptions> {
  const challenge = secretToken()
  await tools.challenges.put('register', interaction, challenge)
  return {
    challenge,
    rp: { id: tools.rp.id, name: tools.rp.name },
    user: { id: Buffer.from(account).toString('base64url'), name: label, displayName: label },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: challengeSeconds * 1000,
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    excludeCredentials: known.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
  }
}

type FinishTools = { challenges: Pick<ChallengeStore, 'take'>; rp: RelyingParty; clock: Clock }

/**
 * Checks a new credential (WebAuthn L3 §7.1) against our own options, whatever the browser was told (W02), and
 * answers the passkey to store. That its id is new everywhere is settled by the store. Throws `passkey.challenge-spent`
 * and `passkey.not-verified`.
 */
export async function finishRegistration(
  tools: FinishTools,
  interaction: InteractionId,
  { account, answer }: { account: AccountId; answer: Attestation },
): Promise<Passkey> {
  const challenge = await tools.challenges.take('register', interaction)
  if (challenge === undefined) throw new Problem('passkey.challenge-spent')
  const info = await verify(tools.rp, challenge, answer)
  return {
    id: answer.id,
    account,
    publicKey: info.credential.publicKey,
    counter: info.credential.counter,
    transports: answer.response.transports,
    aaguid: info.aaguid,
    backupEligible: info.credentialDeviceType === 'multiDevice',
    backedUp: info.credentialBackedUp,
    // Attestation is not asked of citizens: a key may claim to be hardware, but it has not shown it.
    hardwareBound: false,
    createdAt: tools.clock.now(),
  }
}

async function verify(rp: RelyingParty, challenge: string, { authenticatorAttachment, ...answer }: Attestation) {
  try {
    if (fromForeignFrame(answer.response.clientDataJSON)) throw new Problem('passkey.not-verified')
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...answer, ...(authenticatorAttachment && { authenticatorAttachment }), response: { ...answer.response, transports: [] } },
      expectedChallenge: challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    // The id outside and the attested one must be one and the same; the outer one was parsed at the door (at most 1,023 bytes).
    if (!verified || registrationInfo?.credential.id !== answer.id) throw new Problem('passkey.not-verified')
    return registrationInfo
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('passkey.not-verified', { cause })
  }
}
