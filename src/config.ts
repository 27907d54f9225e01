import { join } from 'node:path'
import { z } from 'zod'
import type { Trust } from '#chip/trust.ts'
import type { Plane } from '#kernel/plane.ts'
import { faceMatcherOf, type FaceService } from './environment/face.ts'
import { type Env, type Fault, misspelt } from './environment/fault.ts'
import { crossFaults } from './environment/rules.ts'
import { files, readers, secretFiles, type SettingName, settingNames, settings } from './environment/settings.ts'

/** How this process runs, read once at the start and frozen. Rules of law are not in here: see `rules.ts`. */
export type Config = Readonly<{
  /** An origin, exactly as relying parties see it (RFC 8414 §2). */
  issuer: string
  /** What this process is there for (docs/decisions/0012). */
  plane: Plane
  port: number
  /** What operators call this machine, in events and where nodes are listed. Absent: its host name. */
  nodeName?: string
  /** For probes and figures of the platform, on a port that is not for the public. Absent: there is none. */
  healthPort?: number
  /** For how long requests are still taken after it was said that no more are wanted: until load balancers have heard it. */
  drainMilliseconds: number
  /** How many requests a process works on at once. Absent: as many as it measures that it can. */
  maxInFlight?: number
  dataDir: string
  mailDir: string
  databaseUrl?: string
  /** Past a pooler (PgBouncer) straight to PostgreSQL, for migrations and imports. Absent: there is no pooler. */
  databaseDirectUrl?: string
  /** Of a process to PostgreSQL, at most. */
  databaseConnections: number
  redisUrl?: string
  smtpUrl?: string
  /** The gateway for short messages (docs/sms.md). Absent: there are none. */
  smsUrl?: string
  logLevel: LogLevel
  /** Contents in PEM, not names of files. */
  tls?: Readonly<{ cert: string; key: string; clientCa?: string }>
  /** Where client certificates come from; contents in PEM and names of headers in lower case. Absent: there are none. */
  mutualTls?: Readonly<{ authorities?: string; header?: string; verdictHeader?: string }>
  /** CIDR blocks or single addresses whose `X-Forwarded-*` are believed. */
  trustedProxies: readonly string[]
  /** Hosts that addresses supplied by clients may name although they are private. */
  outboundAllow: readonly string[]
  production: boolean
  /** Officers sign in and approve with keys in attested hardware alone. */
  attestedStaff: boolean
  /** The embedded database and store may be used: always outside production. */
  embeddedAllowed: boolean
  keyringFile: string
  /** Whether a missing keyring is made. Never true in production for a keyring that was named. */
  createKeys: boolean
  /** The authority's service that compares faces; contents in PEM. Absent: level 3 is not offered. */
  faceMatcher?: FaceService
  /** Whose identity cards are believed. Absent: no chip is read at desks. */
  chipTrust?: Trust
  /** Where that stands: it is read again while the server runs. */
  chipTrustFile?: string
  /** The developers' sandbox, which shares nothing with the server beside it (docs/decisions/0009). Absent: there is none. */
  sandbox?: SandboxConfig
}>

/** A server of its own: other issuer, database, keys and folders. It has no sandbox again, and sends no mail and no message. */
export type SandboxConfig = Omit<Config, 'sandbox' | 'healthPort' | 'databaseDirectUrl' | 'smtpUrl' | 'smsUrl' | 'faceMatcher' | 'chipTrust' | 'chipTrustFile'>

export type LogLevel = Parsed['LOG_LEVEL']
export type ReadFile = (path: string) => string
export type ConfigResult = { config: Config; faults?: never } | { faults: readonly Fault[]; config?: never }

