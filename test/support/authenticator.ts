import { createHash, randomBytes } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { algorithms, makeKey } from './authenticator-key.ts'
import type { Algorithm, CredentialKey } from './authenticator-key.ts'

/** One passkey as the authenticator keeps it. `counter` is the last value it has shown. */
export type Credential = { id: string; rpId: string; userHandle: string; key: CredentialKey; counter: number }

/** Everything an answer says, before it is encoded and signed. A test lies by overriding one of these. */
export type Draft = {
  type: string
  challenge: string
  origin: string
  crossOrigin: boolean
  topOrigin: string | undefined
  rpId: string
  userPresent: boolean
  userVerified: boolean
  backupEligible: boolean
  backedUp: boolean
  counter: number
  credentialId: string
  userHandle: string | undefined
  /** Signs the answer; the key of another credential makes a well-formed lie. */
  signer: Pick<CredentialKey, 'sign'>
}

export type Settings = {
  rpId: string
  origin: string
  algorithm?: Algorithm
  /** BE and BS of WebAuthn L3 §6.1.3; the default is a synced passkey, whose counter stays 0 as those of phones do. */
  backupEligible?: boolean
  backedUp?: boolean
  counts?: boolean
  /** What it holds from the start. */
  holds?: readonly Credential[]
  /** Sixteen bytes as a UUID; all zero is what most synced passkeys with attestation `none` say. */
  aaguid?: string
  /** What it shows when asked where its keys live; without it attestation is `none`. */
  statement?: (signed: Uint8Array, credential: CredentialKey) => Statement
}

/** An attestation statement (WebAuthn L3 §6.5.4) over the authenticator data and the hash of the client data. */
export type Statement = { fmt: string; attStmt: Map<string, Said> }
export type Said = string | number | Uint8Array | Uint8Array[]

export type Authenticator = {
  credentials: readonly Credential[]
  /** Makes a passkey. Throws like a browser: `InvalidStateError` (excluded), `NotSupportedError` (algorithm not offered). */
  create: (options: PublicKeyCredentialCreationOptionsJSON, lie?: Partial<Draft & { algorithm: Algorithm }>) => RegistrationResponseJSON
  /** Signs in with the passkey made last among those allowed. Throws `NotAllowedError` when it holds none. */
  get: (options: PublicKeyCredentialRequestOptionsJSON, lie?: Partial<Draft>) => AuthenticationResponseJSON
}

/** A WebAuthn client and authenticator in plain code: every act synchronous, cheap enough for the bench. */
export function makeAuthenticator(settings: Settings): Authenticator {
  const held: Credential[] = [...(settings.holds ?? [])]
  return {
    credentials: held,
    create: (options, lie = {}) => {
      const made = mint(settings, options, { held, algorithm: lie.algorithm })
      held.push(made)
      const draft = { ...truth(settings, made, 'webauthn.create', options.challenge), ...lie }
      return attest(settings, made, draft)
    },
    get: (options, lie = {}) => {
      const chosen = choose(held, settings.rpId, options)
      if (settings.counts) chosen.counter += 1
      return assert({ ...truth(settings, chosen, 'webauthn.get', options.challenge), ...lie })
    },
  }
}

function mint(
  settings: Settings,
  options: PublicKeyCredentialCreationOptionsJSON,
  { held, algorithm }: { held: readonly Credential[]; algorithm: Algorithm | undefined },
): Credential {
  const excluded = options.excludeCredentials ?? []
  if (excluded.some(({ id }) => held.some((one) => one.id === id))) throw new DOMException('excluded', 'InvalidStateError')
  const wanted = settings.algorithm ?? 'ES256'
  const offered = options.pubKeyCredParams.some(({ alg }) => alg === algorithms[wanted])
  if (!offered && algorithm === undefined) throw new DOMException('no algorithm in common', 'NotSupportedError')
  const id = randomBytes(32).toString('base64url')
  const rpId = options.rp.id ?? settings.rpId
  return { id, rpId, userHandle: options.user.id, key: makeKey(algorithm ?? wanted), counter: 0 }
}

