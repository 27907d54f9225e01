import { hash } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { AccountId, ClientId } from '#kernel/id.ts'
import { Problem } from '#kernel/problem.ts'
import type { CallAnswer, NamedCallStore } from '#domain/api/repeat.ts'

type Tools = { namedCalls: NamedCallStore; clock: Clock }
type Call = { caller: { account: AccountId; through: ClientId }; key: string | undefined; method: string; path: string; text: string }

/** What callers may name a call: printable ASCII. */
const names = /^[\x21-\x7e]{1,128}$/

/**
 * Does what was asked for once, however often it is sent (draft-ietf-httpapi-idempotency-key-header-07). What ended in a problem has done
 * nothing, and may be tried again under its name. Throws `api.call-unnamed`, `.call-under-way`, `.call-name-taken`.
 */
export async function callOnce({ namedCalls, clock }: Tools, { caller: { account, through: client }, key = '', method, path, text }: Call, act: (id: string) => Promise<CallAnswer>): Promise<CallAnswer> {
  if (!names.test(key)) throw new Problem('api.call-unnamed')
  const call = { client, key, fingerprint: hash('sha256', JSON.stringify([account, method, path, text]), 'base64url'), at: clock.now() }
  const begun = await namedCalls.begin(call)
  if (begun.is === 'done') return begun.answer
  if (begun.is === 'under-way') throw new Problem('api.call-under-way', { detail: { retryAfter: 2 } })
  if (begun.is === 'taken') throw new Problem('api.call-name-taken')
  try {
    const answer = await act(begun.id)
    await namedCalls.finish(call, answer)
    return answer
  } catch (error) {
    // After anything else nobody knows how far it came: the name stays taken until it is safe to look.
    if (error instanceof Problem && error.code !== 'service.unavailable') await namedCalls.forget(call)
    throw error
  }
}
