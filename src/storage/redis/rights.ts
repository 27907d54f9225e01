import { createHash } from 'node:crypto'
import type { OnePlane } from '#kernel/plane.ts'
import { limitNames, type LimitName } from '#domain/abuse/limits.ts'

/** The users of Redis, one for each plane (docs/decisions/0012). */
export const users = { citizen: 'eid_citizen', console: 'eid_console' } as const satisfies Record<OnePlane, string>

/** Reads and writes, only reads, or neither. */
type Access = 'RW' | 'R' | '-'

/**
 * Which plane may do what with each kind of key (A02); a kind is what a key's name begins with, and one that does not stand here is nobody's. What both
 * touch has its reason beside it.
 */
export const kinds = {
  //                                    citizen  console
  // A sign-in on its way.
  Interaction:                          ['RW', '-'],
  registration:                         ['RW', '-'],
  'contact-codes':                      ['RW', '-'],
  'contact-code':                       ['RW', '-'],
  'contact-tries':                      ['RW', '-'],
  unlocking:                            ['RW', '-'],
  recovery:                             ['RW', '-'],
  face:                                 ['RW', '-'],
  proven:                               ['RW', '-'],
  acting:                               ['RW', '-'],
  // What a passkey is to sign: officers sign what they approve, at the console.
  challenge:                            ['RW', 'RW'],
  // The one session, which the console reads; and it carries out that one ends.
  Session:                              ['RW', 'RW'],
  'session-uid':                        ['RW', 'RW'],
  'ended-session':                      ['RW', 'RW'],
  evidence:                             ['RW', 'R'],
  // What a sign-in gives a service. With a session its grants end.
  Grant:                                ['RW', 'RW'],
  'revoked-grant':                      ['RW', 'RW'],
  AuthorizationCode:                    ['RW', '-'],
  AccessToken:                          ['RW', '-'],
  ClientCredentials:                    ['RW', '-'],
  RefreshToken:                         ['RW', '-'],
  InitialAccessToken:                   ['RW', '-'],
  RegistrationAccessToken:              ['RW', '-'],
  PushedAuthorizationRequest:           ['RW', '-'],
  DeviceCode:                           ['RW', '-'],
  'user-code':                          ['RW', '-'],
  'device-confirmed':                   ['RW', '-'],
  'device-decided':                     ['RW', '-'],
  polled:                               ['RW', '-'],
  // Marks of what is used once.
  used:                                 ['RW', '-'],
  replay:                               ['RW', '-'],
  // Requests that wait for a person; the console tells the service that it was answered (CIBA Core 1.0 §10.2).
  BackchannelAuthenticationRequest:     ['RW', 'R'],
  approval:                             ['RW', 'R'],
  'approval-place':                     ['RW', '-'],
  'approval-turn':                      ['RW', '-'],
  'approval-outcome':                   ['RW', '-'],
  'approval-match':                     ['RW', '-'],
  // The line before the door.
  line:                                 ['RW', '-'],
  // Programs of administrators, and readers of chips at a desk.
  'api-proof':                          ['-', 'RW'],
  chip:                                 ['-', 'RW'],
  // Whether both stores take writes; and whether nothing was lost, which every process looks after.
  ready:                                ['RW', 'RW'],
  era:                                  ['RW', 'RW'],
} as const satisfies Readonly<Record<string, readonly [citizen: Access, console: Access]>>

/** What the console counts; everything else is counted where everybody comes. */
const countedByConsole: ReadonlySet<LimitName> = new Set(['api-calls-per-client', 'suspensions-per-officer', 'look-ups-per-officer', 'exports-per-officer'])

/**
 * What a server of ours says to Redis, in scripts too. Nothing that lists or counts keys, changes settings or users, or empties: names of keys are hashed,
 * so whoever holds one of the users finds no key that they do not know already.
 */
const commands = [
  'ping', 'info', 'time', 'select', 'readonly', 'asking', 'client|setname', 'cluster|slots', 'cluster|info',
  'get', 'set', 'getdel', 'del', 'exists', 'incrby', 'expire', 'pttl', 'eval', 'evalsha', 'multi', 'exec',
] as const

/** Harmless ones that neither user may say: whoever may is another user. */
export const forbidden: readonly (readonly [command: string, ...rest: string[]])[] = [['CONFIG', 'GET', 'maxmemory'], ['ACL', 'WHOAMI'], ['DBSIZE']]

/** Under which names the live system keeps what it keeps; the sandbox has a Redis of its own. */
export const livePrefix = 'eid:'

/** What a key's name begins with: what it is. */
export const kindOf = (key: string): string => /^[A-Za-z-]*/.exec(key)?.[0] ?? ''

export type KeyRight = { /** What the names of these keys begin with. */ begins: string; access: Access }

/** What one plane may do with keys, by the table. */
export function keyRightsOf(plane: OnePlane, prefix = livePrefix): readonly KeyRight[] {
  const of = plane === 'citizen' ? 0 : 1
  return [
    ...Object.entries(kinds).map(([kind, access]) => ({ begins: kind === 'era' ? `${prefix}era` : `${prefix}${kind}:`, access: access[of] })),
    ...limitNames.map((name) => ({ begins: `limit:${name}:`, access: countedByConsole.has(name) === (plane === 'console') ? 'RW' as const : '-' as const })),
  ]
}

const patterns = { RW: '~', R: '%R~' } as const

/** The line of an ACL file for the user of one plane. Without a password it stands where the hash goes, and Redis does not take it. */
export function aclLineOf(plane: OnePlane, password?: string): string {
  const hash = password === undefined ? 'SHA-256-OF-THE-PASSWORD' : createHash('sha256').update(password).digest('hex')
  const keys = keyRightsOf(plane).flatMap(({ begins, access }) => (access === '-' ? [] : [`${patterns[access]}${begins}*`]))
  return ['user', users[plane], 'on', `#${hash}`, 'resetchannels', ...keys, '-@all', ...commands.map((command) => `+${command}`)].join(' ')
}
