import { makeCountry } from '#chip/synthetic/card.ts'
import { trustOf } from '#chip/synthetic/kept.ts'
import { pemOf } from '#chip/pem.ts'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { faultLines } from '#app/environment/fault.ts'
import { describeConfig, readConfig } from '#app/config.ts'
import { makeAuthority } from '#test/support/certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'eid-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const files: Record<string, string> = { '/db': 'postgres://eid:s3cret@db/eid\n', '/ca': '-----BEGIN CERTIFICATE-----\n…' }
const readFile = (path: string): string => {
  const text = files[path]
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  return text
}
const read = (env: Record<string, string>) => readConfig(env, readFile)
const complaints = (env: Record<string, string>) => (read(env).faults ?? []).map(({ variable }) => variable)
const accepted = (env: Record<string, string>) => {
  const { config, faults } = read(env)
  if (config === undefined) throw new Error(faultLines(faults).join('\n'))
  return config
}

test('an empty environment is a working development set-up', () => {
  expect(accepted({})).toEqual({
    issuer: 'http://localhost:3000',
    plane: 'all',
    port: 3000,
    databaseConnections: 10,
    drainMilliseconds: 0,
    dataDir: '.data',
    mailDir: '.data/mail',
    logLevel: 'info',
    trustedProxies: [],
    outboundAllow: [],
    production: false,
    attestedStaff: false,
    embeddedAllowed: true,
    keyringFile: '.data/keys/keyring.json',
    createKeys: true,
  })
})

test('the port moves the issuer, and an empty variable counts as not set', () => {
  expect(accepted({ PORT: '4100', ISSUER: '', REDIS_URL: ' ' })).toMatchObject({ issuer: 'http://localhost:4100', port: 4100 })
})

test('what was read cannot be changed', () => {
  const config = accepted({ TRUSTED_PROXIES: '10.0.0.0/8' })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.trustedProxies)).toBe(true)
})

test('every fault is named at once, each with an example of a right value', () => {
  const { faults = [] } = read({
    NODE_ENV: 'production',
    PORT: '70000',
    ISSUER: 'http://id.example.vn',
    LOG_LEVEL: 'loud',
    DATABSE_URL: 'postgres://db/eid',
    TLS_KEY_FILE: '/absent',
    TLS_CLIENT_CA_FILE: '/ca',
    TRUSTED_PROXIES: '0.0.0.0/0',
    OUTBOUND_ALLOW: 'http://x',
  })
  expect(faults.map(({ variable }) => variable).toSorted()).toEqual([
    'DATABASE_URL', 'DATABSE_URL', 'ISSUER', 'KEYRING_FILE', 'LOG_LEVEL', 'OUTBOUND_ALLOW', 'PLANE', 'PORT', 'REDIS_URL',
    'TLS_CLIENT_CA_FILE', 'TLS_KEY_FILE', 'TRUSTED_PROXIES',
  ])
  const lines = faultLines(faults)
  expect(lines).toContain('PORT must be a whole number from 1 to 65535, not "70000". Example: PORT=3000')
  expect(lines).toContain('DATABSE_URL is not known; did you mean DATABASE_URL?')
})

describe('an issuer', () => {
  test.each([
    'https://id.example.vn', 'https://id.example.vn:8443', 'http://localhost:3000', 'http://localhost',
  ])('may be %s', (ISSUER) => expect(complaints({ ISSUER })).toEqual([]))

  test.each([
    'https://id.example.vn/', 'https://id.example.vn/eid', 'https://id.example.vn?x', 'https://id.example.vn#x', 'https://ID.example.vn',
    'https://id.example.vn:443', 'https://u:p@id.example.vn', 'http://id.example.vn', 'http://localhost.example.vn', 'ftp://localhost', 'id', 'http://127.0.0.1:1', 'http://[::1]:3000',
  ])('may not be %s', (ISSUER) => expect(complaints({ ISSUER })).toEqual(['ISSUER']))
})

