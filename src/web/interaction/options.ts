import type { SignInOptions } from '#domain/passkey/authentication.ts'

/** Ours are read-only; the type of the browser's dictionary is not. */
export function forBrowser(options: SignInOptions): PublicKeyCredentialRequestOptionsJSON {
  const allowCredentials = options.allowCredentials.map(({ id, type, transports }) => ({ id, type, transports: [...transports] }))
  return { ...options, allowCredentials }
}
