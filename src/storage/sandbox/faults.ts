import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { ClientId } from '#kernel/id.ts'
import { hostileJwk, switchedOn, type FaultStore, type HostileJwk } from '#domain/sandbox/fault.ts'
import type { Volatile } from '#storage/volatile.ts'

/** So many staged keys at most: who reads the key set reads them all. Numbered places, so that no key holds many values. */
const places = Array.from({ length: 32 }, (_, at) => at)
/** What was signed with a staged key is over by then. */
const afterwards = 600
/** Whose place it is is forgotten before the place is free. */
const margin = 10

type Options = { clock: Clock; /** How many keys may be published at one time. */ most?: number }

/** Faults over whichever volatile store there is. */
export function faults(volatile: Volatile, { clock, most = places.length }: Options): FaultStore {
  const keyOf = (client: ClientId) => `sandbox-fault:${client}`
  const placeOf = (place: number) => `sandbox-staged:${place}`
  const ownPlace = (client: ClientId) => `sandbox-staged-of:${client}`
  const open = places.slice(0, most)

  /** A client's next key takes the place of its last one. */
  async function stage(client: ClientId, jwk: HostileJwk, seconds: number): Promise<boolean> {
    const text = JSON.stringify(jwk)
    const held = await volatile.get(ownPlace(client))
    if (held !== undefined) {
      await Promise.all([volatile.put(placeOf(Number(held)), text, seconds), volatile.put(ownPlace(client), held, seconds - margin)])
      return true
    }
    for (const place of open) {
      // One after the other: the first free place is enough.
      if (!(await volatile.claim(placeOf(place), text, seconds))) continue
      await volatile.put(ownPlace(client), String(place), seconds - margin)
      return true
    }
    return false
  }

  return {
    async find(client) {
      const text = await volatile.get(keyOf(client))
      const on = text === undefined ? undefined : switchedOn.parse(JSON.parse(text))
      return on && on.until > epochSeconds(clock.now()) ? on : undefined
    },
    async switchOn(client, on) {
      const seconds = Math.max(1, on.until - epochSeconds(clock.now()))
      if (on.staged && !(await stage(client, on.staged, seconds + afterwards))) return false
      await volatile.put(keyOf(client), JSON.stringify(on), seconds)
      return true
    },
    switchOff: (client) => volatile.drop(keyOf(client)),
    // The places have the same names everywhere: what another keyring has sealed there is none of ours, and no reason to publish no keys.
    staged: async () => (await Promise.all(open.map((place) => volatile.get(placeOf(place)).then(stagedIn, () => [])))).flat(),
  }
}

function stagedIn(text: string | undefined): readonly HostileJwk[] {
  return text === undefined ? [] : [hostileJwk.parse(JSON.parse(text))]
}
