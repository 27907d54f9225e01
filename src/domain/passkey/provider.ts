import { z } from 'zod'
import file from '#config/passkey-providers.json' with { type: 'json' }

/** `config/passkey-providers.json`. */
const providers = z.strictObject({ source: z.string(), names: z.record(z.guid(), z.string().min(1)) }).parse(file)

/** What the maker calls what keeps this passkey, for people to tell theirs apart (WebAuthn L3 §6.5.2). It is only said, never proven. */
export function providerOf(aaguid: string): string | undefined {
  return providers.names[aaguid]
}
