import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { passkeyId, type AccountId, type PasskeyId } from '#kernel/id.ts'
import type { SignInOptions } from '#domain/passkey/authentication.ts'
import type { Passkey, RelyingParty } from '#domain/passkey/passkey.ts'
import type { Assertion } from '#domain/passkey/response.ts'

/**
 * A passkey whose private key the server itself holds: what a test person of the sandbox signs in with, by one click. It makes an
 * assertion like any authenticator, which is then verified like any other; there is no second way in.
 */
export type SoftwarePasskey = { id: PasskeyId; /** PKCS #8, base64url. */ privateKey: string }

export function makeSoftwarePasskey(): SoftwarePasskey {
  const { privateKey } = generateKeyPairSync('ed25519')
  return {
    id: passkeyId.parse(randomBytes(32).toString('base64url')),
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
  }
}

const keyOf = ({ privateKey }: SoftwarePasskey): KeyObject =>
  createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' })

/** As it is registered: synced, so that its counter stays 0 and two clicks at once do not disturb each other. */
export function asPasskey(own: SoftwarePasskey, account: AccountId, createdAt: Date): Passkey {
  const { x = '' } = keyOf(own).export({ format: 'jwk' })
  // COSE_Key of an Ed25519 key (RFC 9053 §7.2): kty OKP, alg EdDSA, crv Ed25519.
  const cose = new Map<number, number | Uint8Array>([[1, 1], [3, -8], [-1, 6], [-2, new Uint8Array(Buffer.from(x, 'base64url'))]])
  return {
    id: own.id, account, publicKey: Uint8Array.from(isoCBOR.encode(cose)), counter: 0, transports: ['internal'], aaguid: '00000000-0000-0000-0000-000000000000',
    backupEligible: true, backedUp: true, hardwareBound: false, createdAt,
  }
}

/** User present and verified, backup eligible and backed up (WebAuthn L3 §6.1). */
const flags = 0x01 | 0x04 | 0x08 | 0x10

/** Answers a challenge as the browser and the authenticator would together (WebAuthn L3 §5.8.1, §6.1, §6.3.3). */
export function assertBy(own: SoftwarePasskey, { challenge }: Pick<SignInOptions, 'challenge'>, { rp, account }: { rp: Pick<RelyingParty, 'id' | 'origin'>; account: AccountId }): Assertion {
  const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: rp.origin, crossOrigin: false }))
  const authenticatorData = Buffer.concat([createHash('sha256').update(rp.id).digest(), Buffer.from([flags, 0, 0, 0, 0])])
  const signature = sign(null, Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()]), keyOf(own))
  return {
    id: own.id,
    rawId: own.id,
    type: 'public-key',
    authenticatorAttachment: 'platform',
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: Buffer.from(account).toString('base64url'),
    },
  }
}
