import { isIP } from 'node:net'
import { z } from 'zod'
import { planes } from '#kernel/plane.ts'
import { isAddress as isDatabaseAddress } from '#storage/postgres/hosts.ts'
import { usualConnections } from '#storage/postgres/pool.ts'
import { isAddress as isRedisAddress } from '#storage/redis/address.ts'
import { readTrust } from './chip.ts'

/** Every variable that is read, with an example of a right value. The README's table is checked against this list. */
export const settings = {
  NODE_ENV: 'production',
  PLANE: 'citizen',
  ISSUER: 'https://dinhdanh.example.vn',
  PORT: '3000',
  NODE_NAME: 'may-chu-mot',
  HEALTH_PORT: '9000',
  DRAIN_SECONDS: '5',
  MAX_IN_FLIGHT: '64',
  DATA_DIR: '/var/lib/eid',
  DATABASE_URL: 'postgres://eid:password@db.internal:5432/eid',
  DATABASE_URL_FILE: '/run/secrets/database-url',
  DATABASE_DIRECT_URL: 'postgres://eid:password@primary.internal:5432/eid',
  DATABASE_DIRECT_URL_FILE: '/run/secrets/database-direct-url',
  DATABASE_CONNECTIONS: '10',
  REDIS_URL: 'redis://:password@redis.internal:6379',
  REDIS_URL_FILE: '/run/secrets/redis-url',
  SMTP_URL: 'smtps://user:password@mail.internal:465',
  SMTP_URL_FILE: '/run/secrets/smtp-url',
  SMS_URL: 'https://user:password@sms.internal/v1/messages',
  SMS_URL_FILE: '/run/secrets/sms-url',
  MAIL_DIR: '/var/lib/eid/mail',
  KEYRING_FILE: '/run/secrets/keyring.json',
  LOG_LEVEL: 'info',
  TLS_CERT_FILE: '/etc/eid/tls/server.pem',
  TLS_KEY_FILE: '/etc/eid/tls/server-key.pem',
  TLS_CLIENT_CA_FILE: '/etc/eid/tls/clients.pem',
  TLS_CLIENT_CERT_HEADER: 'Client-Cert',
  TLS_CLIENT_VERIFY_HEADER: 'Client-Cert-Verify',
  TRUSTED_PROXIES: '10.0.0.0/8,192.0.2.7',
  OUTBOUND_ALLOW: 'sandbox.internal,127.0.0.1',
  FACE_MATCHER_URL: 'https://face.authority.example.vn/v1',
  FACE_MATCHER_JWKS_FILE: '/etc/eid/face/keys.json',
  FACE_MATCHER_CERT_FILE: '/etc/eid/face/client.pem',
  FACE_MATCHER_KEY_FILE: '/etc/eid/face/client-key.pem',
  FACE_MATCHER_CA_FILE: '/etc/eid/face/authority.pem',
  CHIP_TRUST_FILE: '/etc/eid/chip/trust.pem',
  ALLOW_EMBEDDED_DB: '1',
  OFFICER_KEYS: 'attested',
  SANDBOX_PORT: '3003',
  SANDBOX_ISSUER: 'https://thu.dinhdanh.example.vn',
  SANDBOX_DATABASE_URL: 'postgres://eid:password@db.internal:5432/eid_sandbox',
  SANDBOX_DATABASE_URL_FILE: '/run/secrets/sandbox-database-url',
  SANDBOX_REDIS_URL: 'redis://:password@redis-sandbox.internal:6379',
  SANDBOX_REDIS_URL_FILE: '/run/secrets/sandbox-redis-url',
  SANDBOX_KEYRING_FILE: '/run/secrets/sandbox-keyring.json',
} as const

export type SettingName = keyof typeof settings

const isName = (name: string): name is SettingName => Object.hasOwn(settings, name)
export const settingNames: readonly SettingName[] = Object.keys(settings).filter(isName)

