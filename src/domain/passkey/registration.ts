import { verifyRegistrationResponse } from '@simplewebauthn/server'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ApplicationId, InteractionId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import { secretToken } from '#kernel/random.ts'
import { isHardwareBound, withoutUnread } from './attestation.ts'
import type { Anchor } from './authenticators.ts'
import { algorithms, challengeSeconds, type ChallengeStore, type Passkey, type RelyingParty, type SignedInAs } from './passkey.ts'
import { fromForeignFrame, type Attestation } from './response.ts'

/** `PublicKeyCredentialCreationOptionsJSON` (WebAuthn L3 §5.1.4), the part that we send. */
export type RegisterOptions = {
  challenge: string
  rp: { id: string; name: string }
  user: { id: string; name: string; displayName: string }
  pubKeyCredParams: readonly { type: 'public-key'; alg: number }[]
  timeout: number
  attestation: 'none' | 'direct'
  authenticatorSelection: {
    residentKey: 'required'; requireResidentKey: true; userVerification: 'required'; authenticatorAttachment?: 'cross-platform'
  }
  excludeCredentials: readonly { id: string; type: 'public-key'; transports: readonly string[] }[]
}

/**
 * What a key is made for: the first passkey of an account that is being opened, one at a desk, or one more of somebody who is signed in, on whatever
 * device or on a security key.
 * The challenge of one does not count for the other (W03).
 */
export type KeyOccasion = InteractionId | { desk: ApplicationId } | { kind: OwnKeyKind; holder: SignedInAs }

export const ownKeyKinds = ['own-passkey', 'security-key'] as const
export type OwnKeyKind = (typeof ownKeyKinds)[number]

function challengeOf(occasion: KeyOccasion): ['register' | 'desk-key' | OwnKeyKind, InteractionId | ApplicationId | SignedInAs] {
  if (typeof occasion === 'string') return ['register', occasion]
  return 'desk' in occasion ? ['desk-key', occasion.desk] : [occasion.kind, occasion.holder]
}

type BeginTools = { challenges: Pick<ChallengeStore, 'put'>; rp: RelyingParty }

/** `label` is what the person's device will show beside the passkey; it stays on the device. */
export async function beginRegistration(
  tools: BeginTools,
  occasion: KeyOccasion,
  { account, label, known = [] }: { account: AccountId; label: string; known?: readonly Passkey[] },
): Promise<RegisterOptions> {
  const challenge = secretToken()
  await tools.challenges.put(...challengeOf(occasion), challenge)
  // Of a phone only its holder's word is asked; of a security key its maker's too, which browsers ask the person to allow.
  const securityKey = typeof occasion !== 'string' && 'kind' in occasion && occasion.kind === 'security-key'
  return {
    challenge,
    rp: { id: tools.rp.id, name: tools.rp.name },
    user: { id: Buffer.from(account).toString('base64url'), name: label, displayName: label },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: challengeSeconds * 1000,
    attestation: securityKey ? 'direct' : 'none',
    authenticatorSelection: {
      residentKey: 'required', requireResidentKey: true, userVerification: 'required', ...(securityKey && { authenticatorAttachment: 'cross-platform' }),
    },
    excludeCredentials: known.map(({ id, transports }) => ({ id, type: 'public-key', transports })),
  }
}

type FinishTools = { challenges: Pick<ChallengeStore, 'take'>; rp: RelyingParty; clock: Clock }

/**
 * Checks a new credential (WebAuthn L3 §7.1) against our own options, whatever the browser was told (W02), and
 * answers the passkey to store. That its id is new everywhere is settled by the store. Without `anchors` no key counts as
 * hardware, whatever it says. Throws `passkey.challenge-spent` and `passkey.not-verified`.
 */
export async function finishRegistration(
  tools: FinishTools,
  occasion: KeyOccasion,
  { account, answer, anchors = [] }: { account: AccountId; answer: Attestation; anchors?: readonly Anchor[] },
): Promise<Passkey> {
  const challenge = await tools.challenges.take(...challengeOf(occasion))
  if (challenge === undefined) throw new Problem('passkey.challenge-spent')
  const createdAt = tools.clock.now()
  const { info, hardwareBound } = await verify(tools.rp, challenge, { answer, anchors, now: createdAt })
  return {
    id: answer.id,
    account,
    publicKey: info.credential.publicKey,
    counter: info.credential.counter,
    transports: answer.response.transports,
    aaguid: info.aaguid,
    backupEligible: info.credentialDeviceType === 'multiDevice',
    backedUp: info.credentialBackedUp,
    hardwareBound,
    createdAt,
  }
}

type Checked = { answer: Attestation; anchors: readonly Anchor[]; now: Date }

async function verify(rp: RelyingParty, challenge: string, { answer: { authenticatorAttachment, ...answer }, anchors, now }: Checked) {
  try {
    if (fromForeignFrame(answer.response.clientDataJSON)) throw new Problem('passkey.not-verified')
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...answer,
        ...(authenticatorAttachment && { authenticatorAttachment }),
        response: { ...answer.response, attestationObject: withoutUnread(answer.response.attestationObject), transports: [] },
      },
      expectedChallenge: challenge,
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserPresence: true,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    })
    // The id outside and the attested one must be one and the same; the outer one was parsed at the door (at most 1,023 bytes).
    if (!verified || registrationInfo?.credential.id !== answer.id) throw new Problem('passkey.not-verified')
    return { info: registrationInfo, hardwareBound: isHardwareBound(registrationInfo, anchors, now) }
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem('passkey.not-verified', { cause })
  }
}