/**
 * The environment as a `Config`, or everything that is wrong with it at once. Pure: what it knows comes from `env` and
 * `readFile`, which throws for a file that cannot be read. An empty variable counts as not set.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, readFile: ReadFile): ConfigResult {
  const { values, faults: unread } = collect(env, readFile)
  const parsed = z.object(readers).safeParse(values)
  const faults = [
    ...unread,
    ...(parsed.success ? [] : faultsOf(parsed.error, values)),
    ...crossFaults(values),
    ...misspelt(Object.keys(env), settings),
  ]
  if (!parsed.success || faults.length > 0) return { faults }
  return { config: assemble(parsed.data, env['CHIP_TRUST_FILE']?.trim()) }
}

/** Values by name, with the contents of secret and TLS files in place of their paths. */
function collect(env: Readonly<Record<string, string | undefined>>, readFile: ReadFile): { values: Env; faults: Fault[] } {
  const faults: Fault[] = []
  const given = (name: string): string | undefined => env[name]?.trim() || undefined
  const contents = (variable: SettingName, path: string): string | undefined => {
    try {
      return readFile(path).trim()
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
      faults.push({ variable, problem: `names a file that cannot be read (${why}): ${path}`, example: settings[variable] })
      return undefined
    }
  }
  const values: Env = {}
  for (const name of settingNames) {
    const value = given(name)
    const target = secretFiles[name] ?? name
    if (value === undefined) continue
    if (target !== name && given(target) !== undefined) {
      faults.push({ variable: name, problem: `and ${target} are both set; keep one of them`, example: settings[name] })
      continue
    }
    values[target] = files.has(name) ? contents(name, value) : value
  }
  return { values, faults }
}

function faultsOf(error: z.ZodError, values: Env): readonly Fault[] {
  return error.issues.map(({ path, message }) => {
    const name = settingNames.find((candidate) => candidate === path[0])
    if (name === undefined) return { variable: 'environment', problem: message, example: '' }
    const shown = files.has(name) || secretNames.has(name) ? '' : `, not "${(values[name] ?? '').slice(0, 80)}"`
    return { variable: name, problem: `must be ${message}${shown}`, example: settings[name] }
  })
}

/** Their values hold passwords or keys and are never repeated in a message. */
const secretNames = new Set<SettingName>(['DATABASE_URL', 'DATABASE_DIRECT_URL', 'SANDBOX_DATABASE_URL', 'REDIS_URL', 'SANDBOX_REDIS_URL', 'SMTP_URL', 'SMS_URL', 'TLS_KEY_FILE', 'TLS_CERT_FILE', 'TLS_CLIENT_CA_FILE'])

type Parsed = z.output<z.ZodObject<typeof readers>>

function assemble(env: Parsed, trustFile: string | undefined): Config {
  const production = env.NODE_ENV === 'production'
  const tls = tlsOf(env)
  const live = {
    issuer: env.ISSUER ?? `${tls.tls === undefined ? 'http' : 'https'}://localhost:${env.PORT}`,
    plane: env.PLANE,
    port: env.PORT,
    ...(env.NODE_NAME !== undefined && { nodeName: env.NODE_NAME }),
    ...(env.HEALTH_PORT !== undefined && { healthPort: env.HEALTH_PORT }),
    drainMilliseconds: (env.DRAIN_SECONDS ?? (production ? 5 : 0)) * 1000,
    ...maxInFlightOf(env),
    dataDir: env.DATA_DIR,
    mailDir: env.MAIL_DIR ?? join(env.DATA_DIR, 'mail'),
    ...addressesOf(env),
    databaseConnections: env.DATABASE_CONNECTIONS,
    logLevel: env.LOG_LEVEL,
    ...tls,
    ...mutualTlsOf(env),
    ...faceMatcherOf(env),
    ...(env.CHIP_TRUST_FILE !== undefined && { chipTrust: env.CHIP_TRUST_FILE, ...(trustFile !== undefined && { chipTrustFile: trustFile }) }),
    trustedProxies: Object.freeze(env.TRUSTED_PROXIES),
    outboundAllow: Object.freeze(env.OUTBOUND_ALLOW),
    production,
    attestedStaff: production || env.OFFICER_KEYS === 'attested',
    embeddedAllowed: !production || env.ALLOW_EMBEDDED_DB,
    keyringFile: env.KEYRING_FILE ?? join(env.DATA_DIR, 'keys', 'keyring.json'),
    createKeys: !production || (env.ALLOW_EMBEDDED_DB && env.KEYRING_FILE === undefined),
  }
  return Object.freeze({ ...live, ...sandboxOf(env, live) })
}

