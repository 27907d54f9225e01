import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { freePorts } from './ports.ts'
import { statusOf } from './status.ts'

/** A server behind it: where it answers, and where it says whether it wants traffic. */
export type Upstream = { port: number; ready: string }

/** What came of a request; the times are those of `performance`. */
export type Answered = { what: string; status: number; begun: number; ended: number }

export type Balancer = { port: number; /** How many it takes for ready. */ ready: () => number; failures: readonly string[]; close: () => Promise<void> }

/** How often it looks who is ready. */
export const lookMilliseconds = 100
/** A server that stands still says nothing; it gets no traffic after this. */
const probeMilliseconds = 1000
/** Longer than any request may take; a node that stands still is given up after it. */
const patienceMilliseconds = 10_000

/**
 * A load balancer as small as can be: requests go in turn to those who said that they are ready, on connections that are kept open, and none
 * is tried again. What could not be answered is in `failures`.
 */
export async function openBalancer(upstreams: readonly Upstream[], heard: (answered: Answered) => void = () => undefined): Promise<Balancer> {
  const [port = 0] = await freePorts(1)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const failures: string[] = []
  const able = new Set<Upstream>()
  let closed = false
  let turn = 0

  async function look(upstream: Upstream): Promise<void> {
    if ((await statusOf(upstream.ready, probeMilliseconds)) === 200) able.add(upstream)
    else able.delete(upstream)
  }

  /** Each by itself: one that stands still must not hide what the others say. */
  async function watch(upstream: Upstream): Promise<void> {
    while (!closed) {
      await pause(lookMilliseconds)
      await look(upstream)
    }
  }

  function handOn(request: IncomingMessage, response: ServerResponse): void {
    turn += 1
    const begun = performance.now()
    const upstream = [...able][turn % able.size]
    const fail = failing(request, response, failures)
    response.once('close', () => heard({ what: `${request.method} ${request.url?.split('?')[0]}`, status: response.statusCode, begun, ended: performance.now() }))
    if (upstream === undefined) return fail('nobody is ready')
    const { method, url, headers } = request
    let whole = false
    const onward = ask({ host: '127.0.0.1', port: upstream.port, agent, method, path: url, headers: { ...headers, connection: 'keep-alive' } }, (answer) => {
      const status = answer.statusCode ?? 0
      if (status >= 500) failures.push(`${method} ${url}: ${status}`)
      const { connection: _hop, 'keep-alive': _time, ...kept } = answer.headers
      response.writeHead(status, kept)
      answer.once('error', (error) => fail(error.message)).once('end', () => (whole = true))
      answer.pipe(response)
    })
    onward.on('error', (error) => fail(error.message))
    // A request that waits for a connection hears of no deadline of its socket, and of no end either, so it is told here.
    const late = setTimeout(() => fail('no answer in time'), patienceMilliseconds)
    response.once('close', () => {
      clearTimeout(late)
      // Who asked is gone, or was told otherwise: a whole answer leaves its connection for the next.
      if (!whole) onward.destroy()
    })
    request.pipe(onward)
  }

  const server = createServer(handOn)
  await Promise.all(upstreams.map(look))
  const watching = Promise.all(upstreams.map(watch))
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return {
    port,
    ready: () => able.size,
    failures,
    async close() {
      closed = true
      await watching
      agent.destroy()
      server.closeAllConnections()
      await new Promise((ended) => server.close(ended))
    },
  }
}

/** Tells once what went wrong. */
function failing({ method, url }: IncomingMessage, response: ServerResponse, failures: string[]): (why: string) => void {
  let failed = false
  return (why) => {
    if (failed || response.writableFinished) return
    failed = true
    failures.push(`${method} ${url}: ${why}`)
    // Of an answer that broke off in the middle nobody may think that it was the whole.
    if (response.headersSent) response.destroy()
    else response.writeHead(502).end()
  }
}