function choose(held: readonly Credential[], rpId: string, options: PublicKeyCredentialRequestOptionsJSON): Credential {
  const allowed = options.allowCredentials?.map(({ id }) => id) ?? []
  const fits = (one: Credential) => one.rpId === (options.rpId ?? rpId) && (allowed.length === 0 || allowed.includes(one.id))
  const chosen = held.findLast(fits)
  if (!chosen) throw new DOMException('no passkey here', 'NotAllowedError')
  return chosen
}

function truth(settings: Settings, credential: Credential, type: string, challenge: string): Draft {
  const backupEligible = settings.backupEligible ?? true
  return {
    type,
    challenge,
    origin: settings.origin,
    crossOrigin: false,
    topOrigin: undefined,
    rpId: credential.rpId,
    userPresent: true,
    userVerified: true,
    backupEligible,
    backedUp: settings.backedUp ?? backupEligible,
    counter: credential.counter,
    credentialId: credential.id,
    userHandle: credential.userHandle,
    signer: credential.key,
  }
}

function assert(draft: Draft): AuthenticationResponseJSON {
  const clientData = clientDataOf(draft)
  const authenticatorData = authenticatorDataOf(draft)
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
  return {
    ...envelope(draft),
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: draft.signer.sign(signed).toString('base64url'),
      ...(draft.userHandle === undefined ? {} : { userHandle: draft.userHandle }),
    },
  }
}

function attest(settings: Settings, credential: Credential, draft: Draft): RegistrationResponseJSON {
  const authenticatorData = authenticatorDataOf(draft, attestedData(settings, draft.credentialId, credential.key))
  const clientData = clientDataOf(draft)
  const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
  const { fmt, attStmt } = settings.statement?.(signed, credential.key) ?? { fmt: 'none', attStmt: new Map<string, Said>() }
  const attestation = new Map<string, string | Uint8Array | Statement['attStmt']>([
    ['fmt', fmt],
    ['attStmt', attStmt],
    ['authData', new Uint8Array(authenticatorData)],
  ])
  return {
    ...envelope(draft),
    response: {
      clientDataJSON: clientData.toString('base64url'),
      attestationObject: Buffer.from(isoCBOR.encode(attestation)).toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      publicKey: credential.key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
      publicKeyAlgorithm: credential.key.alg,
      transports: ['internal', 'hybrid'],
    },
  }
}

function envelope({ credentialId }: Draft) {
  return {
    id: credentialId,
    rawId: credentialId,
    type: 'public-key' as const,
    authenticatorAttachment: 'platform' as const,
    clientExtensionResults: {},
  }
}

/** WebAuthn L3 §5.8.1 in the order of its serialization (§5.8.1.1). */
function clientDataOf({ type, challenge, origin, crossOrigin, topOrigin }: Draft): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin, topOrigin }))
}

const flag = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 }

/** WebAuthn L3 §6.1: rpIdHash, flags, counter, then the attested credential data of a new passkey. */
function authenticatorDataOf(draft: Draft, attested?: Uint8Array): Buffer {
  const data = Buffer.alloc(37)
  createHash('sha256').update(draft.rpId).digest().copy(data)
  const flags =
    (draft.userPresent ? flag.userPresent : 0) |
    (draft.userVerified ? flag.userVerified : 0) |
    (draft.backupEligible ? flag.backupEligible : 0) |
    (draft.backedUp ? flag.backedUp : 0) |
    (attested ? flag.attested : 0)
  data.writeUInt8(flags, 32)
  data.writeUInt32BE(draft.counter, 33)
  return attested ? Buffer.concat([data, attested]) : data
}

function attestedData({ aaguid = '00000000-0000-0000-0000-000000000000' }: Settings, id: string, key: CredentialKey): Buffer {
  const idBytes = Buffer.from(id, 'base64url')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(idBytes.length)
  return Buffer.concat([Buffer.from(aaguid.replaceAll('-', ''), 'hex'), length, idBytes, isoCBOR.encode(key.cose)])
}
