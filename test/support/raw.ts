import { connect } from 'node:net'

/** An answer as it came over the wire. */
export type RawAnswer = { status: number; head: string; body: string; milliseconds: number }

/** Sends bytes that no client library would, and reads to the end. `later` holds what is sent after a pause, piece by piece. */
export function sendRaw(issuer: string, bytes: string | Buffer, { later = [], every = 200 }: { later?: readonly string[]; every?: number } = {}): Promise<RawAnswer> {
  const { port } = new URL(issuer)
  const began = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const chunks: Buffer[] = []
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
  const waiting = [...later]
  const drip = later.length === 0 ? undefined : setInterval(() => {
    const piece = waiting.shift()
    if (piece !== undefined && socket.writable) socket.write(piece)
  }, every)
  const finish = () => {
    clearInterval(drip)
    const text = Buffer.concat(chunks).toString('utf8')
    const [head = '', ...rest] = text.split('\r\n\r\n')
    resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n'), milliseconds: performance.now() - began })
  }
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('close', finish)
  socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? finish() : reject(error)))
  return promise
}

type RawRequest = { method?: string; path: string; headers?: Readonly<Record<string, string>>; body?: string | Buffer }

/** A request whose every byte is the caller's; `Host`, length and `Connection: close` are added where not given. */
export function request(issuer: string, { method = 'GET', path, headers = {}, body }: RawRequest): Promise<RawAnswer> {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()))
  const usual = { Host: new URL(issuer).host, Connection: 'close', ...(bytes && { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': String(bytes.length) }) }
  const all = [...Object.entries(usual).filter(([name]) => !given.has(name.toLowerCase())), ...Object.entries(headers)]
  const head = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return sendRaw(issuer, Buffer.concat([Buffer.from(head, 'latin1'), bytes ?? Buffer.alloc(0)]))
}
