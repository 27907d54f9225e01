import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { importJWK, SignJWT, type JWK } from 'jose'
import { z } from 'zod'
import { html } from './html.ts'

/** Plays the authority's service of docs/face-matcher.md. It looks at no face: whoever sits there presses what it is to say. */
export type FaceSimulator = { url: string; /** The comparisons that were asked for. */ asked: readonly Asked[]; close: () => Promise<void> }
type Asked = z.output<typeof asked> & { id: string }

type Options = {
  /** With `alg` and `kid`. */
  key: JWK
  /** The issuer of the e-ID, for whom it answers; asked for when it does, since it may be known only then. */
  audience: () => string
  port?: number
  tls?: ServerOptions
  /** Changes what is signed or sent: tests let it lie. */
  lie?: { claims?: Record<string, unknown>; key?: JWK; answer?: (id: string, response: ServerResponse) => boolean }
}

const asked = z.object({ personal_number: z.string().regex(/^\d{12}$/), nonce: z.string().min(20), return_to: z.url(), locale: z.enum(['vi', 'en']) })
const outcome = z.enum(['match', 'no-match', 'inconclusive', 'abandoned'])

export async function startFaceSimulator({ key, audience, port = 0, tls, lie = {} }: Options): Promise<FaceSimulator> {
  const waiting = new Map<string, { question: Asked; code: string; said?: z.output<typeof outcome> }>()
  const all: Asked[] = []
  const answer = (request: IncomingMessage, response: ServerResponse) => void handle(request, response).catch(() => response.writeHead(400).end())
  const server = tls ? createTlsServer(tls, answer) : createServer(answer)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [, what = '', id = ''] = pathname.split('/')
    if (lie.answer?.(id, response)) return
    if (request.method === 'POST' && what === 'comparisons') {
      const question = { ...asked.parse(JSON.parse(await textOf(request))), id: randomUUID() }
      all.push(question)
      waiting.set(question.id, { question, code: randomUUID() })
      response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ id: question.id, capture_url: `${url}/capture/${question.id}` }))
      return
    }
    const found = waiting.get(id)
    if (found === undefined) return void response.writeHead(404).end()
    if (what === 'capture' && request.method === 'POST') {
      found.said = outcome.parse(new URLSearchParams(await textOf(request)).get('outcome'))
      return void response.writeHead(303, { location: `${found.question.return_to}?code=${found.code}` }).end()
    }
    if (what === 'capture') return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(capturePage(found.question.locale))
    if (found.said === undefined) return void response.writeHead(202).end()
    response.writeHead(200, { 'content-type': 'application/jwt' }).end(await signed({ jti: id, nonce: found.question.nonce, code: found.code, outcome: found.said }))
  }

  async function signed(said: { jti: string; nonce: string; code: string; outcome: string }): Promise<string> {
    const { alg = '', kid = '', ...rest } = lie.key ?? key
    const claims = { iss: url, aud: audience(), ...said, liveness: true, simulated: true, ...lie.claims }
    return new SignJWT(claims).setProtectedHeader({ alg, kid, typ: 'face-comparison+jwt' }).setIssuedAt().sign(await importJWK({ ...rest, alg }, alg))
  }

  server.listen(port, 'localhost')
  await once(server, 'listening')
  const url = `${tls ? 'https' : 'http'}://localhost:${portOf(server.address())}`
  return {
    url,
    asked: all,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const portOf = (address: AddressInfo | string | null): number => (typeof address === 'object' && address !== null ? address.port : 0)

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8')
  let text = ''
  for await (const part of request) text += String(part)
  return text
}

const words = {
  vi: { title: 'Giả lập so khuôn mặt', lead: 'Trang này không nhìn khuôn mặt nào. Chọn kết quả mà cơ quan quản lý sẽ trả lời.', match: 'Khớp', 'no-match': 'Không khớp', inconclusive: 'Ảnh không rõ', abandoned: 'Dừng lại' },
  en: { title: 'Simulated face comparison', lead: 'This page looks at no face. Choose what the authority is to answer.', match: 'Match', 'no-match': 'No match', inconclusive: 'Picture not clear', abandoned: 'Stop' },
} as const

function capturePage(locale: 'vi' | 'en'): string {
  const t = words[locale]
  const buttons = outcome.options.map((one) => html`<p><button name="outcome" value="${one}">${t[one]}</button></p>`)
  return html`<!DOCTYPE html><html lang="${locale}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${t.title}</title><link rel="icon" href="data:,">
<body style="font:19px/1.5 system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem"><h1>${t.title}</h1><p>${t.lead}</p><form method="post">${buttons}</form></body></html>`.markup
}
