import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider'
import { Problem } from '#kernel/problem.ts'
import type { Limits } from '#domain/abuse/limits.ts'
import type { Recorder } from '#oidc/recorder.ts'
import type { ProviderStore } from './store.ts'

/**
 * What a service asks about until a person has answered somewhere else: device codes (RFC 8628) and backchannel authentication
 * requests (CIBA). The library leaves the pace and the races to its store.
 */
type Tools = { volatile: Pick<ProviderStore, 'get' | 'claim' | 'drop'>; limits: Pick<Limits, 'spend'>; recorder: Pick<Recorder, 'letIn'> }

/** RFC 8628 §3.2, CIBA Core §7.3: without an `interval` in the answer, services ask every five seconds; one is for late clocks. */
const pollSeconds = 5 - 1
/** For how long a request that has expired is still known, to say that it has (RFC 8628 §3.5, CIBA Core §11). */
const afterlifeSeconds = 300
/** Longer than any code lives. */
const markSeconds = 7200

type Stored = Partial<Adapter> & Pick<Adapter, 'find' | 'upsert'>

/** Answers `slow_down` to who asks faster than that while there is nothing to hear, and knows what has expired for a while. */
export function paced(model: string, { volatile }: Pick<Tools, 'volatile'>, stored: Stored): Stored {
  return {
    ...stored,
    upsert: (id, payload, expiresIn = markSeconds) => stored.upsert(id, payload, expiresIn + afterlifeSeconds),
    async find(id) {
      const payload = await stored.find(id)
      const asked = Provider.ctx?.oidc
      const waits = payload && isWaiting(payload) && asked?.route === 'token' && asked.client?.clientId === payload.clientId
      if (waits === true && !(await volatile.claim(`polled:${model}:${id}`, '1', pollSeconds))) throw new errors.SlowDown()
      return payload
    },
  }
}

function isWaiting({ grantId, error }: AdapterPayload): boolean {
  return grantId === undefined && error === undefined
}

/**
 * Device codes: also found by what a person types, confirmed in one browser only, and decided once (RFC 8628 §5.1, §5.4).
 * The library checks and then writes; here each of the two steps is an act that one of many makes.
 */
export function byUserCode({ volatile, limits, recorder }: Tools, stored: Stored): Stored {
  const keyOf = (code: string) => `user-code:${code}`

  /** On record before the device can hear of it (L01). Where that fails the decision is still open, for the library then decides on an error. */
  async function onRecord(mark: string): Promise<void> {
    try {
      if (Provider.ctx !== undefined) await recorder.letIn(Provider.ctx)
    } catch (error) {
      await volatile.drop(mark)
      throw error
    }
  }

  return {
    ...stored,
    async upsert(id, payload, expiresIn = markSeconds) {
      const step = stepOf(payload)
      const mark = step === 'asked' ? keyOf(String(payload.userCode)) : `device-${step}:${id}`
      if (!(await volatile.claim(mark, id, step === 'asked' ? expiresIn + afterlifeSeconds : markSeconds))) {
        // Two codes alike among the living are rarer than an outage, and are told as one.
        throw step === 'asked' ? new Problem('service.busy') : new errors.InvalidRequest('this code was used already')
      }
      if (step === 'decided' && payload.error === undefined) await onRecord(mark)
      await stored.upsert(id, payload, expiresIn)
    },
    async findByUserCode(code) {
      await limits.spend('device-codes-per-session', Provider.ctx?.oidc.session?.uid ?? '')
      const id = await volatile.get(keyOf(code))
      return id === undefined ? undefined : stored.find(id)
    },
  }
}

function stepOf({ accountId, error, inFlight }: AdapterPayload): 'asked' | 'confirmed' | 'decided' {
  if (accountId !== undefined || error !== undefined) return 'decided'
  return inFlight === true ? 'confirmed' : 'asked'
}
