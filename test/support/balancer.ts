import { Agent, createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { freePorts } from './ports.ts'
import { statusOf } from './status.ts'

/** A server behind it: where it answers, and where it says whether it wants traffic. */
export type Upstream = { port: number; ready: string }

/** What came of a request; the times are those of `performance`. */
export type Answered = { what: string; status: number; begun: number; ended: number }

export type Balancer = { port: number; /** How many it takes for ready. */ ready: () => number; failures: readonly string[]; close: () => Promise<void> }

/** How often it looks who is ready. */
export const lookMilliseconds = 100
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
  let able: readonly Upstream[] = []
  let turn = 0

  async function look(): Promise<void> {
    const told = await Promise.all(upstreams.map(async (upstream) => ((await statusOf(upstream.ready)) === 200 ? [upstream] : [])))
    able = told.flat()
  }

  function handOn(request: IncomingMessage, response: ServerResponse): void {
    turn += 1
    const begun = performance.now()
    response.once('close', () => heard({ what: `${request.method} ${request.url?.split('?')[0]}`, status: response.statusCode, begun, ended: performance.now() }))
    const upstream = able[turn % able.length]
    const fail = (why: string) => {
      failures.push(`${request.method} ${request.url}: ${why}`)
      // Of an answer that broke off in the middle nobody may think that it was the whole.
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    }
    if (upstream === undefined) return fail('nobody is ready')
    const { method, url, headers } = request
    const onward = ask({ host: '127.0.0.1', port: upstream.port, agent, method, path: url, headers: { ...headers, connection: 'keep-alive' } }, (answer) => {
      const status = answer.statusCode ?? 0
      if (status >= 500) failures.push(`${method} ${url}: ${status}`)
      const { connection: _hop, 'keep-alive': _time, ...kept } = answer.headers
      response.writeHead(status, kept)
      answer.once('error', (error) => fail(error.message))
      answer.pipe(response)
    })
    onward.on('error', (error) => fail(error.message))
    onward.setTimeout(patienceMilliseconds, () => onward.destroy(new Error('no answer in time')))
    request.pipe(onward)
  }

  const server = createServer(handOn)
  await look()
  const looking = setInterval(() => void look(), lookMilliseconds)
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return {
    port,
    ready: () => able.length,
    failures,
    async close() {
      clearInterval(looking)
      agent.destroy()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
