import { resolve } from 'node:path'
import { addressesIn, isAddress as isDatabaseAddress } from '#storage/postgres/hosts.ts'
import { isAddress, readAddress } from '#storage/redis/address.ts'
import { faceRules } from './face.ts'
import type { Env, Fault, Rule } from './fault.ts'
import { allReadable, belongs } from './pem.ts'
import { type SettingName, settings } from './settings.ts'

const isOnePlane = (plane: string | undefined): boolean => plane === 'citizen' || plane === 'console'
const inEarnest = (env: Env): boolean => env.NODE_ENV === 'production' && env.ALLOW_EMBEDDED_DB !== '1'
const missing = (variable: SettingName, why: string): Rule => ({
  variable,
  problem: `is required when NODE_ENV=production: ${why} (ALLOW_EMBEDDED_DB=1 starts without)`,
  broken: (env) => inEarnest(env) && env[variable] === undefined,
})

/** What several variables must keep together. Each rule looks at raw text, so it speaks even when another value is wrong. */
const rules: readonly Rule[] = [
  missing('ISSUER', 'relying parties must know one address'),
  missing('DATABASE_URL', 'the embedded database serves one process and does not sync its writes to disk'),
  missing('REDIS_URL', 'the embedded store forgets everything when the process ends'),
  missing('KEYRING_FILE', 'keys are made on purpose, once, and never silently'),
  missing('PLANE', 'whether those who run the e-ID share a process with everybody else is decided on purpose'),
  {
    variable: 'PLANE',
    problem: 'must be all where DATABASE_URL is not set: the embedded database is for one process',
    broken: ({ PLANE, DATABASE_URL }) => isOnePlane(PLANE) && DATABASE_URL === undefined,
  },
  {
    variable: 'PLANE',
    problem: 'must be all where REDIS_URL is not set: whoever signs in at one process is not known to the other',
    broken: ({ PLANE, REDIS_URL }) => isOnePlane(PLANE) && REDIS_URL === undefined,
  },
  {
    variable: 'DATABASE_DIRECT_URL',
    problem: 'needs DATABASE_URL, the address of the pooler',
    broken: ({ DATABASE_DIRECT_URL, DATABASE_URL }) => DATABASE_DIRECT_URL !== undefined && DATABASE_URL === undefined,
  },
  {
    variable: 'SMS_URL',
    problem: 'must begin with https:// when NODE_ENV=production: numbers and what is told to people go there',
    broken: ({ NODE_ENV, SMS_URL }) => NODE_ENV === 'production' && SMS_URL !== undefined && !SMS_URL.startsWith('https://'),
  },
  {
    variable: 'OFFICER_KEYS',
    problem: 'must be attested when NODE_ENV=production: whoever runs the e-ID signs with a key that cannot be copied',
    broken: ({ NODE_ENV, OFFICER_KEYS }) => NODE_ENV === 'production' && OFFICER_KEYS === 'any',
  },
  {
    variable: 'ISSUER',
    problem: 'must begin with https:// unless its host is localhost (browsers offer passkeys nowhere else)',
    broken: ({ ISSUER }) => ISSUER !== undefined && /^http:\/\/(?!localhost(:\d+)?$)/.test(ISSUER),
  },
  {
    variable: 'ISSUER',
    problem: 'must begin with https:// when TLS_CERT_FILE is set',
    broken: ({ ISSUER, TLS_CERT_FILE }) => TLS_CERT_FILE !== undefined && ISSUER !== undefined && ISSUER.startsWith('http:'),
  },
  {
    variable: 'TLS_KEY_FILE',
    problem: 'is missing although TLS_CERT_FILE is set; they come together',
    broken: (env) => env.TLS_CERT_FILE !== undefined && !('TLS_KEY_FILE' in env),
  },
  {
    variable: 'TLS_CERT_FILE',
    problem: 'is missing although TLS_KEY_FILE is set; they come together',
    broken: (env) => env.TLS_KEY_FILE !== undefined && !('TLS_CERT_FILE' in env),
  },
  {
    variable: 'TLS_CLIENT_CA_FILE',
    problem: 'needs TLS_CERT_FILE and TLS_KEY_FILE, or TLS_CLIENT_CERT_HEADER: client certificates come inside our own TLS or from a proxy',
    broken: (env) => env.TLS_CLIENT_CA_FILE !== undefined && !bringsCertificates(env),
  },
  {
    variable: 'TLS_CLIENT_CA_FILE',
    problem: 'holds a certificate that cannot be read',
    broken: (env) => env.TLS_CLIENT_CA_FILE !== undefined && bringsCertificates(env) && !allReadable(env.TLS_CLIENT_CA_FILE),
  },
  {
    variable: 'TLS_CLIENT_CERT_HEADER',
    problem: 'needs TRUSTED_PROXIES: from anybody else the header is not believed',
    broken: (env) => env.TLS_CLIENT_CERT_HEADER !== undefined && env.TRUSTED_PROXIES === undefined,
  },
  {
    variable: 'TLS_CLIENT_VERIFY_HEADER',
    problem: 'needs TLS_CLIENT_CERT_HEADER, and another name than that',
    broken: ({ TLS_CLIENT_VERIFY_HEADER: verdict, TLS_CLIENT_CERT_HEADER: certificate }) =>
      verdict !== undefined && (certificate === undefined || verdict.toLowerCase() === certificate.toLowerCase()),
  },
  {
    variable: 'TLS_KEY_FILE',
    problem: 'is encrypted, broken or does not belong to the certificate in TLS_CERT_FILE',
    broken: ({ TLS_CERT_FILE, TLS_KEY_FILE }) =>
      TLS_CERT_FILE !== undefined && TLS_KEY_FILE !== undefined && !belongs(TLS_KEY_FILE, TLS_CERT_FILE),
  },
]

