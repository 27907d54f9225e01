import { errors, Provider, type AdapterPayload, type Configuration } from 'oidc-provider'
import { systemClock } from '#kernel/clock.ts'
import { secretToken } from '#kernel/random.ts'
import { readClient, type Client } from '#domain/client/client.ts'
import { needsSecret } from '#domain/client/profile.ts'
import { identifierFaults } from '#domain/client/register.ts'
import { reachable, type Catalogue } from '#domain/consent/catalogue.ts'
import { toMetadata } from './metadata.ts'
import { certificateFeature, certificateMethods, type MutualTls } from './mtls.ts'
import { registrableFeatures } from '#oidc/features.ts'
import { clientAuthMethods, clientRules } from '#oidc/provider.ts'

type Tools = { catalogue: Catalogue; jwks: NonNullable<Configuration['jwks']>; mutualTls: MutualTls | undefined }

/** Nobody calls here, so there is nothing to look at. */
const unasked = { clock: systemClock, throughProxy: () => false }

/** Takes a client's metadata, or says why not. */
type Taker = (metadata: AdapterPayload) => Promise<string | undefined>

/**
 * A provider that is asked about clients and nothing else. It is made once, for that costs more than all that is asked of it; whoever is
 * looked at lies in its store for that long, under a name of the moment.
 */
function makeTaker({ catalogue, jwks, mutualTls }: Tools): Taker {
  const asked = new Map<string, AdapterPayload>()
  const nothing = async () => undefined
  const adapter: NonNullable<Configuration['adapter']> = () => ({
    find: async (name) => asked.get(name), findByUid: nothing, findByUserCode: nothing, upsert: nothing, consume: nothing, destroy: nothing, revokeByGrantId: nothing,
  })
  const features = { ...registrableFeatures, mTLS: certificateFeature(mutualTls, unasked) }
  const methods = { clientAuthMethods: [...clientAuthMethods, ...certificateMethods(mutualTls)] }
  const provider = new Provider('http://localhost', { ...clientRules(catalogue), ...methods, jwks, features, adapter })
  return async (metadata) => {
    const name = secretToken()
    asked.set(name, metadata)
    try {
      await provider.Client.find(name)
      return undefined
    } catch (error) {
      if (error instanceof errors.OIDCProviderError) return error.error_description ?? error.message
      throw error
    } finally {
      asked.delete(name)
    }
  }
}

/**
 * Why the provider would not take this client's RFC 7591 metadata, or `undefined`. It asks the provider itself, so that a
 * client which was imported is one that works. `jwks` are its signing keys: an algorithm without a key is refused.
 */
export async function checkRegistered(client: Client, tools: Tools, take: Taker = makeTaker(tools)): Promise<string | undefined> {
  const { catalogue, mutualTls } = tools
  if (mutualTls === undefined && client.registered['tls_client_certificate_bound_access_tokens'] === true) {
    return 'tls_client_certificate_bound_access_tokens: this server sees no certificates of clients (TLS_CLIENT_CA_FILE, TLS_CLIENT_CERT_HEADER)'
  }
  const unknown = unreached(client, catalogue)
  if (unknown !== undefined) return `purposes: ${unknown} is no claim that a client of the profile ${client.own.profile} can receive`
  return take(toMetadata(client, mutualTls !== undefined))
}

/** A claim of a purpose that would never be given: it is misspelt, or beyond the profile. */
function unreached({ own }: Client, catalogue: Catalogue): string | undefined {
  const known = new Set(reachable(catalogue, own.profile).attributes.flatMap(({ claims }) => claims))
  return own.purposes.flatMap(({ claims }) => claims).find((claim) => !known.has(claim))
}

type ReadTools = Tools & Parameters<typeof identifierFaults>[0] & { rules: Parameters<typeof readClient>[1] }

/**
 * Reads one entry with all that a client has to fulfil here: our rules, the library's, and the place of its API among the others. A
 * secret may be missing: one is issued once the client is there, and until then it gets nothing (`known.ts`).
 */
export function entryReader({ clients, ours, rules, ...tools }: ReadTools): (entry: unknown) => Promise<{ client: Client } | { fault: string }> {
  let taker: Taker | undefined
  return async (entry) => {
    const read = readClient(entry, rules)
    if ('fault' in read) return read
    const fault = (await checkRegistered(withStandIn(read.client), tools, taker ??= makeTaker(tools))) ?? (await identifierFaults({ clients, ours }, [read.client]))[0]
    return fault === undefined ? read : { fault }
  }
}

/** The client as it will be once it has its secret; the library takes none without. */
function withStandIn(client: Client): Client {
  const { own, registered } = client
  return needsSecret(own.profile, registered) ? { ...client, registered: { client_secret: secretToken(), ...registered } } : client
}
