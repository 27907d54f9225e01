import { errors, Provider, type Configuration } from 'oidc-provider'
import { systemClock } from '#kernel/clock.ts'
import { secretToken } from '#kernel/random.ts'
import { readClient, type Client } from '#domain/client/client.ts'
import { needsSecret } from '#domain/client/profile.ts'
import { identifierFaults } from '#domain/client/register.ts'
import type { ClientStore } from '#domain/client/store.ts'
import { reachable, type Catalogue } from '#domain/consent/catalogue.ts'
import { toMetadata } from './metadata.ts'
import { certificateFeature, certificateMethods, type MutualTls } from './mtls.ts'
import { registrableFeatures } from '#oidc/features.ts'
import { clientAuthMethods, clientRules } from '#oidc/provider.ts'

/** Nothing is stored while metadata is read. */
const noStore: NonNullable<Configuration['adapter']> = () => {
  const nothing = async () => undefined
  return {
    find: nothing, findByUid: nothing, findByUserCode: nothing, upsert: nothing, consume: nothing, destroy: nothing,
    revokeByGrantId: nothing,
  }
}

type Tools = { catalogue: Catalogue; jwks: NonNullable<Configuration['jwks']>; mutualTls: MutualTls | undefined }

/** Nobody calls here, so there is nothing to look at. */
const unasked = { clock: systemClock, throughProxy: () => false }

/**
 * Why the provider would not take this client's RFC 7591 metadata, or `undefined`. It asks the provider itself, so that a
 * client which was imported is one that works. `jwks` are its signing keys: an algorithm without a key is refused.
 */
export async function checkRegistered(client: Client, { catalogue, jwks, mutualTls }: Tools): Promise<string | undefined> {
  if (mutualTls === undefined && client.registered['tls_client_certificate_bound_access_tokens'] === true) {
    return 'tls_client_certificate_bound_access_tokens: this server sees no certificates of clients (TLS_CLIENT_CA_FILE, TLS_CLIENT_CERT_HEADER)'
  }
  const unknown = unreached(client, catalogue)
  if (unknown !== undefined) return `purposes: ${unknown} is no claim that a client of the profile ${client.own.profile} can receive`
  try {
    const features = { ...registrableFeatures, mTLS: certificateFeature(mutualTls, unasked) }
    const methods = { clientAuthMethods: [...clientAuthMethods, ...certificateMethods(mutualTls)] }
    const clients = [toMetadata(client, mutualTls !== undefined)]
    const provider = new Provider('http://localhost', { ...clientRules(catalogue), ...methods, jwks, features, adapter: noStore, clients })
    await provider.Client.find(client.id)
    return undefined
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return error.error_description ?? error.message
    throw error
  }
}

/** A claim of a purpose that would never be given: it is misspelt, or beyond the profile. */
function unreached({ own }: Client, catalogue: Catalogue): string | undefined {
  const known = new Set(reachable(catalogue, own.profile).attributes.flatMap(({ claims }) => claims))
  return own.purposes.flatMap(({ claims }) => claims).find((claim) => !known.has(claim))
}

type ReadTools = Tools & { clients: Pick<ClientStore, 'findServer'>; rules: Parameters<typeof readClient>[1] }

/**
 * Reads one entry with all that a client has to fulfil here: our rules, the library's, and the place of its API among the others. A
 * secret may be missing: one is issued once the client is there, and until then it gets nothing (`known.ts`).
 */
export function entryReader({ clients, rules, ...tools }: ReadTools): (entry: unknown) => Promise<{ client: Client } | { fault: string }> {
  return async (entry) => {
    const read = readClient(entry, rules)
    if ('fault' in read) return read
    const fault = (await checkRegistered(withStandIn(read.client), tools)) ?? (await identifierFaults({ clients }, [read.client]))[0]
    return fault === undefined ? read : { fault }
  }
}

/** The client as it will be once it has its secret; the library takes none without. */
function withStandIn(client: Client): Client {
  const { own, registered } = client
  return needsSecret(own.profile, registered) ? { ...client, registered: { client_secret: secretToken(), ...registered } } : client
}