describe('in production', () => {
  const whole = { NODE_ENV: 'production', ISSUER: 'https://id.example.vn', DATABASE_URL: 'postgres://db/eid', REDIS_URL: 'redis://r',
    KEYRING_FILE: '/keys.json', PLANE: 'all' }

  test('servers and keys are named, and keys are never made silently', () => {
    expect(accepted(whole)).toMatchObject({ production: true, embeddedAllowed: false, createKeys: false, keyringFile: '/keys.json' })
  })

  test.each(['ISSUER', 'DATABASE_URL', 'REDIS_URL', 'KEYRING_FILE', 'PLANE'] as const)('%s is required', (name) => {
    const { [name]: _left, ...rest } = whole
    expect(complaints(rest)).toEqual([name])
  })

  test('the embedded engines are used only when asked for', () => {
    expect(accepted({ NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '1' })).toMatchObject({ embeddedAllowed: true, createKeys: true })
    expect(complaints({ NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '0' })).toHaveLength(5)
  })

  test('a misspelt NODE_ENV is refused and does not quietly mean development', () => {
    expect(complaints({ NODE_ENV: 'prodution' })).toEqual(['NODE_ENV'])
  })
})

describe('a process of one plane', () => {
  const servers = { DATABASE_URL: 'postgres://db/eid', REDIS_URL: 'redis://r' }

  test('is for everybody or for who runs the e-ID, and for both where nothing is said', () => {
    expect([accepted({}).plane, accepted({ ...servers, PLANE: 'citizen' }).plane, accepted({ ...servers, PLANE: 'console' }).plane]).toEqual(['all', 'citizen', 'console'])
    expect(complaints({ PLANE: 'admin' })).toEqual(['PLANE'])
  })

  test('has stores that the other one has too', () => {
    expect(complaints({ PLANE: 'citizen' })).toEqual(['PLANE', 'PLANE'])
    expect(complaints({ PLANE: 'console', DATABASE_URL: 'postgres://db/eid' })).toEqual(['PLANE'])
    expect(complaints({ PLANE: 'all' })).toEqual([])
  })

  test('has the sandbox beside it where developers are, whose own plane is whole', () => {
    expect(complaints({ ...servers, PLANE: 'console', SANDBOX_PORT: '3003' })).toEqual(['SANDBOX_PORT'])
    expect(accepted({ ...servers, PLANE: 'citizen', SANDBOX_PORT: '3003' }).sandbox?.plane).toBe('all')
  })
})

describe('a secret', () => {
  test('may come from a file', () => {
    expect(accepted({ DATABASE_URL_FILE: '/db' }).databaseUrl).toBe('postgres://eid:s3cret@db/eid')
  })

  test('may not come from two places, nor from a file that is not there', () => {
    expect(complaints({ DATABASE_URL_FILE: '/db', DATABASE_URL: 'postgres://db/eid' })).toEqual(['DATABASE_URL_FILE'])
    expect(complaints({ REDIS_URL_FILE: '/absent' })).toEqual(['REDIS_URL_FILE'])
  })

  test('is repeated neither in a fault nor in a description', () => {
    const { faults = [] } = read({ DATABASE_URL: 'mysql://eid:s3cret@db/eid', SMTP_URL: 's3cret', SMS_URL: 's3cret', REDIS_URL: 'http://:s3cret@r' })
    expect(faults).toHaveLength(4)
    expect(JSON.stringify(faults)).not.toContain('s3cret')
    const config = accepted({ DATABASE_URL: 'postgres://eid:s3@cret@db/eid?password=s3cret', REDIS_URL: 'redis://:s3cret@r', SMTP_URL: 'smtp://a:s3cret@m', SMS_URL: 'https://a:s3cret@sms/v1' })
    expect(JSON.stringify(describeConfig(config))).not.toMatch(/s3|cret/)
    expect(describeConfig(config)).toMatchObject({ DATABASE_URL: 'postgres://eid:***@db/eid?***', REDIS_URL: 'redis://:***@r' })
  })
})

