import { createServer } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { randomUUID } from 'node:crypto'
import { cookieIn } from '#kernel/cookie.ts'
import { makeAuthority } from './certificates.ts'
import { makeRelyingParty, type Checks, type Party } from './relying-party.ts'

/** A service as people see it: a front page with one link, and who they are once they come back. */
export type Service = { origin: string; signIn: string; hello: (name: string) => string; close: () => Promise<void> }

/** A new service of its own over HTTPS, with nothing but the values of its registration; the library finds the rest by discovery. */
export async function openService(party: Party, scope: string): Promise<Service> {
  const { origin, hostname, port, pathname } = new URL(party.redirectUri)
  const identity = makeAuthority('/C=VN/CN=Test root').issue({ subject: `/C=VN/CN=${hostname}`, names: [`DNS.1=${hostname}`], use: 'serverAuth' })
  const at = await makeRelyingParty(party)
  const began = new Map<string, Checks>()
  const signIn = 'Đăng nhập bằng Định danh điện tử'
  const hello = (name: string) => `Xin chào ${name}`

  const begin = async (_request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [{ url, checks }, browser] = [await at.begin({ scope }), randomUUID()]
    began.set(browser, checks)
    response.writeHead(303, { location: url.href, 'set-cookie': `browser=${browser}; HttpOnly; Secure; SameSite=Lax; Path=/` }).end()
  }
  const finish = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const browser = cookieIn(request.headers, 'browser') ?? ''
    const checks = began.get(browser)
    if (checks === undefined) return page(response, 400, 'nobody began this here')
    began.delete(browser)
    const { name } = await at.userinfo(await at.finish(new URL(request.url ?? '', origin), checks))
    page(response, 200, hello(String(name)))
  }
  const front = (_request: IncomingMessage, response: ServerResponse) => page(response, 200, 'Dịch vụ mới', `<a href="/dang-nhap">${signIn}</a>`)
  const paths: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void>> = { '/': front, '/dang-nhap': begin, [pathname]: finish }
  const server = createServer(identity, (request, response) => {
    const act = paths[new URL(request.url ?? '', origin).pathname] ?? ((_, answer) => page(answer, 404, 'nothing'))
    Promise.resolve(act(request, response)).catch((error: unknown) => page(response, 500, String(error)))
  })
  await new Promise<void>((listening) => void server.listen(Number(port), listening))
  return { origin, signIn, hello, close: () => new Promise((closed) => void server.close(() => closed())) }
}

function page(response: ServerResponse, status: number, heading: string, body = ''): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(`<!DOCTYPE html><html lang="vi"><title>${heading}</title><h1>${heading}</h1>${body}`)
}
