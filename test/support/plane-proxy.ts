import { createServer, request as ask } from 'node:http'
import type { OnePlane } from '#kernel/plane.ts'
import { planeOf } from '#web/declared.ts'

/** What operators put before two planes: it tells them apart by path, and by nothing else. */
export async function planeProxy(port: number, ports: Readonly<Record<OnePlane, number>>): Promise<{ close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { method, url = '/', headers } = request
    const onward = ask({ host: 'localhost', port: ports[planeOf({ route: (url.split('?')[0] ?? '') })], method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end())
    request.pipe(onward)
  })
  await new Promise<void>((listening) => server.listen(port, listening))
  return {
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
