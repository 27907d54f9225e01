import { errors, Provider } from 'oidc-provider'
import type { Client } from '#domain/client/client.ts'
import { toMetadata } from './clients.ts'
import { clientRules } from './provider.ts'

/**
 * Why the provider would not take this client's RFC 7591 metadata, or `undefined`. It asks the provider itself, so that a
 * client which was imported is one that works.
 */
export async function checkRegistered(client: Client): Promise<string | undefined> {
  try {
    const provider = new Provider('http://localhost', { ...clientRules, clients: [toMetadata(client)] })
    await provider.Client.find(client.id)
    return undefined
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return error.error_description ?? error.message
    throw error
  }
}