/** A secret that is given as a file stands for the variable of the same name without `_FILE`. */
export const secretFiles: Readonly<Partial<Record<SettingName, SettingName>>> = {
  DATABASE_URL_FILE: 'DATABASE_URL',
  DATABASE_DIRECT_URL_FILE: 'DATABASE_DIRECT_URL',
  REDIS_URL_FILE: 'REDIS_URL',
  SMTP_URL_FILE: 'SMTP_URL',
  SMS_URL_FILE: 'SMS_URL',
  SANDBOX_DATABASE_URL_FILE: 'SANDBOX_DATABASE_URL',
  SANDBOX_REDIS_URL_FILE: 'SANDBOX_REDIS_URL',
}

/** Read at the start; the keyring is not among them, for the keys room opens (and may make) it. */
export const files: ReadonlySet<SettingName> = new Set<SettingName>([
  'DATABASE_URL_FILE', 'DATABASE_DIRECT_URL_FILE', 'REDIS_URL_FILE', 'SMTP_URL_FILE', 'SMS_URL_FILE', 'SANDBOX_DATABASE_URL_FILE', 'SANDBOX_REDIS_URL_FILE', 'TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CLIENT_CA_FILE',
  'FACE_MATCHER_JWKS_FILE', 'FACE_MATCHER_CERT_FILE', 'FACE_MATCHER_KEY_FILE', 'FACE_MATCHER_CA_FILE',
  'CHIP_TRUST_FILE',
])

const address = (schemes: string, what: string) => z.string().refine((value) => isAddress(schemes, value), what)

function isAddress(schemes: string, value: string): boolean {
  return new RegExp(`^(${schemes})://`).test(value) && URL.canParse(value)
}

const database = z.string()
  .refine((value) => /^postgres(ql)?:/.test(value) && isDatabaseAddress(value), 'an address that begins with postgres://, hosts of one cluster separated by commas')
  .optional()

const redis = z.string()
  .refine(isRedisAddress, 'an address that begins with redis:// or rediss://, several of one cluster separated by commas, or redis+sentinel://host:26379,host:26379/name')
  .optional()

const list = (accepts: (entry: string) => boolean, what: string) =>
  z.string()
    .transform((value) => value.split(/[\s,]+/).filter((entry) => entry !== ''))
    .pipe(z.array(z.string()).refine((entries) => entries.every(accepts), what))