describe('the gateway for short messages', () => {
  test('is an address, of which production wants that it is reached over TLS', () => {
    expect(accepted({ SMS_URL: 'http://sms.internal/v1' }).smsUrl).toBe('http://sms.internal/v1')
    expect(accepted({}).smsUrl).toBeUndefined()
    expect(complaints({ SMS_URL: 'sms.internal' })).toEqual(['SMS_URL'])
    expect(complaints({ DATABASE_DIRECT_URL: 'postgres://primary/eid', DATABASE_CONNECTIONS: '0' })).toEqual(['DATABASE_CONNECTIONS', 'DATABASE_DIRECT_URL'])
    expect(complaints({ NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '1', SMS_URL: 'http://sms.internal/v1' })).toEqual(['SMS_URL'])
    expect(complaints({ NODE_ENV: 'production', ALLOW_EMBEDDED_DB: '1', SMS_URL: 'https://sms.internal/v1' })).toEqual([])
  })
})

describe('TLS', () => {
  const pair = (name: string) => {
    const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key, cert }
  }
  const fromDisk = (env: Record<string, string>) => readConfig(env, (path) => readFileSync(path, 'utf8'))

  test('takes a certificate with its own key and no other', () => {
    const [mine, other] = [pair('mine'), pair('other')]
    const { config } = fromDisk({ TLS_CERT_FILE: mine.cert, TLS_KEY_FILE: mine.key })
    expect(config).toMatchObject({ issuer: 'https://localhost:3000', tls: { cert: expect.stringContaining('BEGIN CERTIFICATE') } })
    const { faults } = fromDisk({ TLS_CERT_FILE: mine.cert, TLS_KEY_FILE: other.key })
    expect(faults?.map(({ variable }) => variable)).toEqual(['TLS_KEY_FILE'])
  })

  test('comes whole: certificate and key, client authorities only with both, an issuer that says https', () => {
    const { key, cert } = pair('whole')
    const broken = (env: Record<string, string>) => fromDisk(env).faults?.map(({ variable }) => variable)
    expect(broken({ TLS_CERT_FILE: cert })).toEqual(['TLS_KEY_FILE'])
    expect(broken({ TLS_KEY_FILE: key })).toEqual(['TLS_CERT_FILE'])
    expect(broken({ TLS_CLIENT_CA_FILE: cert })).toEqual(['TLS_CLIENT_CA_FILE'])
    expect(broken({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key, ISSUER: 'http://localhost:3000' })).toEqual(['ISSUER'])
  })
})

describe('whose identity cards are believed', () => {
  const country = makeCountry({ at: new Date() })
  const read = (text: string) => readConfig({ CHIP_TRUST_FILE: '/trust' }, () => text)

  test('is read at the start, and no chip is read where nobody is named', () => {
    expect(read(trustOf(country)).config?.chipTrust?.anchors).toHaveLength(1)
    expect(readConfig({}, () => '').config?.chipTrust).toBeUndefined()
  })

  test.each([['text'], [''], [pemOf('X509 CRL', country.revocations)], [pemOf('CERTIFICATE', country.signerCertificate)], [pemOf('CERTIFICATE', country.authorityCertificate.subarray(0, 90))]])('a file that names no authority, or not one alone, stops the start: %#', (text) => {
    expect(read(text).faults?.map(({ variable }) => variable)).toEqual(['CHIP_TRUST_FILE'])
  })

  test('never goes on to the sandbox', () => {
    const { config } = readConfig({ CHIP_TRUST_FILE: '/trust', SANDBOX_PORT: '3003' }, () => trustOf(country))
    expect([config?.chipTrust !== undefined, config?.sandbox !== undefined, config?.sandbox !== undefined && 'chipTrust' in config.sandbox]).toEqual([true, true, false])
  })
})

