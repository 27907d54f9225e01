import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { TestClient } from './test-clients.ts'

/** The site of services: their keys, which pairwise clients of some grants must publish, and where notifications come in. */
export type ServiceSite = {
  /** The client with its keys at this site instead of in its registration. */
  published: (client: TestClient) => TestClient
  /** Where this site hears of things, and what it has heard. */
  notifications: string
  /** Every path at which something was posted. */
  asked: string[]
  heard: { headers: IncomingMessage['headers']; body: string }[]
  /** What notifications are answered from now on; 204 until something else is said. */
  answers: (status: number, headers?: Record<string, string>, body?: string) => void
  close: () => Promise<void>
}

export async function openServiceSite(): Promise<ServiceSite> {
  const keys = new Map<string, unknown>()
  const heard: ServiceSite['heard'] = []
  const asked: string[] = []
  let answer: { status: number; headers: Record<string, string>; body: string } = { status: 204, headers: {}, body: '' }
  const identity = makeIdentity()
  // What this process trusts from now on, as an operator would by NODE_EXTRA_CA_CERTS.
  setDefaultCACertificates([...getCACertificates('default'), identity.cert])
  const server = createServer(identity, (request, response) => {
    if (request.method !== 'POST') return response.setHeader('content-type', 'application/json').end(JSON.stringify(keys.get(request.url ?? '')))
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    return request.on('end', () => {
      asked.push(request.url ?? '')
      heard.push({ headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((listening) => void server.listen(0, 'localhost', listening))
  // -- a TCP server that listens has an AddressInfo (node:net)
  const at = `https://localhost:${(server.address() as AddressInfo).port}`
  return {
    published: ({ metadata: { jwks, ...rest }, party }) => {
      const path = `/${String(rest['client_id'])}/jwks`
      keys.set(path, jwks)
      return { metadata: { ...rest, jwks_uri: `${at}${path}` }, party }
    },
    notifications: `${at}/notifications`,
    asked,
    heard,
    answers: (status, headers = {}, said = '') => {
      answer = { status, headers, body: said }
    },
    close: () => new Promise((closed) => void server.close(() => closed())),
  }
}

/** A key and a certificate for localhost, signed by itself. */
function makeIdentity(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dinh-danh-site-'))
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