/** An address, or a block that does not take in everyone (`/0` would believe any forged header). */
function isBlock(entry: string): boolean {
  const [ip = '', bits, ...rest] = entry.split('/')
  const family = isIP(ip)
  if (family === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i

function isHost(entry: string): boolean {
  return isIP(entry) !== 0 || entry.split('.').every((part) => label.test(part))
}

/** RFC 8414 §2 allows a path; we do not, because passkeys and cookies are bound to the origin. */
function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value && /^https?:/.test(value)
}

const pem = (kind: RegExp, what: string) => z.string().regex(kind, what)
const privateKey = pem(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key in PEM')
const certificate = pem(/-----BEGIN CERTIFICATE-----/, 'a certificate in PEM')

/** RFC 7517 §5, public parts alone: whoever put a private key there has shown it to more than need it. */
const publicKeys = z.string().transform((text, context) => {
  const read = z.object({ keys: z.array(z.looseObject({ kty: z.string(), d: z.never().optional() })).min(1) }).safeParse(parsedJson(text))
  if (read.success) return read.data
  context.addIssue({ code: 'custom', message: 'a JSON Web Key Set of public keys' })
  return z.NEVER
})

const chipTrust = z.string().transform((text, context) => {
  const read = readTrust(text)
  if (read.is === 'trust') return read.trust
  context.addIssue({ code: 'custom', message: read.what })
  return z.NEVER
})

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Headers that mean something already; what begins with `x-forwarded-` is removed from every request. */
const taken = /^(x-forwarded-.*|sec-.*|content-.*|accept.*|access-control-.*|proxy-.*|authorization|cookie|host|origin|referer|dpop|forwarded|connection|upgrade|te|trailer|transfer-encoding|user-agent|expect)$/
const ownHeader = z.string().transform((name) => name.toLowerCase())
  .refine((name) => /^[a-z][a-z0-9-]{1,60}[a-z0-9]$/.test(name) && !taken.test(name), 'the name of a header that only your proxy sets')
const path = z.string().refine((value) => !value.includes('\0'), 'the name of a file or folder')

const isPort = (text: string): boolean => /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535

/** One reader a variable, each from text. Its message completes the sentence "NAME must be …". */
export const readers = {
  NODE_ENV: z.enum(['production', 'development', 'test'], 'production, development or test').default('development'),
  PLANE: z.enum(planes, 'all, citizen or console').default('all'),
  ISSUER: z.string().refine(isOrigin, 'an origin in lower case: scheme and host, no path, no slash at the end, no default port').optional(),
  PORT: z.string().regex(/^[1-9]\d{0,4}$/, 'a whole number from 1 to 65535').transform(Number)
    .refine((port) => port <= 65_535, 'a whole number from 1 to 65535').default(3000),
  NODE_NAME: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, dots and hyphens, at most 63').optional(),
  HEALTH_PORT: z.string().refine(isPort, 'a whole number from 1 to 65535').transform(Number).optional(),
  MAX_IN_FLIGHT: z.string().regex(/^[1-9]\d{0,4}$/, 'a whole number from 1 to 99999').transform(Number).optional(),
  DRAIN_SECONDS: z.string().regex(/^\d{1,2}$/, 'a whole number from 0 to 99').transform(Number).optional(),
  DATA_DIR: path.default('.data'),
  DATABASE_URL: database,
  DATABASE_DIRECT_URL: database,
  DATABASE_CONNECTIONS: z.string().regex(/^[1-9]\d{0,2}$/, 'a whole number from 1 to 999').transform(Number).default(usualConnections),
  REDIS_URL: redis,
  SMTP_URL: address('smtp|smtps', 'an address that begins with smtp:// or smtps://').optional(),
  SMS_URL: address('http|https', 'an address that begins with https:// (or http:// outside production)').optional(),
  MAIL_DIR: path.optional(),
  KEYRING_FILE: path.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    'one of fatal, error, warn, info, debug, trace, silent').default('info'),
  TLS_CERT_FILE: certificate.optional(),
  TLS_KEY_FILE: privateKey.optional(),
  TLS_CLIENT_CA_FILE: certificate.optional(),
  TLS_CLIENT_CERT_HEADER: ownHeader.optional(),
  TLS_CLIENT_VERIFY_HEADER: ownHeader.optional(),
  TRUSTED_PROXIES: list(isBlock, 'addresses or CIDR blocks, separated by commas, none of them /0').default([]),
  OUTBOUND_ALLOW: list(isHost, 'host names or addresses without port, separated by commas')
    .transform((hosts) => hosts.map((host) => host.toLowerCase())).default([]),
  SANDBOX_PORT: z.string().refine((value) => value === 'off' || isPort(value), 'a whole number from 1 to 65535, or off')
    .transform((value) => (value === 'off' ? undefined : Number(value))).optional(),
  SANDBOX_ISSUER: z.string().refine(isOrigin, 'an origin in lower case: scheme and host, no path, no slash at the end, no default port').optional(),
  SANDBOX_DATABASE_URL: database,
  SANDBOX_REDIS_URL: redis,
  SANDBOX_KEYRING_FILE: path.optional(),
  FACE_MATCHER_URL: z.string().refine((value) => isAddress('https?', value) && !/[?#]|\/$/.test(value), 'an address that begins with https://, without a slash at the end').optional(),
  FACE_MATCHER_JWKS_FILE: publicKeys.optional(),
  FACE_MATCHER_CERT_FILE: certificate.optional(),
  FACE_MATCHER_KEY_FILE: privateKey.optional(),
  FACE_MATCHER_CA_FILE: certificate.optional(),
  CHIP_TRUST_FILE: chipTrust.optional(),
  OFFICER_KEYS: z.enum(['attested', 'any'], 'attested or any').default('any'),
  ALLOW_EMBEDDED_DB: z.enum(['0', '1'], '0 or 1').transform((value) => value === '1').default(false),
}
