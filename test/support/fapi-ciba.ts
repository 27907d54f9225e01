import { expect } from 'vitest'
import { asJwk } from './certificates.ts'
import { actorOf, certificates, messageSigning, openFapiHouse, type Actor, type FapiHouse, type Role, type Variant } from './fapi.ts'
import { only, requestObject, send, type Asking, type Change } from './fapi-requests.ts'
import { enrol, type Enrolled, type Told } from './journey.ts'
import { openServiceSite, type ServiceSite } from './service-site.ts'
import { testClient, type TestClient } from './test-clients.ts'

/** FAPI-CIBA signs requests and binds tokens to certificates; clients prove themselves in either way. */
export const byKey: Variant = { ...messageSigning, bound: 'mtls' }
export const byCertificate: Variant = { ...byKey, authentication: 'mtls' }
export const cibaVariants: [string, Variant][] = [['private-key-jwt', byKey], ['mtls', byCertificate]]

type Mode = 'poll' | 'ping'
export type CibaHouse = Omit<FapiHouse, 'actor'> & {
  site: ServiceSite
  bank: (variant?: Variant, role?: Role, mode?: Mode) => Promise<Actor>
  /** Somebody whom nobody has asked for anything yet. */
  enrolled: () => Promise<Enrolled>
}

const grant_types = ['authorization_code', 'refresh_token', 'urn:openid:params:grant-type:ciba']
const idOf = ({ authentication }: Variant, role: Role, mode: Mode) => `${mode}-${authentication.replaceAll('_', '-')}-${role}`

export async function openCibaHouse(more: (site: ServiceSite) => readonly TestClient[] = () => []): Promise<CibaHouse> {
  const site = await openServiceSite()
  const clients = new Map<string, TestClient>()
  for (const [, variant] of cibaVariants) {
    for (const role of ['first', 'second'] as const) {
      for (const mode of ['poll', 'ping'] as const) clients.set(idOf(variant, role, mode), site.published(clientOf(site, variant, { role, mode })))
    }
  }
  const desk = testClient({ name: 'desk' })
  const house = await openFapiHouse([desk, ...clients.values(), ...more(site)], { OUTBOUND_ALLOW: 'localhost' })
  const actor = async (variant: Variant = byKey, role: Role = 'first', mode: Mode = 'poll') => {
    const found = clients.get(idOf(variant, role, mode))
    if (found === undefined) throw new Error('no such client is registered')
    return actorOf(found.party(house.server.issuer), { variant, role, someone: house.someone })
  }
  const front = await actorOf(desk.party(house.server.issuer), { variant: { ...byKey, bound: 'dpop' }, someone: house.someone })
  return {
    ...house,
    site,
    bank: actor,
    enrolled: () => enrol(house.server, front.at),
    close: async () => {
      await house.close()
      await site.close()
    },
  }
}

function clientOf({ notifications }: ServiceSite, variant: Variant, { role, mode }: { role: Role; mode: Mode }): TestClient {
  const { metadata, party } = testClient({
    name: idOf(variant, role, mode),
    profile: 'fapi2-ms',
    metadata: {
      grant_types, tls_client_certificate_bound_access_tokens: true, backchannel_token_delivery_mode: mode,
      ...(mode === 'ping' && { backchannel_client_notification_endpoint: notifications }),
      ...(variant.authentication === 'mtls' && { token_endpoint_auth_method: 'self_signed_tls_client_auth' }),
    },
  })
  if (variant.authentication === 'mtls') delete metadata['token_endpoint_auth_signing_alg']
  const { keys } = metadata['jwks'] as { keys: readonly object[] }
  const jwks = { keys: variant.authentication === 'mtls' ? [...keys, asJwk(certificates[role])] : keys }
  return { metadata: { ...metadata, jwks }, party: (issuer) => ({ ...party(issuer), metadata: { tls_client_certificate_bound_access_tokens: true } }) }
}

export const code = '47'
export const notificationToken = 'a-token-of-the-caller'

/** Asks for somebody (CIBA Core §7.1), with a request object that is right but for what is changed. */
export async function askFor(actor: Actor, login_hint: string, { asks = {}, object = {}, ...change }: Asking = {}): Promise<Told> {
  const asked = only<string>({ scope: 'openid', binding_message: code, login_hint, client_notification_token: notificationToken, ...asks })
  return send(actor, '/backchannel-authentication', { request: await requestObject(actor, asked, object) }, change)
}

export const poll = (actor: Actor, { json }: Told, change: Change = {}): Promise<Told> =>
  send(actor, '/token', { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id: String(json['auth_req_id']) }, change)

/** Asked, with so many seconds for the person to answer (CIBA Core §7.3). */
export async function expectAsked(told: Told, lifetime = 300): Promise<Told> {
  expect(told).toMatchObject({ status: 200, json: { auth_req_id: expect.stringMatching(/^[\w-]{43,}$/), expires_in: lifetime } })
  expect(told.headers.get('content-type')).toMatch(/^application\/json/)
  return told
}
