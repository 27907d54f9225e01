import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

type Answers = (command: string) => string | undefined

const usual: Readonly<Record<string, string>> = {
  EHLO: '250 here', MAIL: '250 ok', RCPT: '250 ok', DATA: '354 go on', QUIT: '221 bye',
}

/**
 * A mail server of somebody else's (RFC 5321, as little as a client needs). `answers` may say something of its own to a
 * command, or nothing at all by answering an empty text. `received` holds what came as DATA.
 */
export async function mailServer(answers: Answers = () => undefined) {
  const received: string[] = []
  const server = createServer((socket) => converse(socket, answers, received))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port')
  return { url: `smtp://127.0.0.1:${address.port}`, received }
}

function converse(socket: Socket, answers: Answers, received: string[]): void {
  let heard = ''
  let inData = false
  const say = (text: string | undefined) => text !== undefined && text !== '' && socket.write(`${text}\r\n`)
  socket.on('error', () => undefined)
  say(answers('GREETING') ?? '220 ready')
  socket.on('data', (chunk) => {
    heard += chunk.toString('utf8')
    for (;;) {
      const end = heard.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const line = heard.slice(0, end)
      heard = heard.slice(end + (inData ? 5 : 2))
      if (inData) received.push(line)
      const verb = line.slice(0, 4).toUpperCase()
      say(inData ? '250 taken' : (answers(verb) ?? usual[verb] ?? '250 ok'))
      inData = !inData && verb === 'DATA'
    }
  })
}
