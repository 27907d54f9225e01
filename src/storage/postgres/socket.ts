import type { Duplex } from 'node:stream'

/**
 * pg reads what arrives inside the stream's own event, and throws there when it is not the protocol (pg-protocol 1.16, parser.js): that would
 * end the process, and with it what everybody else has begun. Here it ends the connection; whoever waited on it hears so.
 */
export function steady<Stream extends Duplex>(stream: Stream): Stream {
  const emit = stream.emit.bind(stream)
  function emitSteadily(event: string | symbol, ...given: readonly unknown[]): boolean {
    if (event !== 'data') return emit(event, ...given)
    try {
      return emit(event, ...given)
    } catch (cause) {
      stream.destroy(new Error('not the protocol of PostgreSQL', { cause }))
      return true
    }
  }
  return Object.defineProperty(stream, 'emit', { value: emitSteadily })
}
