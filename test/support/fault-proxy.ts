import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** What goes wrong between a client and its server. */
export type Fault =
  | { is: 'nothing' }
  /** Connections stay open and nothing passes; what was sent arrives when it is over. */
  | { is: 'freeze' }
  /** What is asked arrives and is done; of the answers, those that `loses` picks are lost, and with each its connection. */
  | { is: 'lost replies'; loses: () => boolean; ending: 'cut' | 'silence' }
  /** Every connection is reset, and each new one too. */
  | { is: 'cut' }
  | { is: 'delay'; milliseconds: number }
  /** Whatever is sent is answered with these bytes, and reaches nobody. */
  | { is: 'garbage'; bytes: Buffer }

export type FaultProxy = {
  /** The address of the server, by way of here. */
  url: string
  fail: (fault: Fault) => void
  heal: () => void
  /** How many answers were lost until now. */
  lost: () => number
  /** How many connections were taken until now. */
  taken: () => number
  close: () => Promise<void>
}

/** A pair of sockets. `deaf`: an answer was lost here, and TCP never loses one and brings the next, so nothing comes from there any more. */
type Pair = { client: Socket; server: Socket; deaf: boolean }

/** A TCP proxy in front of one server, on a port of its own, that fails on demand (security goals R04, R06, R11). */
export async function openFaultProxy(url: string): Promise<FaultProxy> {
  const address = new URL(url)
  const pairs = new Set<Pair>()
  let fault: Fault = { is: 'nothing' }
  let changed = Promise.withResolvers<void>()
  let lost = 0
  let taken = 0

  function become(next: Fault): void {
    fault = next
    changed.resolve()
    changed = Promise.withResolvers<void>()
    if (next.is === 'cut') for (const pair of pairs) end(pair)
  }

  /** What becomes of a piece on its way; nothing, where it does not arrive. */
  async function passed(pair: Pair, from: 'client' | 'server', piece: Buffer): Promise<Buffer | undefined> {
    while (fault.is === 'freeze') await changed.promise
    if (fault.is === 'delay') await pause(fault.milliseconds)
    if (from === 'client') {
      if (fault.is !== 'garbage') return piece
      pair.client.write(fault.bytes)
      return undefined
    }
    if (fault.is === 'lost replies' && !pair.deaf && fault.loses()) {
      lost += 1
      pair.deaf = true
      if (fault.ending === 'cut') end(pair)
    }
    return pair.deaf ? undefined : piece
  }

  async function carry(pair: Pair, from: 'client' | 'server'): Promise<void> {
    const [source, target] = from === 'client' ? [pair.client, pair.server] : [pair.server, pair.client]
    for await (const piece of source) {
      const on = piece instanceof Buffer ? await passed(pair, from, piece) : undefined
      if (on !== undefined && target.writable) target.write(on)
    }
  }

  function end(pair: Pair): void {
    pairs.delete(pair)
    pair.client.resetAndDestroy()
    pair.server.destroy()
  }

  const listener = createServer((client) => {
    taken += 1
    if (fault.is === 'cut') return void client.resetAndDestroy()
    const pair: Pair = { client, server: connect(Number(address.port), address.hostname), deaf: false }
    pairs.add(pair)
    for (const socket of [client, pair.server]) socket.setNoDelay(true).on('error', () => end(pair))
    // Whichever side ends first, the other hears of it: half a connection is no use to anybody.
    for (const from of ['client', 'server'] as const) void carry(pair, from).then(() => end(pair), () => end(pair))
  })
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
  const through = new URL(url)
  through.port = String(portOf(listener.address()))
  through.hostname = '127.0.0.1'
  return {
    url: through.href.replace(/\/$/, ''),
    fail: become,
    heal: () => become({ is: 'nothing' }),
    lost: () => lost,
    taken: () => taken,
    async close() {
      become({ is: 'cut' })
      await new Promise((closed) => listener.close(closed))
    },
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port')
  return address.port
}
