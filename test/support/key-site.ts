import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A service's own site: what it answers can be changed, and it remembers what it was asked. */
export type Site = { at: string; asked: string[]; answers: (answer: Answer) => void; close: () => Promise<void> }

export async function startSite(first: Answer): Promise<Site> {
  let now = first
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    now(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port')
  const { port } = address
  return {
    at: `http://localhost:${port}`,
    asked,
    answers: (answer) => {
      now = answer
    },
    close: () => new Promise((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    }),
  }
}

/** Answers with this as JSON. */
export const json = (value: unknown, headers: Record<string, string> = {}): Answer => (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}
