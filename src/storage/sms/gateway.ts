import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { admit, afterCall, calm, type Circuit } from '#domain/abuse/circuit.ts'
import type { Sms, SmsSender } from '#domain/notice/sms.ts'

const deadline = 4000

/** What the gateway says of a message that it will never deliver: a number that does not exist, or that wants none (docs/sms.md). */
const never: ReadonlySet<number> = new Set([410, 422])

/**
 * Hands messages to the gateway of a telephone company, at an address with user and password where it wants them (docs/sms.md). One that fails
 * again and again is left alone for a while, so that messages wait and nothing waits for them.
 */
export function smsGateway({ url, clock }: { url: string; clock: Clock }): SmsSender {
  const at = new URL(url)
  const given = at.username === '' ? undefined : `Basic ${Buffer.from(`${decodeURIComponent(at.username)}:${decodeURIComponent(at.password)}`).toString('base64')}`
  at.username = ''
  at.password = ''
  let circuit: Circuit = calm

  async function answerTo(sms: Sms): Promise<number | undefined> {
    try {
      const answer = await fetch(at, {
        method: 'POST', redirect: 'error', signal: AbortSignal.timeout(deadline), body: JSON.stringify(sms),
        headers: { 'content-type': 'application/json', 'idempotency-key': sms.id, ...(given !== undefined && { authorization: given }) },
      })
      await answer.body?.cancel()
      return answer.status
    } catch {
      // Without a cause: what a fetch says of its failure quotes the address.
      return undefined
    }
  }

  return {
    async send(sms) {
      const { may, next } = admit(circuit, clock.now().getTime())
      circuit = next
      if (!may) throw new Problem('service.unavailable', { detail: { sms: 'resting' } })
      const status = await answerTo(sms)
      const answered = status !== undefined && status < 500
      circuit = afterCall(circuit, answered ? 'answered' : 'failed', clock.now().getTime())
      if (status !== undefined && status >= 200 && status < 300) return 'taken'
      if (status !== undefined && never.has(status)) return 'refused'
      throw new Problem('service.unavailable', { detail: { sms: status ?? 'unreachable' } })
    },
  }
}
