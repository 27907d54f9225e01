import { server, type Actor, type Entry, type ShownKey } from './entry.ts'
import { thumbprint } from './thumbprint.ts'

export const keyStates = ['staged', 'activated', 'retired', 'revoked', 'destroyed'] as const
export type KeyState = (typeof keyStates)[number]

/** A key of the house as it stands now; the JWK is the public one. */
export type PresentKey = {
  use: ShownKey['use']
  state: Exclude<KeyState, 'destroyed'>
  jwk: Readonly<Record<string, string>>
  /** What two people decided that it stands so; the server by itself where nothing is said. */
  by?: Actor | undefined
}

/** What the log says last of each key it knows. */
export type LoggedKey = { state: KeyState; key: ShownKey }

/**
 * What has to be said so that the log agrees with the keys that are there. A key only moves forward: a node that was started with
 * an older key file says nothing. A retired or revoked key that is there no more has been destroyed; of any other that is missing nothing is said,
 * for it may be missing here alone.
 */
export function keyMoves(logged: readonly LoggedKey[], keys: readonly PresentKey[], at: Date): readonly Entry[] {
  const known = new Map(logged.map((one) => [one.key.thumbprint, one.state]))
  const here = keys.map(({ state, by = server, ...rest }) => ({ state, by, key: shownKeyOf(rest) }))
  const forward = here.filter(({ state, key }) => {
    const before = known.get(key.thumbprint)
    return before === undefined || keyStates.indexOf(before) < keyStates.indexOf(state)
  })
  const present = new Set(here.map(({ key }) => key.thumbprint))
  const gone = logged.filter(({ state, key }) => (state === 'retired' || state === 'revoked') && !present.has(key.thumbprint)).map(({ key }) => ({ state: 'destroyed' as const, by: server, key }))
  return [...forward, ...gone].map(({ state, by, key }) => (
    { version: 1, at: at.toISOString(), by, subject: key.thumbprint, kind: `key.${state}`, key }))
}

type Plan = { key: Pick<PresentKey, 'use' | 'jwk'>; to: 'activated' | 'retired' | 'revoked'; from: Date; by: Actor; at: Date }

/** What is said when it is decided; that it counts is said once more when it does. */
export function keyPlan({ key, to, from, by, at }: Plan): Entry {
  const shown = shownKeyOf(key)
  return { version: 1, at: at.toISOString(), by, subject: shown.thumbprint, kind: 'key.planned', key: shown, to, from: from.toISOString() }
}

export function keyEnd({ key, by, at }: Pick<Plan, 'key' | 'by' | 'at'>): Entry {
  const shown = shownKeyOf(key)
  return { version: 1, at: at.toISOString(), by, subject: shown.thumbprint, kind: 'key.destroyed', key: shown }
}

function shownKeyOf({ use, jwk }: Pick<PresentKey, 'use' | 'jwk'>): ShownKey {
  const print = thumbprint(jwk)
  if (print === undefined) throw new TypeError('a signing key is an asymmetric key')
  return { thumbprint: print, kid: jwk['kid'] ?? print, use, jwk: { ...jwk } }
}
