/**
 * What came was no answer to what was asked: the connection is out of step, or something else than Redis answers there. To be read as a
 * refusal it would end the grants of honest people, and as a yes it would let a code be used twice; so it is a failure of the store.
 */
function otherThan(what: string): Error {
  return new Error(`Redis answered with something else than ${what}`)
}

/** What a look brought. */
export function value(reply: unknown): Buffer | null {
  if (reply === null || Buffer.isBuffer(reply)) return reply
  throw otherThan('a value')
}

export function isDone(reply: unknown): true {
  if (String(reply) === 'OK') return true
  throw otherThan('OK')
}

/** Whether the key was not there (`NX`). */
export function isFirst(reply: unknown): boolean {
  return reply !== null && isDone(reply)
}

/** How many of one key were removed. */
export function removed(reply: unknown): 0 | 1 {
  if (reply === 0 || reply === 1) return reply
  throw otherThan('how many keys were removed')
}

/** How many there are now. */
export function counted(reply: unknown): number {
  if (typeof reply === 'number' && Number.isSafeInteger(reply)) return reply
  throw otherThan('a count')
}

/** The milliseconds that were agreed on. */
export function moment(reply: unknown): Date {
  const at = new Date(Number(reply))
  if (reply === null || Number.isNaN(at.getTime())) throw otherThan('a moment')
  return at
}

export function list(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply
  throw otherThan('a list')
}

export function bytes(reply: unknown): Buffer {
  const found = value(reply)
  if (found === null) throw otherThan('bytes')
  return found
}

/** That an answer is to the question about this key, and not to the one before it. */
export function isAbout(name: string, reply: unknown): true {
  if (bytes(reply).equals(Buffer.from(name))) return true
  throw otherThan('the key that was asked for')
}
