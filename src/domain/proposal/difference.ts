import { canonical, type Json } from '#kernel/canonical.ts'
import type { ClientEntry } from '#domain/client/entry.ts'
import type { KeyStanding } from '#domain/signing-key/standing.ts'
import type { Change, KeyAct } from './change.ts'

/** One member of a client as it stands and as it would be; absent where there is none. */
export type Difference = { member: string; before?: Json | undefined; after?: Json | undefined }

/** What differs between two entries, by name; `undefined` is a client that is not there. */
export function differences(before: ClientEntry | undefined, after: ClientEntry | undefined): readonly Difference[] {
  const members = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].toSorted()
  return members
    .map((member) => ({ member, before: before?.[member], after: after?.[member] }))
    .filter((one) => canonical([one.before ?? null]) !== canonical([one.after ?? null]))
}

/** The key that signs now, and the one that would; of one that is to stop or to go, where it stands. */
export function keyDifferences({ act, ...change }: KeyAct, standing: readonly KeyStanding[]): readonly Difference[] {
  const { state } = standing.find(({ kid }) => kid === change.kid) ?? {}
  if (act !== 'key.activate') return [...differences(undefined, change), ...(state === undefined ? [] : [{ member: 'key_state', before: state, after: act === 'key.retire' ? 'retired' : 'revoked' }])]
  const active = standing.filter(({ alg, state }) => alg === change.alg && state === 'active').map(({ kid }) => kid)
  return differences({ kid: active }, change)
}

/** That there will be another secret, and for how long the one in use stays good; never what they are. */
export function secretDifferences({ keeps_days: days }: Extract<Change, { act: 'client.secret' }>): readonly Difference[] {
  return [{ member: 'client_secret', before: 'current', after: 'new' }, { member: 'keeps_days', after: days }]
}
