import { createSocket } from 'node:dgram'
import { isIP } from 'node:net'

/** A name server of our own. `answers` hears the name, the kind and how often that kind was asked before. */
export type NameServer = { address: string; asked: string[]; close: () => Promise<void> }
type Answers = (name: string, kind: 'A' | 'AAAA', before: number) => readonly string[]

const kinds: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' }

/** Answers DNS queries over UDP (RFC 1035 §4) on a port of its own; `undefined` answers nothing at all. */
export async function startNameServer(answers: Answers | undefined): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, from) => {
    const { name, kind, end } = questionOf(query)
    if (answers === undefined || kind === undefined) return
    const before = asked.filter((one) => one === `${kind} ${name}`).length
    asked.push(`${kind} ${name}`)
    const records = answers(name, kind, before).filter((address) => isIP(address) === (kind === 'A' ? 4 : 6)).map(recordOf)
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(0x81_80, 2)
    head.writeUInt16BE(records.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), from.port, from.address)
  })
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
  return { address: `127.0.0.1:${socket.address().port}`, asked, close: () => new Promise((closed) => socket.close(() => closed())) }
}

function questionOf(query: Buffer): { name: string; kind: 'A' | 'AAAA' | undefined; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.'), kind: kinds[query.readUInt16BE(at + 1)], end: at + 5 }
}

/** The name by reference to the question, class IN, no time to live. */
function recordOf(address: string): Buffer {
  const data = isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : six(address)
  const head = Buffer.from([0xc0, 12, 0, isIP(address) === 4 ? 1 : 28, 0, 1, 0, 0, 0, 0, 0, data.length])
  return Buffer.concat([head, data])
}

function six(address: string): Buffer {
  const [left = '', right = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - groups(left).length - groups(right).length }, () => '0')
  return Buffer.from([...groups(left), ...zeros, ...groups(right)].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
