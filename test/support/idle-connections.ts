import { connect } from 'node:net'

/**
 * A process of its own that opens connections to a server on this machine, hears one answer on each, and then says nothing more. So many from
 * each of some addresses of this machine, for of one address only so many are heard. It tells its parent how many it holds, whenever that changes.
 */
const [port = 0, addresses = 0, each = 0] = process.argv.slice(2).map(Number)
/** The kernel keeps no more than 511 who wait to be accepted. */
const wave = 200

let open = 0
let said = -1

function openOne(localAddress: string): Promise<void> {
  return new Promise((heard) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress })
    socket.once('connect', () => {
      open += 1
      socket.write(`GET /livez HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)
    })
    socket.once('data', () => heard())
    socket.on('error', () => undefined).once('close', () => {
      open -= 1
      heard()
    })
  })
}

setInterval(() => {
  if (open !== said) process.send?.({ open })
  said = open
}, 100)
process.once('disconnect', () => process.exit(0))

for (let address = 2; address < 2 + addresses; address += 1) {
  for (let from = 0; from < each; from += wave) {
    await Promise.all(Array.from({ length: Math.min(wave, each - from) }, () => openOne(`127.0.0.${address}`)))
  }
}