describe('the service that compares faces', () => {
  const keys = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] })
  const from = (env: Record<string, string>, file = keys) => readConfig(env, () => file)
  const broken = (env: Record<string, string>, file = keys) => from(env, file).faults?.map(({ variable }) => variable) ?? []
  const whole = { FACE_MATCHER_URL: 'https://face.example.vn/v1', FACE_MATCHER_JWKS_FILE: '/keys' }

  test('comes with the keys that it signs with, and is not there otherwise', () => {
    expect([from(whole).config?.faceMatcher, from({}).config?.faceMatcher]).toEqual([{ url: whole.FACE_MATCHER_URL, keys: JSON.parse(keys) }, undefined])
    expect(broken({ FACE_MATCHER_URL: whole.FACE_MATCHER_URL })).toEqual(['FACE_MATCHER_JWKS_FILE'])
    expect(broken({ FACE_MATCHER_JWKS_FILE: '/keys' })).toEqual(['FACE_MATCHER_URL'])
  })

  test.each(['{}', '{"keys":[]}', 'text', '{"keys":[{"kty":"EC","d":"secret"}]}'])('its keys are a set of public keys, and not %s', (file) => {
    expect(broken(whole, file)).toEqual(['FACE_MATCHER_JWKS_FILE'])
  })

  test.each(['http://face.example.vn', 'https://face.example.vn/', 'https://face.example.vn?x', 'face'])('its address is not %s', (FACE_MATCHER_URL) => {
    expect(broken({ ...whole, FACE_MATCHER_URL })).toEqual(['FACE_MATCHER_URL'])
  })

  test('in production we show it a certificate', () => {
    const inEarnest = { NODE_ENV: 'production', ISSUER: 'https://id.example.vn', DATABASE_URL: 'postgres://db/eid', REDIS_URL: 'redis://r', KEYRING_FILE: '/keys.json', PLANE: 'citizen' }
    expect(broken({ ...inEarnest, ...whole })).toEqual(['FACE_MATCHER_URL'])
    expect(broken({ ...whole, FACE_MATCHER_URL: 'http://localhost:3004' })).toEqual([])
  })
})

