import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import * as client from 'openid-client'
import { makeAuthority, type Certified } from './certificates.ts'
import { enrol, type Enrolled } from './journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from './relying-party.ts'
import { startServer, type TestServer } from './running.ts'
import { testClient, type TestClient } from './test-clients.ts'
import { ask } from './tls-client.ts'

/** The plans' variants: how clients prove themselves, what their tokens are bound to, and whether requests and answers are signed. */
export type Variant = { signed: boolean; authentication: 'private_key_jwt' | 'mtls'; bound: 'dpop' | 'mtls' }

export const securityProfile: Variant = { signed: false, authentication: 'private_key_jwt', bound: 'dpop' }
export const messageSigning: Variant = { ...securityProfile, signed: true }

export const nameOf = ({ signed, authentication, bound }: Variant): string => `${signed ? 'signed-' : ''}${authentication.replaceAll('_', '-')}-${bound}`
const named = (variants: readonly Variant[]) => variants.map((variant): [string, Variant] => [nameOf(variant), variant])

/** Each plan once, in the variant that new clients get here. */
export const plans = named([securityProfile, messageSigning])
/** Every way of the two plans to prove who one is and what one holds. Keys sign requests, so those clients have one. */
export const variants = named([
  securityProfile,
  { ...securityProfile, bound: 'mtls' },
  { ...securityProfile, authentication: 'mtls' },
  { ...securityProfile, authentication: 'mtls', bound: 'mtls' },
  messageSigning,
  { ...messageSigning, bound: 'mtls' },
])

/** A client as the plans hold it, with all its keys, and somebody who signs in there. */
export type Actor = {
  variant: Variant
  party: Party
  at: RelyingParty
  someone: Enrolled
  /** What it shows in TLS, where it needs to. */
  certificate: Certified | undefined
  /** Its key of possession. */
  key: CryptoKeyPair
}

export type Role = 'first' | 'second'
export type FapiHouse = { server: TestServer; someone: Enrolled; actor: (variant: Variant, role?: Role) => Promise<Actor>; close: () => Promise<void> }

const root = makeAuthority('/C=VN/O=Authority of the plans')
export const certificates: Record<Role, Certified> = { first: certificateOf('first'), second: certificateOf('second') }
function certificateOf(role: Role): Certified {
  return root.issue({ subject: `/C=VN/O=${role}`, names: [`DNS.1=${role}.example`] })
}

/** A server with TLS of its own and two clients of every variant, and one person. `more` are registered too. */
export async function openFapiHouse(more: readonly TestClient[] = [], env: Record<string, string> = {}): Promise<FapiHouse> {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, root.cert])
  const portal = testClient({ name: 'portal' })
  const clients = variants.flatMap(([, variant]) => [clientOf(variant, 'first'), clientOf(variant, 'second')])
  const registered = new Map(clients.map((one) => [String(one.metadata['client_id']), one]))
  const host = root.issue({ subject: '/CN=localhost', names: ['DNS.1=localhost'], use: 'serverAuth' })
  const server = await startServer({
    clients: () => [portal, ...clients, ...more].map(({ metadata }) => metadata),
    files: { host: host.cert, key: host.key, ca: root.cert },
    env: { TLS_CERT_FILE: 'host', TLS_KEY_FILE: 'key', TLS_CLIENT_CA_FILE: 'ca', ...env },
  })
  const someone = await enrol(server, await makeRelyingParty(portal.party(server.issuer)))
  return {
    server,
    someone,
    actor: (variant, role = 'first') => {
      const found = registered.get(idOf(variant, role))
      if (found === undefined) throw new Error(`no client is registered for ${nameOf(variant)}`)
      return actorOf(found.party(server.issuer), { variant, role, someone })
    },
    close: async () => {
      setDefaultCACertificates(before)
      await server.close()
    },
  }
}

const idOf = (variant: Variant, role: Role) => `${nameOf(variant)}-${role}`

function clientOf(variant: Variant, role: Role): TestClient {
  const bound = variant.bound === 'mtls' ? { tls_client_certificate_bound_access_tokens: true } : {}
  const byCertificate = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: `${role}.example` }
  const { metadata, party } = testClient({
    name: idOf(variant, role),
    profile: variant.signed ? 'fapi2-ms' : 'fapi2',
    proof: variant.authentication === 'mtls' ? 'none' : 'private_key_jwt',
    metadata: { ...bound, ...(variant.authentication === 'mtls' && byCertificate), grant_types: ['authorization_code', 'refresh_token'] },
  })
  return { metadata, party: (issuer) => ({ ...party(issuer), metadata: bound }) }
}

const provesPossession = { name: 'ECDSA', namedCurve: 'P-256' }
export const newKey = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(provesPossession, true, ['sign', 'verify'])

export async function actorOf(party: Party, { variant, role = 'first', someone }: { variant: Variant; role?: Role; someone: Enrolled }): Promise<Actor> {
  const certificate = variant.authentication === 'mtls' || variant.bound === 'mtls' ? certificates[role] : undefined
  const at = await makeRelyingParty(party)
  client.enableNonRepudiationChecks(at.config)
  at.config[client.customFetch] = (url, { body = null, headers, method }) => {
    if (body !== null && typeof body !== 'string' && !(body instanceof URLSearchParams)) throw new Error('a form is sent as text')
    return ask(url, { method, headers, body: body?.toString(), as: certificate })
  }
  return { variant, party, at, someone, certificate, key: await newKey() }
}