/**
 * The sandbox is there where it has a port. What it shares with the server is how this machine is reached, and outside production its Redis,
 * under names of its own; developers register there by themselves, so nothing of what the operator allowed to checked services holds for it
 * in production.
 */
function sandboxOf(env: Parsed, live: Config): Pick<Config, 'sandbox'> {
  const { SANDBOX_PORT: port, SANDBOX_DATABASE_URL: databaseUrl, SANDBOX_KEYRING_FILE: keyringFile } = env
  if (port === undefined) return {}
  const { databaseUrl: _database, databaseDirectUrl: _direct, healthPort: _health, redisUrl: liveRedis, smtpUrl: _mail, smsUrl: _sms, faceMatcher: _faces, chipTrust: _trust, chipTrustFile: _file, ...shared } = live
  const redisUrl = env.SANDBOX_REDIS_URL ?? (live.production ? undefined : liveRedis)
  const dataDir = join(live.dataDir, 'sandbox')
  return {
    sandbox: Object.freeze({
      ...shared,
      issuer: env.SANDBOX_ISSUER ?? `${live.tls === undefined ? 'http' : 'https'}://localhost:${port}`,
      plane: 'all',
      port,
      dataDir,
      mailDir: join(dataDir, 'mail'),
      ...(databaseUrl !== undefined && { databaseUrl }),
      ...(redisUrl !== undefined && { redisUrl }),
      outboundAllow: Object.freeze(live.production ? [] : live.outboundAllow),
      keyringFile: keyringFile ?? join(dataDir, 'keys', 'keyring.json'),
      createKeys: !live.production || (env.ALLOW_EMBEDDED_DB && keyringFile === undefined),
    }),
  }
}

function maxInFlightOf({ MAX_IN_FLIGHT: maxInFlight }: Parsed): Pick<Config, 'maxInFlight'> {
  return maxInFlight === undefined ? {} : { maxInFlight }
}

/** Optional fields are absent, not `undefined`. */
function addressesOf({ DATABASE_URL, DATABASE_DIRECT_URL, REDIS_URL, SMTP_URL, SMS_URL }: Parsed): Pick<Config, 'databaseUrl' | 'databaseDirectUrl' | 'redisUrl' | 'smtpUrl' | 'smsUrl'> {
  return {
    ...(DATABASE_URL === undefined ? {} : { databaseUrl: DATABASE_URL }),
    ...(DATABASE_DIRECT_URL === undefined ? {} : { databaseDirectUrl: DATABASE_DIRECT_URL }),
    ...(REDIS_URL === undefined ? {} : { redisUrl: REDIS_URL }),
    ...(SMTP_URL === undefined ? {} : { smtpUrl: SMTP_URL }),
    ...(SMS_URL === undefined ? {} : { smsUrl: SMS_URL }),
  }
}

function tlsOf({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CLIENT_CA_FILE: clientCa }: Parsed): Pick<Config, 'tls'> {
  if (cert === undefined || key === undefined) return {}
  return { tls: Object.freeze(clientCa === undefined ? { cert, key } : { cert, key, clientCa }) }
}

function mutualTlsOf(env: Parsed): Pick<Config, 'mutualTls'> {
  const { TLS_CLIENT_CA_FILE: authorities, TLS_CLIENT_CERT_HEADER: header, TLS_CLIENT_VERIFY_HEADER: verdictHeader } = env
  if (authorities === undefined && header === undefined) return {}
  return {
    mutualTls: Object.freeze({
      ...(authorities !== undefined && { authorities }), ...(header !== undefined && { header }), ...(verdictHeader !== undefined && { verdictHeader }),
    }),
  }
}