/** What keeps the sandbox apart (docs/decisions/0009). */
const sandboxRules: readonly Rule[] = [
  {
    variable: 'SANDBOX_PORT',
    problem: 'must be off where PLANE=console: developers are at the process of the citizens',
    broken: (env) => hasSandbox(env) && env.PLANE === 'console',
  },
  inSandbox('SANDBOX_ISSUER', 'relying parties must know one address'),
  inSandbox('SANDBOX_DATABASE_URL', 'its made-up people live in a database of their own'),
  inSandbox('SANDBOX_REDIS_URL', 'everybody may fill it, and sign-ins of real people must go on'),
  inSandbox('SANDBOX_KEYRING_FILE', 'keys are made on purpose, once, and never silently'),
  {
    variable: 'SANDBOX_PORT',
    problem: 'is missing or off although another variable of the sandbox is set; without a port there is no sandbox',
    broken: (env) => !hasSandbox(env) && [env.SANDBOX_ISSUER, env.SANDBOX_DATABASE_URL, env.SANDBOX_REDIS_URL, env.SANDBOX_KEYRING_FILE].some((value) => value !== undefined),
  },
  {
    variable: 'SANDBOX_PORT',
    problem: 'must not be PORT: the sandbox listens at an address of its own',
    broken: (env) => hasSandbox(env) && env.SANDBOX_PORT === (env.PORT ?? '3000'),
  },
  {
    variable: 'SANDBOX_ISSUER',
    problem: 'must not be ISSUER: a token must say which of the two it is from',
    broken: (env) => hasSandbox(env) && env.SANDBOX_ISSUER !== undefined && env.SANDBOX_ISSUER === issuerOf(env),
  },
  {
    variable: 'SANDBOX_ISSUER',
    problem: 'must have a host of its own: passkeys and cookies are those of a host, whatever its ports (WebAuthn L3 §5.1.2; RFC 6265 §8.5)',
    broken: (env) => hasSandbox(env) && env.SANDBOX_ISSUER !== undefined && env.SANDBOX_ISSUER !== issuerOf(env) && hostOf(env.SANDBOX_ISSUER) === hostOf(issuerOf(env)) && hostOf(env.SANDBOX_ISSUER) !== 'localhost',
  },
  {
    variable: 'SANDBOX_ISSUER',
    problem: 'must begin with https:// unless its host is localhost (browsers offer passkeys nowhere else)',
    broken: ({ SANDBOX_ISSUER }) => SANDBOX_ISSUER !== undefined && /^http:\/\/(?!localhost(:\d+)?$)/.test(SANDBOX_ISSUER),
  },
  {
    variable: 'SANDBOX_DATABASE_URL',
    problem: 'must not be the database of DATABASE_URL: made-up people and real ones never share one',
    broken: ({ SANDBOX_DATABASE_URL: one, DATABASE_URL: other }) => one !== undefined && other !== undefined && haveOneDatabase(one, other),
  },
  {
    variable: 'SANDBOX_REDIS_URL',
    problem: 'must not be a server of REDIS_URL when NODE_ENV=production, whatever the number of its database: whoever fills the one stops the other',
    broken: ({ NODE_ENV, SANDBOX_REDIS_URL: one, REDIS_URL: other }) => NODE_ENV === 'production' && one !== undefined && other !== undefined && haveOneServer(one, other),
  },
  {
    variable: 'SANDBOX_KEYRING_FILE',
    problem: 'must not be KEYRING_FILE: a key of the sandbox would sign for real people',
    broken: ({ SANDBOX_KEYRING_FILE: one, KEYRING_FILE: other }) => one !== undefined && other !== undefined && resolve(one) === resolve(other),
  },
]

