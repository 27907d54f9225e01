import { z } from 'zod'
import { epochSeconds, type Clock } from '#kernel/clock.ts'
import { clientId, type ClientId } from '#kernel/id.ts'
import { hostileJwk, switchedOn, type FaultStore, type HostileJwk, type StagedBy, type SwitchedOn } from '#domain/sandbox/fault.ts'
import type { Volatile } from '#storage/volatile.ts'

/** So many staged keys at most: who reads the key set reads them all. Numbered places, so that no key holds many values. */
const places = Array.from({ length: 32 }, (_, at) => at)
/** What was signed with a staged key is over by then. */
const afterwards = 600
/** Whose place it is is forgotten before the place is free. */
const margin = 10

/** Of these places so many are for self-tests alone: nobody is red because others play with keys. */
const forSelfTests = 8

type Options = { clock: Clock; /** How many keys may be published at one time. */ most?: number; /** How many of them by hand. */ byHand?: number }

const held = z.strictObject({ place: z.int(), client: clientId })
/** Somebody is about to take a place. */
const taking = 'taking'
const takingSeconds = 30

/** Faults over whichever volatile store there is. */
export function faults(volatile: Volatile, { clock, most = places.length, byHand = most - forSelfTests }: Options): FaultStore {
  const keyOf = (client: ClientId) => `sandbox-fault:${client}`
  const placeOf = (place: number) => `sandbox-staged:${place}`
  const ownPlace = ({ owner, by }: StagedBy) => `sandbox-staged-of:${by}:${owner}`
  const open = places.slice(0, most)

  async function find(client: ClientId): Promise<SwitchedOn | undefined> {
    const text = await volatile.get(keyOf(client))
    const on = text === undefined ? undefined : switchedOn.parse(JSON.parse(text))
    return on && on.until > epochSeconds(clock.now()) ? on : undefined
  }

  /** A developer's next key takes the place of their last one. Of racing ones one gets a place, so that nobody has two. */
  async function stage(whose: StagedBy, { client, jwk, seconds }: { client: ClientId; jwk: HostileJwk; seconds: number }): Promise<boolean> {
    const [text, own] = [JSON.stringify(jwk), ownPlace(whose)]
    const keep = (place: number) => volatile.put(own, JSON.stringify({ place, client }), seconds - margin)
    const before = await volatile.get(own)
    if (before === taking) return false
    if (before !== undefined) {
      const last = held.parse(JSON.parse(before))
      if (last.client !== client && (await find(last.client))?.fault === 'rotated-key') await volatile.drop(keyOf(last.client))
      await Promise.all([volatile.put(placeOf(last.place), text, seconds), keep(last.place)])
      return true
    }
    if (!(await volatile.claim(own, taking, takingSeconds))) return false
    for (const place of whose.by === 'hand' ? open.slice(0, byHand) : open.toReversed()) {
      // One after the other: the first free place is enough.
      if (!(await volatile.claim(placeOf(place), text, seconds))) continue
      await keep(place)
      return true
    }
    await volatile.drop(own)
    return false
  }

  return {
    find,
    async switchOn(client, on, whose) {
      const seconds = Math.max(1, on.until - epochSeconds(clock.now()))
      if (on.staged && !(await stage(whose, { client, jwk: on.staged, seconds: seconds + afterwards }))) return false
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
