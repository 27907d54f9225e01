import { cibaGrant, deviceGrant } from '#domain/client/profile.ts'
import { enrol, type Enrolled } from './journey.ts'
import { makeRelyingParty, type Party, type RelyingParty } from './relying-party.ts'
import { startServer, type TestServer } from './running.ts'
import { openServiceSite } from './service-site.ts'
import { testClient } from './test-clients.ts'

/** The API that the bank asks for its people, and another. */
export const api = {
  identifier: 'https://api.bank.example',
  scopes: [{ name: 'payments', label: { vi: 'Lập lệnh chuyển tiền', en: 'Set up payments' } }],
}
export const otherApi = { ...api, identifier: 'https://api.land.example', scopes: [{ name: 'parcels', label: { vi: 'Thửa đất', en: 'Parcels' } }], access_token: 'jwt' }

const everyGrant = ['authorization_code', 'refresh_token', 'client_credentials']
const andDevices = [...everyGrant, deviceGrant]
const atCounters = { grant_types: [...andDevices, cibaGrant], backchannel_token_delivery_mode: 'poll' }
const resources = [api.identifier, otherApi.identifier]
const authorization_details_types = ['vn_payment_confirmation']
const isApi = { redirect_uris: [], response_types: [], grant_types: [] }

/**
 * Who is on stage: honest clients of each profile, an attacker who has a registered client as well (RFC 9700 §3, A1), and one who is
 * nobody; two APIs.
 */
export const cast = {
  /** Has a counter and a terminal as well. */
  bank: testClient({ name: 'bank', profile: 'fapi2', metadata: { resources, ...atCounters, authorization_details_types, userinfo_signed_response_alg: 'ES256' } }),
  signing: testClient({ name: 'signing', profile: 'fapi2-ms', metadata: { resources, grant_types: everyGrant, authorization_details_types } }),
  portal: testClient({ name: 'portal', metadata: { resources, grant_types: ['authorization_code', 'refresh_token'] } }),
  /** Has everything that a baseline client can have. */
  tax: testClient({ name: 'tax', metadata: { resources, grant_types: andDevices, authorization_details_types, userinfo_signed_response_alg: 'ES256' } }),
  app: testClient({ name: 'app', proof: 'none', metadata: { grant_types: ['authorization_code', 'refresh_token'] } }),
  evil: testClient({ name: 'evil', profile: 'fapi2', metadata: { resources, grant_types: everyGrant, authorization_details_types } }),
  api: testClient({ name: 'api', metadata: { resource_server: api, ...isApi } }),
  land: testClient({ name: 'land', metadata: { resource_server: otherApi, ...isApi } }),
}
export type Name = keyof typeof cast
export type Service = Exclude<Name, 'api' | 'land'>
/** Clients with these grants and pairwise subjects publish their keys at a site of theirs. */
const published: ReadonlySet<string> = new Set<Name>(['bank', 'tax'])
const services = ['bank', 'signing', 'portal', 'tax', 'app', 'evil'] as const satisfies readonly Service[]

export type Scene = {
  server: TestServer
  at: Readonly<Record<Service, RelyingParty>>
  party: (name: Name) => Party
  /** An honest person, and one whose account is the attacker's own; each with a browser. */
  victim: Enrolled
  attacker: Enrolled
}

export async function makeScene(options: Omit<NonNullable<Parameters<typeof startServer>[0]>, 'clients'> = {}): Promise<Scene> {
  const site = await openServiceSite()
  const clients = Object.entries(cast).map(([name, one]) => (published.has(name) ? site.published(one) : one).metadata)
  const running = await startServer({ ...options, env: { OUTBOUND_ALLOW: 'localhost', ...options.env }, clients: () => clients })
  const server: TestServer = {
    ...running,
    close: async () => {
      await running.close()
      await site.close()
    },
  }
  const party = (name: Name) => cast[name].party(server.issuer)
  const [bank, signing, portal, tax, app, evil] = await Promise.all(services.map((name) => makeRelyingParty(party(name))))
  if (!bank || !signing || !portal || !tax || !app || !evil) throw new Error('a service each')
  return { server, at: { bank, signing, portal, tax, app, evil }, party, victim: await enrol(server, portal), attacker: await enrol(server, portal) }
}
