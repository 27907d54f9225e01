import { createServer, type Server } from 'node:http'
import { listen } from './listening.ts'

/** What the platform asks; each answers soon, whatever is down. */
export type Probes = {
  /** Whether everything that begins has begun. */
  started: () => boolean
  /** Whether a sign-in could be finished here now (R10). */
  ready: () => Promise<boolean>
  /** Text for Prometheus. */
  metrics: () => Promise<{ type: string; text: string }>
}

/**
 * The port for the platform, which is not for the public: `/livez` (this process alone), `/readyz` (whether it should get traffic),
 * `/startupz`, and `/metrics`. Throws `Refusal` when the port is taken.
 */
export async function openProbes(port: number, probes: Probes): Promise<Server> {
  const server = createServer({ requestTimeout: 5000, headersTimeout: 2000 }, (request, response) => {
    answerTo(request.url ?? '/', probes).then(({ status, type = 'text/plain; charset=utf-8', text }) => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
    }, () => response.writeHead(503).end())
  })
  await listen(server, port)
  return server
}

type Told = { status: number; type?: string; text: string }

async function answerTo(url: string, { started, ready, metrics }: Probes): Promise<Told> {
  const [path] = url.split('?')
  if (path === '/livez') return said(true)
  if (path === '/startupz') return said(started())
  if (path === '/readyz') return said(started() && (await ready()))
  if (path === '/metrics') return { status: 200, ...(await metrics()) }
  return { status: 404, text: '/livez /readyz /startupz /metrics\n' }
}

function said(yes: boolean): Told {
  return yes ? { status: 200, text: 'ok\n' } : { status: 503, text: 'not ready\n' }
}
