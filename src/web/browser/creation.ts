import { base64URLStringToBuffer as bytes, bufferToBase64URLString as text } from '@simplewebauthn/browser'

type Kind = { authenticatorSelection?: AuthenticatorSelectionCriteria; attestation?: AttestationConveyancePreference }

/** The dictionary of WebAuthn L3 §5.4 from its JSON, also where `parseCreationOptionsFromJSON` is missing. */
export function creationOptions(json: PublicKeyCredentialCreationOptionsJSON & Kind): PublicKeyCredentialCreationOptions {
  const { challenge, user, excludeCredentials = [], rp, pubKeyCredParams, timeout, authenticatorSelection, attestation } = json
  return {
    rp,
    pubKeyCredParams: pubKeyCredParams.map(({ alg }) => ({ alg, type: 'public-key' })),
    ...(timeout !== undefined && { timeout }),
    ...(authenticatorSelection && { authenticatorSelection }),
    ...(attestation !== undefined && { attestation }),
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: excludeCredentials.map(({ id }) => ({ id: bytes(id), type: 'public-key' })),
  }
}

/** What the server's verifier reads: `RegistrationResponseJSON` (WebAuthn L3 §5.5.1), also where `toJSON` is missing. */
export function attestationJson(credential: Credential | null): object {
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError('not a public key credential')
  const { id, rawId, type, response, authenticatorAttachment } = credential
  if (!(response instanceof AuthenticatorAttestationResponse)) throw new TypeError('not an attestation')
  return {
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      // Browsers from before 2021 do not say.
      transports: 'getTransports' in response ? response.getTransports() : [],
    },
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}
