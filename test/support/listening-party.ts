import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { freePorts } from './ports.ts'

/** What a relying party does when it is told something. `count` says how often it was, this time included. */
export type Manner = (response: ServerResponse, count: number) => void

/** The address at which a relying party hears from us, on a host of its own, and everything it was told there. */
export type ListeningParty = {
  address: string
  told: readonly { path: string; headers: IncomingMessage['headers']; form: URLSearchParams; body: string }[]
  close: () => Promise<void>
}

export const manners = {
  well: (response) => void response.writeHead(204).end(),
  slowly: (response) => void setTimeout(() => response.writeHead(200).end(), 1500),
  badly: (response) => void response.writeHead(500).end(),
  'badly at first': (response, count) => void response.writeHead(count <= 2 ? 500 : 200).end(),
  never: () => undefined,
  elsewhere: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
  'without end': (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    const more = () => {
      if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(more)
    }
    response.on('drain', more)
    more()
  },
} satisfies Record<string, Manner>

/** Listens on a port of its own, which is a host of its own. */
export async function listen(manner: Manner, port?: number): Promise<ListeningParty> {
  const [free = 0] = port === undefined ? await freePorts(1) : [port]
  const told: { path: string; headers: IncomingMessage['headers']; form: URLSearchParams; body: string }[] = []
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      told.push({ path: request.url ?? '', headers: request.headers, form: new URLSearchParams(body), body })
      manner(response, told.length)
    })
  })
  await new Promise<void>((listening) => server.listen(free, 'localhost', listening))
  return {
    address: `http://localhost:${free}`,
    told,
    close: () => new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    }),
  }
}
