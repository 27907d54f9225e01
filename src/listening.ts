import { createServer as createHttp, type RequestListener, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Socket } from 'node:net'
import { Refusal } from '#kernel/refusal.ts'
import { cameThrough, trustedProxies, type Proxies } from '#web/request/proxy.ts'
import type { Config } from './config.ts'

/**
 * Slow and idle connections end by themselves (R17). Who sends more headers than any program has is refused (RFC 6585 §5), and not heard with
 * some of them, for those of a proxy stand last. A connection is not used for ever, so that those of a load balancer are spread anew.
 */
const [mostHeaders, mostRequests] = [100, 1000]
const connectionLimits = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 65_000, connectionsCheckingInterval: 2000, maxHeaderSize: 16_384 }

/** Servers that are to close: whoever asks one on a connection that was open learns to ask another. */
const leaving = new WeakSet<Server>()

export function leave(server: Server): void {
  leaving.add(server)
}

/** From one address at once; thousands of people may be behind one, but not each with many. A proxy of ours brings everybody. */
const mostSockets = 2000

type Where = Pick<Config, 'tls'> & Partial<Pick<Config, 'trustedProxies'>>

export function makeServer(config: Where, listener: RequestListener): Server {
  const server: Server = plainOrSecure(config, (request, response) => {
    // Names and values by turns.
    if (request.rawHeaders.length > 2 * mostHeaders) {
      response.writeHead(431, { connection: 'close' }).end()
      return
    }
    if (leaving.has(server)) response.shouldKeepAlive = false
    listener(request, response)
  })
  server.maxRequestsPerSocket = mostRequests
  limitSockets(server, trustedProxies(config.trustedProxies ?? []))
  return server
}

/** Whoever opens more connections than this is heard on none of them that are too many. */
function limitSockets(server: Server, proxies: Proxies): void {
  const open = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? ''
    if (cameThrough(proxies, { socket })) return
    const count = (open.get(address) ?? 0) + 1
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left === 0) open.delete(address)
      else open.set(address, left)
    })
    if (count > mostSockets) socket.destroy()
  })
}

function plainOrSecure({ tls }: Pick<Config, 'tls'>, listener: RequestListener): Server {
  if (tls === undefined) return createHttp(connectionLimits, listener)
  const { cert, key, clientCa: ca } = tls
  return createHttps({ ...connectionLimits, cert, key, minVersion: 'TLSv1.2', ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }) }, listener)
}

export function listen(server: Server, port: number, host?: string): Promise<number> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      failed(error.code === 'EADDRINUSE' ? new Refusal(`Port ${port} is in use: stop what listens there, or set PORT to another one.`, { cause: error }) : error)
    })
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      const address = server.address()
      listening(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

/** Requests that run may finish for ten seconds; idle connections are closed at once. */
export function stop(server: Server): Promise<void> {
  leave(server)
  return new Promise((stopped) => {
    const impatient = setTimeout(() => server.closeAllConnections(), 10_000)
    server.close(() => {
      clearTimeout(impatient)
      stopped()
    })
    server.closeIdleConnections()
  })
}
