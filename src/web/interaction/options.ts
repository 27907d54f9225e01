import type { SignInOptions } from '#domain/passkey/authentication.ts'
import type { RegisterOptions } from '#domain/passkey/registration.ts'

/** Ours are read-only; the type of the browser's dictionary is not. */
export function forBrowser(options: SignInOptions): PublicKeyCredentialRequestOptionsJSON {
  const allowCredentials = options.allowCredentials.map(({ id, type, transports }) => ({ id, type, transports: [...transports] }))
  return { ...options, allowCredentials }
}

export function forCreation(options: RegisterOptions): PublicKeyCredentialCreationOptionsJSON {
  return {
    ...options,
    pubKeyCredParams: [...options.pubKeyCredParams],
    excludeCredentials: options.excludeCredentials.map(({ id, type }) => ({ id, type })),
  }
}
