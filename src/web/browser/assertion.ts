import { bufferToBase64URLString as text } from '@simplewebauthn/browser'

/** What the server's verifier reads: `AuthenticationResponseJSON` (WebAuthn L3 §5.5.2), also where `toJSON` is missing. */
export function assertionJson(credential: Credential): object {
  if (!(credential instanceof PublicKeyCredential)) throw new TypeError('not a public key credential')
  const { id, rawId, type, response, authenticatorAttachment } = credential
  if (!(response instanceof AuthenticatorAssertionResponse)) throw new TypeError('not an assertion')
  return {
    id,
    rawId: text(rawId),
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle && { userHandle: text(response.userHandle) }),
    },
    ...(authenticatorAttachment && { authenticatorAttachment }),
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}
