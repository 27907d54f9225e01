import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asBytes, asEscapedPem, asJwk, makeAuthority, selfSigned, thumbprintOf, type Certified } from '#test/support/certificates.ts'
import { authorization, authorize, enrol, get, post, redemption, type Enrolled } from '#test/support/journey.ts'
import { makeRelyingParty, type Party } from '#test/support/relying-party.ts'
import { startServer, type TestServer } from '#test/support/running.ts'
import { testClient } from '#test/support/test-clients.ts'

const root = makeAuthority('/C=VN/O=Root of banks')
const stranger = makeAuthority('/C=VN/O=Root of banks')
const subject = '/C=VN/O=Ngân hàng A/CN=rp'
const certificates = {
  bank: root.issue({ subject, names: ['DNS.1=bank.example'] }),
  otherBank: root.issue({ subject: '/C=VN/O=Ngân hàng B/CN=rp' }),
  expired: root.issue({ subject, days: -1 }),
  forged: stranger.issue({ subject }),
  own: selfSigned({ subject: '/CN=self' }),
  renewed: selfSigned({ subject: '/CN=self' }),
  unknown: selfSigned({ subject: '/CN=self' }),
  ownExpired: selfSigned({ subject: '/CN=self', days: -1 }),
}

const secret = { token_endpoint_auth_signing_alg: undefined, jwks: undefined }
const clients = {
  bank: { ...secret, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=rp,O=Ngân hàng A,C=VN', tls_client_certificate_bound_access_tokens: true },
  byName: { ...secret, token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'bank.example' },
  self: {
    ...secret, token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [asJwk(certificates.own), asJwk(certificates.renewed), asJwk(certificates.ownExpired)] },
  },
}
type Name = keyof typeof clients | 'portal'
const portal = testClient({ name: 'portal' })

const registered = () => [
  portal.metadata,
  ...Object.entries(clients).map(([name, metadata]) => ({ ...testClient({ name, proof: 'none', metadata }).metadata })),
]
const partyOf = (issuer: string, name: Name): Party => (name === 'portal' ? portal : testClient({ name, proof: 'none' })).party(issuer)

describe('P08: certificates through a proxy that we trust', () => {
  let server: TestServer
  let someone: Enrolled
  beforeAll(async () => {
    server = await startServer({
      clients: registered,
      files: { ca: root.cert },
      env: { TRUSTED_PROXIES: '127.0.0.1,::1', TLS_CLIENT_CERT_HEADER: 'Client-Cert', TLS_CLIENT_VERIFY_HEADER: 'Client-Verify', TLS_CLIENT_CA_FILE: 'ca' },
    })
    someone = await enrol(server, await makeRelyingParty(partyOf(server.issuer, 'portal')))
  })
  afterAll(() => server.close())

  const party = (name: Name) => partyOf(server.issuer, name)
  const through = (certified: Certified, verdict = 'SUCCESS') => ({ 'client-cert': asBytes(certified), 'client-verify': verdict })
  const push = (name: Name, headers: Record<string, string>) => post(`${server.issuer}/par`, authorization(party(name)), headers)
  const pushed = async (name: Name, headers: Record<string, string>) => {
    const { status, json } = await push(name, headers)
    return status === 201 ? 'taken' : `${status} ${String(json['error'])}`
  }

  test('are taken in both ways in which proxies write them', async () => {
    expect(await pushed('bank', through(certificates.bank))).toBe('taken')
    expect(await pushed('bank', { ...through(certificates.bank), 'client-cert': asEscapedPem(certificates.bank) })).toBe('taken')
    expect(await pushed('byName', through(certificates.bank))).toBe('taken')
    expect(await pushed('self', through(certificates.own, 'FAILED:self-signed certificate'))).toBe('taken')
    expect(await pushed('self', through(certificates.renewed, 'NONE'))).toBe('taken')
  })

  test.each<[string, Name, Record<string, string>]>([
    ['none', 'bank', {}],
    ['one of another subject', 'bank', through(certificates.otherBank)],
    ['one without the registered name', 'byName', through(certificates.otherBank)],
    ['one of an authority that only has the same name', 'bank', through(certificates.forged)],
    ['one that the proxy has not verified', 'bank', through(certificates.bank, 'FAILED:certificate revoked')],
    ['one without a word of the proxy', 'bank', { 'client-cert': asBytes(certificates.bank) }],
    ['one with two words', 'bank', through(certificates.bank, 'SUCCESS, SUCCESS')],
    ['one that vouches for itself', 'bank', through(certificates.own)],
    ['none, self-signed', 'self', {}],
    ['one that is not registered', 'self', through(certificates.unknown)],
    ['one of an authority', 'self', through(certificates.bank)],
  ])('%s is no proof', async (_what, name, headers) => {
    expect(await pushed(name, headers)).toBe('401 invalid_client')
  })

  test.each<[string, Name, Certified]>([['of an authority', 'bank', certificates.expired], ['self-signed', 'self', certificates.ownExpired]])(
    'that are over (%s) are refused, and it is said why', async (_what, name, certified) => {
      expect((await push(name, through(certified))).json).toMatchObject({ error: 'invalid_request', error_description: expect.stringContaining('expired') })
    },
  )

  test.each<[string, (cert: string) => string]>([
    ['two of them', (cert) => `${cert}, ${cert}`],
    ['one after another that the client itself sent', (cert) => `${asBytes(certificates.otherBank)}, ${cert}`],
    ['no colons', (cert) => cert.replaceAll(':', '')],
    ['no base64', () => ':!!!!:'],
    ['other bytes', () => ':AAAA:'],
    ['half a percent sign', () => '-----BEGIN%20CERTIFICATE-----%zz%-----END%20CERTIFICATE-----'],
    ['plain PEM on one line', () => certificates.bank.cert.replaceAll('\n', ' ')],
    ['nothing', () => ''],
  ])('%s in the header is no certificate', async (_what, written) => {
    expect(await pushed('bank', { ...through(certificates.bank), 'client-cert': written(asBytes(certificates.bank)) })).toBe('401 invalid_client')
  })

  test('prove nothing for a client that is registered for something else', async () => {
    expect(await pushed('portal', through(certificates.bank))).toBe('401 invalid_client')
  })

  test('P09: tokens are bound to the certificate and are worth nothing without it', async () => {
    const bank = party('bank')
    const { body, verifier } = await signedIn(bank)
    const tokens = await post(`${server.issuer}/token`, { ...body, code_verifier: verifier }, through(certificates.bank))
    expect(tokens.status).toBe(200)
    const authorized = { authorization: `Bearer ${String(tokens.json['access_token'])}` }
    const asked = async (headers: Record<string, string>) => (await get(`${server.issuer}/userinfo`, { ...authorized, ...headers })).status
    expect([await asked({}), await asked(through(certificates.otherBank)), await asked(through(certificates.bank, 'NONE'))]).toEqual([401, 401, 200])
    const stored = await server.house.volatile.get('nothing')
    expect(stored).toBeUndefined()
  })

  async function signedIn(bank: Party) {
    const at = await makeRelyingParty(bank)
    const { url, checks } = await at.begin({}, { pushed: false })
    const { url: answer } = await someone.visitor.open(url)
    return { body: redemption(bank, answer, checks), verifier: checks.verifier, authorize, thumbprintOf }
  }
})