describe('client certificates', () => {
  const { cert } = makeAuthority('/CN=Root')
  const from = (env: Record<string, string>) => readConfig(env, () => cert)
  const broken = (env: Record<string, string>) => (from(env).faults ?? []).map(({ variable }) => variable)
  const header = { TRUSTED_PROXIES: '10.0.0.1', TLS_CLIENT_CERT_HEADER: 'Client-Cert' }

  test('come from a proxy by headers whose names are compared in lower case', () => {
    expect(from({ ...header, TLS_CLIENT_VERIFY_HEADER: 'X-Verify', TLS_CLIENT_CA_FILE: '/ca' }).config?.mutualTls)
      .toEqual({ header: 'client-cert', verdictHeader: 'x-verify', authorities: cert.trim() })
  })

  test('come from trusted proxies alone, and the proxy\'s word not without a certificate', () => {
    expect(broken({ TLS_CLIENT_CERT_HEADER: 'Client-Cert' })).toEqual(['TLS_CLIENT_CERT_HEADER'])
    expect(broken({ TLS_CLIENT_VERIFY_HEADER: 'X-Verify' })).toEqual(['TLS_CLIENT_VERIFY_HEADER'])
    expect(broken({ ...header, TLS_CLIENT_VERIFY_HEADER: 'client-CERT' })).toEqual(['TLS_CLIENT_VERIFY_HEADER'])
  })

  test.each(['authorization', 'Cookie', 'X-Forwarded-Client-Cert', 'host', 'sec-x', 'a b', 'x:', ''.padEnd(80, 'x')])('do not come in a header called %j', (name) => {
    expect(broken({ ...header, TLS_CLIENT_CERT_HEADER: name })).toEqual(['TLS_CLIENT_CERT_HEADER'])
  })

  test('are not looked at by authorities that cannot be read', () => {
    const torn = readConfig({ ...header, TLS_CLIENT_CA_FILE: '/ca' }, () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')
    expect(torn.faults?.map(({ variable }) => variable)).toEqual(['TLS_CLIENT_CA_FILE'])
  })
})

describe('the sandbox', () => {
  const whole = {
    NODE_ENV: 'production', ISSUER: 'https://id.example.vn', DATABASE_URL: 'postgres://db/eid', REDIS_URL: 'redis://r', KEYRING_FILE: '/keys.json', PLANE: 'citizen',
    SANDBOX_PORT: '3003', SANDBOX_ISSUER: 'https://thu.example.vn', SANDBOX_DATABASE_URL: 'postgres://db/eid_sandbox', SANDBOX_REDIS_URL: 'redis://r-sandbox', SANDBOX_KEYRING_FILE: '/sandbox-keys.json',
  }

  test('is there only where it has a port', () => {
    expect(accepted({}).sandbox).toBeUndefined()
    expect(accepted({ SANDBOX_PORT: 'off' }).sandbox).toBeUndefined()
    expect(complaints({ SANDBOX_ISSUER: 'https://thu.example.vn' })).toEqual(['SANDBOX_PORT'])
    expect(complaints({ SANDBOX_PORT: 'off', SANDBOX_KEYRING_FILE: '/k' })).toEqual(['SANDBOX_PORT'])
    expect(complaints({ SANDBOX_PORT: 'none' })).toEqual(['SANDBOX_PORT'])
  })

  test('has an address, folders and keys of its own, and no mail server', () => {
    expect(accepted({ SANDBOX_PORT: '3003', SMTP_URL: 'smtp://m', SMS_URL: 'https://sms', DATABASE_URL: 'postgres://db/eid' }).sandbox).toEqual({
      issuer: 'http://localhost:3003', plane: 'all', port: 3003, drainMilliseconds: 0, databaseConnections: 10, dataDir: '.data/sandbox', mailDir: '.data/sandbox/mail', keyringFile: '.data/sandbox/keys/keyring.json',
      logLevel: 'info', trustedProxies: [], outboundAllow: [], production: false, attestedStaff: false, embeddedAllowed: true, createKeys: true,
    })
  })

  test('in production, has all of its own named, makes no keys, and calls none of the addresses allowed to checked services', () => {
    const { sandbox } = accepted({ ...whole, OUTBOUND_ALLOW: 'internal.example' })
    expect(sandbox).toMatchObject({ issuer: 'https://thu.example.vn', databaseUrl: 'postgres://db/eid_sandbox', redisUrl: 'redis://r-sandbox', createKeys: false, outboundAllow: [] })
    for (const name of ['SANDBOX_ISSUER', 'SANDBOX_DATABASE_URL', 'SANDBOX_REDIS_URL', 'SANDBOX_KEYRING_FILE'] as const) {
      const { [name]: _left, ...rest } = whole
      expect(complaints(rest)).toEqual([name])
    }
  })

  test.each([
    ['SANDBOX_PORT', { PORT: '3003' }],
    ['SANDBOX_ISSUER', { SANDBOX_ISSUER: 'https://id.example.vn' }],
    ['SANDBOX_ISSUER', { SANDBOX_ISSUER: 'https://id.example.vn:8443' }],
    ['SANDBOX_ISSUER', { SANDBOX_ISSUER: 'http://thu.example.vn' }],
    ['SANDBOX_DATABASE_URL', { SANDBOX_DATABASE_URL: 'postgres://db/eid' }],
    ['SANDBOX_DATABASE_URL', { SANDBOX_DATABASE_URL: 'postgres://other:user@DB:5432/eid?sslmode=require' }],
    ['SANDBOX_REDIS_URL', { SANDBOX_REDIS_URL: 'redis://:other@R:6379/1' }],
    ['SANDBOX_REDIS_URL', { SANDBOX_REDIS_URL: 'redis://x,redis://r' }],
    ['SANDBOX_KEYRING_FILE', { SANDBOX_KEYRING_FILE: '/x/../keys.json' }],
  ])('shares nothing with the live server: %s', (name, changed) => {
    expect(complaints({ ...whole, ...changed })).toEqual([name])
  })

  test('X01: takes the Redis of the live server outside production alone, and another where one is named', () => {
    expect(accepted({ SANDBOX_PORT: '3003', REDIS_URL: 'redis://r' }).sandbox?.redisUrl).toBe('redis://r')
    expect(accepted({ SANDBOX_PORT: '3003', REDIS_URL: 'redis://r', SANDBOX_REDIS_URL: 'redis://r/1' }).sandbox?.redisUrl).toBe('redis://r/1')
    const { SANDBOX_REDIS_URL: _left, ...rest } = whole
    expect(accepted({ ...rest, ALLOW_EMBEDDED_DB: '1' }).sandbox?.redisUrl).toBeUndefined()
  })

  test('is described without its password', () => {
    const config = accepted({ ...whole, SANDBOX_DATABASE_URL: 'postgres://eid:s3cret@db/eid_sandbox' })
    expect(describeConfig(config)).toMatchObject({ SANDBOX_PORT: '3003', SANDBOX_DATABASE_URL: 'postgres://eid:***@db/eid_sandbox' })
    expect(describeConfig(accepted({}))).toMatchObject({ SANDBOX_PORT: 'off' })
  })
})

describe('a name that is nearly ours', () => {
  test.each([['DATABSE_URL', 'DATABASE_URL'], ['ISUER', 'ISSUER'], ['ISSEUR', 'ISSUER'], ['TRUSTED_PROXYES', 'TRUSTED_PROXIES'], ['REDIS_URI', 'REDIS_URL'],
    ['LOG_LEVLE', 'LOG_LEVEL']])('%s is asked about', (typed, meant) => {
    expect(read({ [typed]: 'x' }).faults).toEqual([{ variable: typed, problem: `is not known; did you mean ${meant}?`, example: '' }])
  })

  test.each(['PATH', 'HOME', 'MAILDIR', 'SORT', 'HOSTNAME', 'DATABASE'])('%s is left alone', (name) => {
    expect(read({ [name]: 'x' }).faults).toBeUndefined()
  })

  test('is left alone when ours is set as well', () => {
    expect(read({ REDIS_URI: 'x', REDIS_URL: 'redis://r' }).faults).toBeUndefined()
  })
})

test.each(['10.0.0.0/8', '192.0.2.7, 2001:db8::/32', '::1'])('proxies may be %s', (TRUSTED_PROXIES) => {
  expect(complaints({ TRUSTED_PROXIES })).toEqual([])
})

test.each(['10.0.0.0/33', '10.0.0/8', 'proxy.internal', '::/0', '10.0.0.0/8/8', '10.0.0.0/-1'])('proxies may not be %s', (TRUSTED_PROXIES) => {
  expect(complaints({ TRUSTED_PROXIES })).toEqual(['TRUSTED_PROXIES'])
})

test('Redis may be one server, the nodes of one cluster, each a whole address, or behind sentinels', () => {
  expect(accepted({ REDIS_URL: 'redis://a:1,redis://b:2' }).redisUrl).toBe('redis://a:1,redis://b:2')
  expect(complaints({ REDIS_URL: 'redis://a:1,b:2' })).toEqual(['REDIS_URL'])
  expect(accepted({ REDIS_URL: 'redis+sentinel://a,b:2/eid' }).redisUrl).toBe('redis+sentinel://a,b:2/eid')
  expect(['redis+sentinel://a,b', 'sentinel://a/eid', 'redis+sentinel://a b/eid'].map((REDIS_URL) => complaints({ REDIS_URL }))).toEqual([['REDIS_URL'], ['REDIS_URL'], ['REDIS_URL']])
})

test('a server that is told to stop goes on answering for a while in production, or as long as it is told', () => {
  const inEarnest = { NODE_ENV: 'production', ISSUER: 'https://id.example.vn', DATABASE_URL: 'postgres://db/eid', REDIS_URL: 'redis://r', KEYRING_FILE: '/keys.json', PLANE: 'all' }
  expect([accepted(inEarnest).drainMilliseconds, accepted({ ...inEarnest, DRAIN_SECONDS: '30' }).drainMilliseconds, accepted({}).drainMilliseconds]).toEqual([5000, 30_000, 0])
  expect([accepted({ MAX_IN_FLIGHT: '48' }).maxInFlight, accepted({}).maxInFlight, ...complaints({ MAX_IN_FLIGHT: '0' })]).toEqual([48, undefined, 'MAX_IN_FLIGHT'])
  expect(accepted({ HEALTH_PORT: '9000' }).healthPort).toBe(9000)
  expect(complaints({ DRAIN_SECONDS: '-1', HEALTH_PORT: '0' })).toEqual(['HEALTH_PORT', 'DRAIN_SECONDS'])
})

test('a machine has the name that its operator gives it, or its own', () => {
  expect([accepted({ NODE_NAME: 'may-chu-mot' }).nodeName, accepted({}).nodeName]).toEqual(['may-chu-mot', undefined])
  for (const NODE_NAME of ['-', 'a b', 'a\nb', 'x'.repeat(64)]) expect(complaints({ NODE_NAME })).toEqual(['NODE_NAME'])
})
