import { epochSeconds, type Clock } from '#kernel/clock.ts'
import type { AccountId, ApprovalId } from '#kernel/id.ts'
import type { Approval, ApprovalStore, Outcome } from '#domain/approval/approval.ts'
import type { Volatile } from './volatile.ts'

/** So many wait for one person at a time, from as many services: more is a flood, not a counter. */
const places = [0, 1, 2] as const

/** Longer than any request lives; what a person reads who comes back to the page. */
const outcomeSeconds = 3600

/**
 * Requests that wait for a person, over whichever volatile store there is. A person has a few numbered places, each taken by one
 * act, so that the list needs no key of many values and the limit no counter. A service takes one of them at most, so that none
 * shuts out all others.
 */
export function approvals(volatile: Volatile, clock: Clock): ApprovalStore {
  const placeOf = (account: AccountId, place: number) => `approval-place:${account}:${place}`
  const turnOf = ({ account, client }: Approval) => `approval-turn:${account}:${client}`
  const keyOf = (id: ApprovalId) => `approval:${id}`
  const outcomeOf = (id: ApprovalId) => `approval-outcome:${id}`
  const matchOf = (id: ApprovalId) => `approval-match:${id}`

  const answerers = ({ account, representatives }: Approval) => representatives ?? [account]
  const takePlace = async (account: AccountId, id: ApprovalId, seconds: number) => {
    for (const place of places) {
      // One after the other: the first free place is enough.
      if (await volatile.claim(placeOf(account, place), id, seconds)) return true
    }
    return false
  }

  const find = async (id: ApprovalId) => read<Approval>(await volatile.get(keyOf(id)))
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `begin` and `end`
  const outcome = async (id: ApprovalId) => (await volatile.get(outcomeOf(id))) as Outcome | undefined
  const waiting = async (account: AccountId, place: number) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `open`
    const id = (await volatile.get(placeOf(account, place))) as ApprovalId | undefined
    return id !== undefined && (await outcome(id)) === undefined ? find(id) : undefined
  }

  return {
    find,
    outcome,
    async open(approval) {
      const seconds = Math.max(1, approval.endsAt - epochSeconds(clock.now()))
      if (!(await volatile.claim(turnOf(approval), approval.id, seconds))) return false
      const placed = await Promise.all(answerers(approval).map((account) => takePlace(account, approval.id, seconds)))
      // Somebody who has room is enough: any of them answers.
      if (placed.includes(true)) await volatile.put(keyOf(approval.id), JSON.stringify(approval), seconds)
      else await volatile.drop(turnOf(approval))
      return placed.includes(true)
    },
    async waitingFor(account) {
      const found = await Promise.all(places.map((place) => waiting(account, place)))
      return found.filter((approval) => approval !== undefined).toSorted((one, other) => one.askedAt - other.askedAt)
    },
    begin: (id) => volatile.claim(outcomeOf(id), 'answering', outcomeSeconds),
    release: (id) => volatile.drop(outcomeOf(id)),
    async end(approval, how) {
      await volatile.put(outcomeOf(approval.id), how, outcomeSeconds)
      // What ran out and was taken anew between the two acts would be lost to the list for as long as it lives, no more.
      const taken = answerers(approval).flatMap((account) => places.map((place) => placeOf(account, place)))
      await Promise.all([turnOf(approval), ...taken].map(async (key) => {
        if ((await volatile.get(key)) === approval.id) await volatile.drop(key)
      }))
    },
    match: (id, session) => volatile.put(matchOf(id), session, outcomeSeconds),
    matchedIn: (id) => volatile.get(matchOf(id)),
  }
}

function read<Value>(stored: string | undefined): Value | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- we wrote it, and it is sealed where others could reach it
  return stored === undefined ? undefined : (JSON.parse(stored) as Value)
}
