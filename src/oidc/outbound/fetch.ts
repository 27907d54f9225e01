import { request as http, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Clock } from '#kernel/clock.ts'
import { addressFault, hostOf, isPublic, type AddressFault } from './address.ts'
import { makeCircuits } from './circuits.ts'
import { publicNames, type Names } from './names.ts'

/**
 * What is fetched from addresses of clients, and how much of each is borne. Keys are waited for inside a request that itself
 * ends after two seconds, so that there is time left to go on with older ones. Of an answer to a message only the status counts.
 */
export const purposes = {
  keys: { bytes: 65_536, milliseconds: 1500 },
  message: { bytes: 0, milliseconds: 2500 },
  /** A page of a service, as the sandbox's self-test opens it. */
  page: { bytes: 262_144, milliseconds: 5000 },
} as const
export type Purpose = keyof typeof purposes

export type Fault = AddressFault | 'no-such-name' | 'resting' | 'too-large' | 'too-slow' | 'unreachable'
export type Fetched = { answer: Response } | { fault: Fault }
export type Sent = { method?: 'GET' | 'POST'; headers?: Headers; body?: string }

/**
 * Fetches an address that a client named (P20): https alone, public addresses alone, no redirect followed, so many bytes, so
 * much time, and a host that fails again and again is left alone for a while. The name is resolved once and what is connected
 * to is one of the addresses that were looked at, so that a name server with two answers gains nothing.
 */
export type GuardedFetch = (url: URL, purpose: Purpose, sent?: Sent) => Promise<Fetched>

type Tools = {
  /** Hosts that may be private and without TLS: sandboxes and tests (`OUTBOUND_ALLOW`). */
  allowed: readonly string[]
  clock: Clock
  names?: Names
}

export function guardedFetch({ allowed, clock, names = publicNames() }: Tools): GuardedFetch {
  const exempt = new Set(allowed)
  const circuits = makeCircuits(clock)

  async function attempt(url: URL, purpose: Purpose, sent: Sent): Promise<Fetched> {
    const signal = AbortSignal.timeout(purposes[purpose].milliseconds)
    const reach: Reach = exempt.has(hostOf(url)) ? {} : await publicReach(url, names, signal)
    if (reach.fault !== undefined) return { fault: reach.fault }
    try {
      return { answer: await send(url, { ...sent, ...reach, signal, bytes: purposes[purpose].bytes }) }
    } catch (error) {
      if (error instanceof TooLarge) return { fault: 'too-large' }
      return { fault: signal.aborted ? 'too-slow' : 'unreachable' }
    }
  }

  return async (url, purpose, sent = {}) => {
    const fault = exempt.has(hostOf(url)) ? undefined : addressFault(url)
    if (fault !== undefined) return { fault }
    // A service whose sign-out address fails still proves itself by its keys.
    const circuit = `${purpose} ${url.host}`
    if (!circuits.admit(circuit)) return { fault: 'resting' }
    const fetched = await attempt(url, purpose, sent)
    // A page that says 500 to a lie has answered.
    circuits.tell(circuit, 'fault' in fetched || (purpose !== 'page' && fetched.answer.status >= 500) ? 'failed' : 'answered')
    return fetched
  }
}

/** Where to connect to; without addresses, wherever the system leads. */
type Reach = { addresses?: readonly string[]; fault?: never } | { fault: Fault }

/** One private address among public ones is reason enough to stay away. */
async function publicReach(url: URL, names: Names, signal: AbortSignal): Promise<Reach> {
  const host = hostOf(url)
  const addresses = isIP(host) === 0 ? await names(host, signal) : [host]
  if (addresses.length === 0) return { fault: signal.aborted ? 'too-slow' : 'no-such-name' }
  return addresses.every(isPublic) ? { addresses } : { fault: 'private-address' }
}

class TooLarge extends Error {}

type Sending = Sent & { addresses?: readonly string[]; signal: AbortSignal; bytes: number }

function send(url: URL, { method = 'GET', headers = new Headers(), body, addresses, signal, bytes }: Sending): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const options: RequestOptions = {
    method,
    headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity', connection: 'close' },
    // A connection of its own: none is kept open to a client's host.
    agent: false,
    maxHeaderSize: 16_384,
    signal,
    ...(addresses && { lookup: only(addresses) }),
  }
  const request = url.protocol === 'https:' ? https(url, options) : http(url, options)
  request.once('error', reject)
  request.once('response', (answer) => {
    received(answer, bytes).then(resolve, reject).finally(() => request.destroy())
  })
  if (addresses) {
    request.once('socket', (socket) => socket.once('connect', () => {
      // Once more where it counts, whatever led here.
      if (!isPublic(socket.remoteAddress ?? '')) request.destroy(new Error('a private address'))
    }))
  }
  request.end(body)
  return promise
}

/** Names that were resolved already. */
const only = (addresses: readonly string[]): LookupFunction => (_host, { all }, answer) => {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }))
  if (all === true) answer(null, entries)
  else answer(null, entries[0]?.address ?? '', entries[0]?.family)
}

/** What anybody here reads of an answer's head. */
const headersKept = ['age', 'cache-control', 'content-type', 'date', 'expires', 'location', 'retry-after', 'set-cookie']
/** Fetch standard: these have no body, whatever was sent. */
const bodiless = new Set([204, 205, 304])

async function received(answer: IncomingMessage, limit: number): Promise<Response> {
  const status = answer.statusCode ?? 0
  const headers = headersKept.flatMap((name) => [answer.headers[name] ?? []].flat().map((value): [string, string] => [name, value]))
  if (limit === 0) return new Response(null, { status, headers })
  const chunks: Uint8Array[] = []
  let length = 0
  // Typed as anything by Node; without an encoding set they are bytes.
  for await (const chunk of answer) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('bytes were expected')
    length += chunk.length
    if (length > limit) throw new TooLarge()
    chunks.push(chunk)
  }
  return new Response(bodiless.has(status) ? null : Buffer.concat(chunks, length), { status, headers })
}
