import { errors, Provider, type Configuration } from 'oidc-provider'
import type { Client } from '#domain/client/client.ts'
import { clientRules } from './provider.ts'

/** Nothing is stored while metadata is read. */
const noStore: NonNullable<Configuration['adapter']> = () => {
  const nothing = async () => undefined
  return { find: nothing, findByUid: nothing, findByUserCode: nothing, upsert: nothing, consume: nothing, destroy: nothing, revokeByGrantId: nothing }
}

/**
 * Why the provider would not take this client's RFC 7591 metadata, or `undefined`. It asks the provider itself, so that a
 * client which was imported is one that works. `jwks` are its signing keys: an algorithm without a key is refused.
 */
export async function checkRegistered({ registered }: Client, jwks: NonNullable<Configuration['jwks']>): Promise<string | undefined> {
  try {
    const features = { devInteractions: { enabled: false } }
    const provider = new Provider('http://localhost', { ...clientRules, jwks, features, adapter: noStore, clients: [{ ...registered }] })
    await provider.Client.find(registered.client_id)
    return undefined
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return error.error_description ?? error.message
    throw error
  }
}
