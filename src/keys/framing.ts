/**
 * Joins texts so that no two different lists give the same bytes: each is preceded by its length in four bytes. Without
 * it, ('ab', 'c') and ('a', 'bc') would be the same associated data, and a sealed value could change its place.
 */
export function framed(...parts: readonly string[]): Buffer {
  const bodies = parts.map((part) => Buffer.from(part, 'utf8'))
  const frame = Buffer.allocUnsafe(bodies.reduce((sum, body) => sum + 4 + body.length, 0))
  let at = 0
  for (const body of bodies) {
    at = frame.writeUInt32BE(body.length, at)
    at += body.copy(frame, at)
  }
  return frame
}
