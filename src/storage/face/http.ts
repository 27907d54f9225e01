import { hash, timingSafeEqual } from 'node:crypto'
import { request as http, type IncomingMessage } from 'node:http'
import { request as https } from 'node:https'
import { z } from 'zod'
import type { Clock } from '#kernel/clock.ts'
import { Problem } from '#kernel/problem.ts'
import { admit, afterCall, calm } from '#domain/abuse/circuit.ts'
import { outcomes, type FaceMatcher } from '#domain/face/matcher.ts'
import { readSignedAnswer } from '#keys/signed-answer.ts'

/** How the authority's service is reached. Certificates and keys in PEM; without them there is no TLS of ours, which production does not take. */
export type FaceService = Readonly<{
  url: string
  /** The keys that it signs with. */
  keys: { keys: { kty: string }[] }
  cert?: string
  key?: string
  /** Whoever vouches for its own certificate; otherwise those that the system believes. */
  authorities?: string
}>

type Tools = { service: FaceService; /** Ours: whom an answer is for. */ issuer: string; /** An answer of the simulator counts. */ simulated: boolean; clock: Clock }

const milliseconds = 2000
const bytes = 16_384
const oldest = 300

const begun = z.object({ id: z.string().regex(/^[\w-]{1,128}$/), capture_url: z.url() })
const answered = z.object({
  jti: z.string(), nonce: z.string(), code: z.string().min(20), outcome: z.enum(outcomes).exclude(['pending']), liveness: z.boolean(), simulated: z.literal(true).optional(),
})

/**
 * The contract of docs/face-matcher.md over HTTP: a deadline on each call, a pause after five failures, and no word believed that is not signed. Throws
 * `service.unavailable`, which says what failed and nothing of the person.
 */
export function faceService({ service, issuer, simulated, clock }: Tools): FaceMatcher {
  const { origin } = new URL(service.url)
  let circuit = calm

  async function call(path: string, sent?: unknown): Promise<Answer> {
    const now = clock.now().getTime()
    const { may, next } = admit(circuit, now)
    circuit = next
    if (!may) throw failed('resting')
    try {
      const answer = await send(service, `${service.url}${path}`, sent)
      circuit = afterCall(circuit, answer.status >= 500 ? 'failed' : 'answered', now)
      return answer
    } catch (error) {
      circuit = afterCall(circuit, 'failed', now)
      // Without a cause: what the network says may quote what was sent.
      throw failed(error instanceof Error && error.name === 'TimeoutError' ? 'too-slow' : 'unreachable')
    }
  }

  return {
    origin,
    async begin({ number, nonce, returnTo, language }) {
      const { status, text } = await call('/comparisons', { personal_number: number, nonce, return_to: returnTo, locale: language })
      const read = status === 201 ? begun.safeParse(jsonOf(text)).data : undefined
      if (read === undefined || new URL(read.capture_url).origin !== origin) throw failed('answer')
      return { id: read.id, capture: read.capture_url }
    },

    async outcome(id, { nonce, code }) {
      const { status, text } = await call(`/comparisons/${encodeURIComponent(id)}`)
      if (status === 202) return 'pending'
      if (status !== 200) throw failed('answer')
      const claims = await readSignedAnswer(service.keys, text, { issuer: service.url, audience: issuer, type: 'face-comparison+jwt', oldest, now: clock.now() })
      const read = answered.safeParse(claims).data
      if (read === undefined || read.jti !== id || read.nonce !== nonce || (read.simulated && !simulated)) throw failed('answer')
      if (!same(read.code, code)) return 'elsewhere'
      // A picture held before the camera matches too.
      return read.outcome === 'match' && !read.liveness ? 'no-match' : read.outcome
    },
  }
}

const same = (one: string, other: string) => timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))

const failed = (face: string) => new Problem('service.unavailable', { detail: { face } })

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Answer = { status: number; text: string }

function send({ cert, key, authorities }: FaceService, url: string, sent: unknown): Promise<Answer> {
  const body = sent === undefined ? undefined : JSON.stringify(sent)
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    signal: AbortSignal.timeout(milliseconds),
    agent: false,
    ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(authorities !== undefined && { ca: authorities }),
  }
  const request = url.startsWith('https:') ? https(url, options) : http(url, options)
  request.once('error', (error) => reject(options.signal.aborted ? options.signal.reason : error))
  request.once('response', (answer) => void received(answer).then(resolve, reject).finally(() => request.destroy()))
  request.end(body)
  return promise
}

async function received(answer: IncomingMessage): Promise<Answer> {
  answer.setEncoding('utf8')
  let text = ''
  for await (const part of answer) {
    text += String(part)
    if (text.length > bytes) throw new Error('too long')
  }
  return { status: answer.statusCode ?? 0, text }
}