function inSandbox(variable: SettingName, why: string): Rule {
  return {
    variable,
    problem: `is required for a sandbox when NODE_ENV=production: ${why} (ALLOW_EMBEDDED_DB=1 starts without)`,
    broken: (env) => hasSandbox(env) && inEarnest(env) && env[variable] === undefined,
  }
}

const hasSandbox = ({ SANDBOX_PORT: port }: Env): boolean => port !== undefined && port !== 'off'
const issuerOf = ({ ISSUER, PORT = '3000', TLS_CERT_FILE }: Env): string => ISSUER ?? `${TLS_CERT_FILE === undefined ? 'http' : 'https'}://localhost:${PORT}`

/** Host, port and name: who signs in there makes it no other database. What cannot be read is told of elsewhere. */
function haveOneDatabase(one: string, other: string): boolean {
  const databases = (url: string) => (isDatabaseAddress(url) ? addressesIn(url) : []).map((address) => new URL(address))
    .map(({ hostname, port, pathname }) => `${hostname.toLowerCase()}:${port || '5432'}${pathname}`)
  return databases(one).some((database) => databases(other).includes(database))
}

/** Servers alone count, or what sentinels call them: a number of a database is no wall between memories. What cannot be read is told of elsewhere. */
function haveOneServer(one: string, other: string): boolean {
  const servers = (url: string) => {
    const { nodes = [], primary = '' } = isAddress(url) ? readAddress(url) : {}
    return nodes.map(({ host, port }) => `${host.toLowerCase()}:${port} ${primary}`)
  }
  return servers(one).some((server) => servers(other).includes(server))
}

const bringsCertificates = (env: Env): boolean => 'TLS_CERT_FILE' in env || env.TLS_CLIENT_CERT_HEADER !== undefined

export function crossFaults(env: Env): readonly Fault[] {
  return [...rules, ...sandboxRules, ...faceRules]
    .filter(({ broken }) => broken(env))
    .map(({ variable, problem }) => ({ variable, problem, example: settings[variable] }))
}

function hostOf(issuer: string): string | undefined {
  return URL.canParse(issuer) ? new URL(issuer).hostname : undefined
}