/** The configuration as lines that may be shown and logged: passwords in addresses masked, keys only counted. */
export function describeConfig(config: Config): Readonly<Record<string, string>> {
  return {
    ISSUER: config.issuer,
    PLANE: config.plane,
    PORT: String(config.port),
    ...describeNode(config),
    DRAIN_SECONDS: String(config.drainMilliseconds / 1000),
    MAX_IN_FLIGHT: placesOf(config),
    NODE_ENV: config.production ? 'production' : 'not production',
    DATA_DIR: config.dataDir,
    MAIL_DIR: config.mailDir,
    ...describeStores(config),
    ...describeChannels(config),
    ALLOW_EMBEDDED_DB: config.embeddedAllowed ? 'yes' : 'no',
    KEYRING_FILE: `${config.keyringFile}${config.createKeys ? ' (made if missing)' : ''}`,
    TLS: config.tls === undefined ? 'off' : `on${config.tls.clientCa === undefined ? '' : ', client certificates asked for'}`,
    TLS_CLIENT_CERT_HEADER: config.mutualTls?.header ?? 'none',
    TLS_CLIENT_VERIFY_HEADER: config.mutualTls?.verdictHeader ?? 'none',
    TRUSTED_PROXIES: config.trustedProxies.join(', ') || 'none',
    OUTBOUND_ALLOW: config.outboundAllow.join(', ') || 'none',
    FACE_MATCHER_URL: facesOf(config),
    CHIP_TRUST_FILE: trustOf(config),
    OFFICER_KEYS: officerKeysOf(config),
    LOG_LEVEL: config.logLevel,
    ...describeSandbox(config.sandbox),
  }
}

function describeStores({ databaseUrl, databaseDirectUrl, databaseConnections, redisUrl }: Config): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl === undefined ? 'embedded' : masked(databaseUrl),
    DATABASE_DIRECT_URL: databaseDirectUrl === undefined ? 'none: DATABASE_URL is PostgreSQL itself' : masked(databaseDirectUrl),
    DATABASE_CONNECTIONS: `${databaseConnections} a process`,
    REDIS_URL: redisUrl === undefined ? 'embedded' : masked(redisUrl),
  }
}

function describeNode({ nodeName, healthPort }: Config): Readonly<Record<string, string>> {
  return { NODE_NAME: nodeName ?? 'the name of the machine', HEALTH_PORT: String(healthPort ?? 'none') }
}

/** By what people are told. */
function describeChannels({ smtpUrl, smsUrl }: Config): Readonly<Record<string, string>> {
  return {
    SMTP_URL: smtpUrl === undefined ? 'none: mails are files in MAIL_DIR' : masked(smtpUrl),
    SMS_URL: smsUrl === undefined ? 'none: no short messages' : masked(smsUrl),
  }
}

function describeSandbox(sandbox: SandboxConfig | undefined): Readonly<Record<string, string>> {
  if (sandbox === undefined) return { SANDBOX_PORT: 'off' }
  const { port, issuer, databaseUrl, redisUrl, keyringFile, createKeys } = sandbox
  return {
    SANDBOX_PORT: String(port),
    SANDBOX_ISSUER: issuer,
    SANDBOX_DATABASE_URL: databaseUrl === undefined ? 'embedded' : masked(databaseUrl),
    SANDBOX_REDIS_URL: redisUrl === undefined ? 'embedded' : masked(redisUrl),
    SANDBOX_KEYRING_FILE: `${keyringFile}${createKeys ? ' (made if missing)' : ''}`,
  }
}

const placesOf = ({ maxInFlight }: Config) => String(maxInFlight ?? 'measured')
const facesOf = ({ faceMatcher }: Config) => faceMatcher?.url ?? 'none: level 3 is not offered'
const trustOf = ({ chipTrust }: Config) => (chipTrust === undefined ? 'none: no chip is read at desks' : `${chipTrust.anchors.length} certificates of authorities`)
const officerKeysOf = ({ attestedStaff }: Config) => (attestedStaff ? 'attested' : 'any (never in production)')

/** An address without its password. The query goes too: drivers accept `?password=` there. Of several, only the last host shows. */
function masked(url: string): string {
  const [start, end] = [url.indexOf('//') + 2, url.lastIndexOf('@')]
  const told = start > 1 && end >= start ? `${url.slice(0, start)}${url.slice(start, end).split(':')[0] ?? ''}:***${url.slice(end)}` : url
  return told.replace(/\?.*$/, '?***')
}
